using System.Security.Cryptography;
using CnnViz.Pictures.Codecs;

namespace CnnViz.Pictures;

/// <summary>A picture file in memory: what it says of itself, and its pixels when they are asked for. Nothing in it is trusted.</summary>
internal sealed class PictureFile
{
    private readonly byte[] _file;
    private readonly string _name;
    private readonly PictureHeader _header;

    /// <param name="file">The file.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="CnnVizException">It is no picture of the six formats (PictureUnreadable), or larger than what is read
    /// (PictureTooLarge).</exception>
    public PictureFile(byte[] file, string name)
    {
        (_file, _name) = (file, name);
        _header = PictureDecoder.ReadHeader(file, name);
    }

    /// <summary>Whether it has several frames.</summary>
    public bool HasFrames => _header.Frames > 1;

    /// <summary>Its SHA-256, in lower-case hexadecimal.</summary>
    public string Sha256 => Convert.ToHexString(SHA256.HashData(_file)).ToLowerInvariant();

    /// <summary>What was written into it beside the pixels, or somebody's description of a photo; null where there is none.</summary>
    public string? Text => PictureDecoder.Guard(_name, () => PictureText.Read(_file, PictureFacts.Key));

    /// <summary>Reads a file.</summary>
    /// <param name="path">Path of the file: PNG, JPEG, WebP, TIFF, GIF or BMP.</param>
    /// <exception cref="CnnVizException">There is no such file, it is no picture of the six formats (PictureUnreadable), or larger than what
    /// is read (PictureTooLarge).</exception>
    public static PictureFile Open(string path) => new(PictureDecoder.ReadFile(path), path);

    /// <summary>The pixels of its first picture, upright: RGB, with transparency where the file has a channel for it.</summary>
    /// <param name="cancellation">Cancels the decoding.</param>
    /// <exception cref="CnnVizException">They cannot be decoded (PictureUnreadable).</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public PictureBytes Decode(CancellationToken cancellation = default)
    {
        DecodedPicture decoded = PictureDecoder.Decode(_file, _name, cancellation);
        var picture = new PictureBytes(decoded.Rgba, decoded.Height, decoded.Width, 3, true);
        return _header.HasAlpha || !picture.IsOpaque ? picture : picture.WithoutAlpha();
    }

    /// <summary>The pixels of its first picture, upright, on white where it is transparent.</summary>
    /// <param name="depth">3 for RGB, 1 for grey.</param>
    /// <exception cref="CnnVizException">They cannot be decoded (PictureUnreadable).</exception>
    public PictureBytes Decode(int depth)
    {
        PictureBytes picture = Decode().OnWhite();
        return depth == 1 ? picture.ToGrey() : picture;
    }
}
