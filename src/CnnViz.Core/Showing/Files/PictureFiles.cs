using CnnViz.Pictures;
using TorchSharp;

namespace CnnViz.Showing.Files;

/// <summary>Where pictures are written: a folder, or a template such as <c>out/{Model}/{Layer}_{Filter:000}.jpg</c>.</summary>
public sealed class PictureFiles
{
    private readonly FileNames _names;
    private readonly PictureFormat _format;
    private readonly DistinctNames _distinct = new();

    /// <summary>Takes a path apart.</summary>
    /// <param name="path">Full path of a folder or a file, with or without placeholders.</param>
    /// <param name="format">The format, or null for that of the path's extension or, failing that, PNG.</param>
    /// <exception cref="CnnVizException">The extension is no format's or not that of the format, or a placeholder is not known.</exception>
    public PictureFiles(string path, PictureFormat? format)
    {
        PictureFormat? byName = FileNames.ExtensionOf(path) is { } extension
            ? PictureFormats.FromPath(extension) ?? throw FileNames.UnknownFormat(path, "a picture", PictureFormats.Extensions)
            : null;
        if (byName is not null && format is not null && byName != format)
        {
            throw new CnnVizException(
                "FormatMismatch", $"'{Path.GetFileName(path)}' is not a file name for a {format} file.", "Leave -Format or the extension out.");
        }

        _format = format ?? byName ?? PictureFormat.Png;
        _names = new FileNames(path, _format.Extension());
    }

    /// <summary>The format of the files.</summary>
    public PictureFormat Format => _format;

    /// <summary>Full path of a picture's file. Values in it are made safe: a layer's <c>/</c> becomes <c>-</c>.</summary>
    /// <exception cref="CnnVizException">The template has a placeholder that says nothing of such a picture, or a format that does not
    /// fit.</exception>
    public string PathOf(Picture picture) => _names.PathOf(picture);

    /// <summary>As <see cref="PathOf(Picture)"/>; a picture that would get the file of one before it gets another one, whose name has at its end
    /// what makes it differ from that one.</summary>
    public string TakePath(Picture picture) => _distinct.Take(PathOf(picture), picture.Names);

    /// <summary>The same for a file whose name is made of other things than a single picture's.</summary>
    /// <inheritdoc cref="FileNames.PathOf(string, IReadOnlyDictionary{string, object})" />
    internal string TakePath(string defaultName, IReadOnlyDictionary<string, object> names) =>
        _distinct.Take(_names.PathOf(defaultName, names), names);

    /// <summary>The same for a further file that belongs to one which has its name already.</summary>
    /// <param name="path">Full path that it is to have.</param>
    internal string TakePath(string path) => _distinct.Take(path, new Dictionary<string, object>());

    /// <summary>Whether the file that would be written is there already, the same to the byte.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="path">Full path of the file.</param>
    /// <param name="quality">1…100 for the formats that lose something; null for their default.</param>
    /// <param name="cancellation">Stops at the next piece of the file.</param>
    /// <exception cref="ObjectDisposedException">The pixels are gone.</exception>
    /// <exception cref="CnnVizException">The picture is to be transparent, and has no transparency; or the file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public bool Has(Picture picture, string path, int? quality, CancellationToken cancellation = default)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return WholeFile.Has(
            path,
            stream => stream.Write(ImageFile.ToFile(PictureBytes.Of(picture.Tensor(), picture.Alpha?.Invoke()), _format, quality, picture.Facts())),
            cancellation);
    }

    /// <summary>Writes a picture with its facts, whole or not at all; makes the folder if need be.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="path">Full path of the file; one that is there is replaced.</param>
    /// <param name="quality">1…100 for the formats that lose something; null for their default.</param>
    /// <param name="cancellation">Stops at the next piece of the file.</param>
    /// <exception cref="ObjectDisposedException">The pixels are gone.</exception>
    /// <exception cref="CnnVizException">The picture is to be transparent, and has no transparency; or the file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; there is no file then.</exception>
    public void Write(Picture picture, string path, int? quality, CancellationToken cancellation = default)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ImageFile.Write(picture.Tensor(), path, _format, quality, picture.Facts(), picture.Alpha?.Invoke(), cancellation);
    }
}
