using CnnViz.Pictures;
using TorchSharp;

namespace CnnViz.Showing.Files;

/// <summary>Where pictures are written: a folder, or a template such as <c>out/{Model}/{Layer}_{Filter:000}.jpg</c>.</summary>
public sealed class PictureFiles
{
    private readonly FileNames _names;
    private readonly PictureFormat _format;

    /// <summary>Takes a path apart.</summary>
    /// <param name="path">Full path of a folder or a file, with or without placeholders.</param>
    /// <param name="format">The format, or null for that of the path's extension or, failing that, PNG.</param>
    /// <exception cref="CnnVizException">Extension and format contradict each other, or a placeholder is not known.</exception>
    public PictureFiles(string path, PictureFormat? format)
    {
        PictureFormat? byName = PictureFormats.FromPath(path);
        if (byName is not null && format is not null && byName != format)
        {
            throw new CnnVizException(
                "FormatMismatch", $"'{Path.GetFileName(path)}' is not a file name for a {format} file.", "Leave -Format or the extension out.");
        }

        _format = format ?? byName ?? PictureFormat.Png;
        _names = new FileNames(path, _format.Extension(), byName is not null);
    }

    /// <summary>The format of the files.</summary>
    public PictureFormat Format => _format;

    /// <summary>Full path of a picture's file. Values in it are made safe: a layer's <c>/</c> becomes <c>-</c>.</summary>
    /// <exception cref="CnnVizException">The template has a placeholder that says nothing of such a picture, or a format that does not
    /// fit.</exception>
    public string PathOf(Picture picture) => _names.PathOf(picture);

    /// <inheritdoc cref="FileNames.PathOf(string, IReadOnlyDictionary{string, object})" />
    internal string PathOf(string defaultName, IReadOnlyDictionary<string, object> names) => _names.PathOf(defaultName, names);

    /// <summary>Whether the file that would be written is there already, the same to the byte.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="path">Full path of the file.</param>
    /// <param name="quality">1…100 for the formats that lose something; null for their default.</param>
    /// <exception cref="ObjectDisposedException">The pixels are gone.</exception>
    /// <exception cref="CnnVizException">The picture is to be transparent, and has no transparency.</exception>
    public bool Has(Picture picture, string path, int? quality)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using DisposeScope scope = torch.NewDisposeScope();
        var pixels = PictureBytes.Of(picture.Tensor(), picture.Alpha?.Invoke());
        return ImageFile.ToFile(pixels, _format, quality, picture.Facts()).AsSpan().SequenceEqual(File.ReadAllBytes(path));
    }

    /// <summary>Writes a picture with its facts, whole or not at all; makes the folder if need be.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="path">Full path of the file; one that is there is replaced.</param>
    /// <param name="quality">1…100 for the formats that lose something; null for their default.</param>
    /// <exception cref="ObjectDisposedException">The pixels are gone.</exception>
    /// <exception cref="CnnVizException">The picture is to be transparent, and has no transparency.</exception>
    public void Write(Picture picture, string path, int? quality)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ImageFile.Write(picture.Tensor(), path, _format, quality, picture.Facts(), picture.Alpha?.Invoke());
    }
}
