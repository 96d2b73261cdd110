using CnnViz.Networks;

namespace CnnViz.Catalogue;

/// <summary>A trained model that somebody published: where it is, how its file is recognized, and what the network wants.</summary>
public sealed record PublishedModel
{
    private const int ShortestHash = 8;
    private const double Megabyte = 1 << 20;

    // What rounding to thousandths of a megabyte leaves open.
    private const long RoundedBy = 525;

    /// <summary>Its name in the catalogue; the plain name of an architecture means the weights that its publisher recommends.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>The publisher's name for this set of weights, such as <c>IMAGENET1K_V2</c>; null where there is one set.</summary>
    public string? Weights { get; init; }

    /// <summary>The network that the weights belong to; null where the file has the network itself.</summary>
    public string? Architecture { get; init; }

    /// <summary>The family of networks, such as <c>ResNet</c>.</summary>
    public string? Family { get; init; }

    /// <summary>Who published it: <c>torchvision</c>, <c>onnx-zoo</c>.</summary>
    public string? Publisher { get; init; }

    /// <summary>Where its file is.</summary>
    public Uri? Uri { get; init; }

    /// <summary>Length of the file in bytes; null where it is not published.</summary>
    public long? Length { get; init; }

    /// <summary>Whether the length is right to the byte, or was published as rounded megabytes.</summary>
    public bool IsLengthExact { get; init; } = true;

    /// <summary>SHA-256 of the file in hexadecimal: whole, or its first digits, as published.</summary>
    public string? Sha256 { get; init; }

    /// <summary>ONNX operator set; null for other formats.</summary>
    public int? Opset { get; init; }

    /// <summary>Number of trained values; null where it is not published.</summary>
    public long? Parameters { get; init; }

    /// <summary>What it was trained and tested on.</summary>
    public string? Dataset { get; init; }

    /// <summary>Images of the test set whose first guess is right, in percent; null where it is not published.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Images of the test set with the right class among the first five guesses, in percent; or null.</summary>
    public double? Accuracy5 { get; init; }

    /// <summary>SPDX identifier of the licence that the publisher states for it; null where none is stated.</summary>
    public string? License { get; init; }

    /// <summary>How a picture becomes the network's input; null where it is not published.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>The side that photos are resized to before they are cropped, in pixels; or null.</summary>
    public int? ResizeSize { get; init; }

    /// <summary>Height and width of the network's input in pixels; or null.</summary>
    public int? InputSize { get; init; }

    /// <summary>How photos are resized: <c>Bilinear</c>, <c>Bicubic</c>; or null.</summary>
    public string? Interpolation { get; init; }

    /// <summary><c>ONNX</c> or <c>PyTorch</c>.</summary>
    public string Format => Path.GetExtension(FileName).Equals(".onnx", StringComparison.OrdinalIgnoreCase) ? "ONNX" : "PyTorch";

    /// <summary>Name of its file, as published.</summary>
    public string FileName => Uri is { IsAbsoluteUri: true } ? Path.GetFileName(Uri.LocalPath) : string.Empty;

    /// <summary>Length of the file in megabytes of 2²⁰ bytes; or null.</summary>
    public double? SizeMB => Length / Megabyte is { } size ? Math.Round(size, size < 1 ? 3 : 1) : null;

    /// <summary>Path of its file in the cache; null where it is not there.</summary>
    public string? CachedPath => ModelCache.Find(this);

    /// <summary>Whether its file is in the cache.</summary>
    public bool IsCached => CachedPath is not null;

    /// <summary>Names of its classes in order; empty where they are not known.</summary>
    internal IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>The name with that of the weights, which stays the same when the publisher recommends others; or the name.</summary>
    internal string FullName => Weights is null ? Name : $"{Architecture}.{Weights}";

    /// <summary>Length that no file of it exceeds.</summary>
    internal long MaximalLength => Length + Tolerance ?? long.MaxValue;

    private long Tolerance => IsLengthExact ? 0 : RoundedBy;

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    /// <summary>Whether a file of a length can be this one.</summary>
    internal bool HasLength(long length) => Length is null || Math.Abs(length - Length.Value) <= Tolerance;

    /// <summary>Whether a file of a hash is this one.</summary>
    /// <param name="sha256">Its SHA-256 in hexadecimal.</param>
    internal bool HasHash(string sha256) =>
        Sha256 is { Length: >= ShortestHash } published && sha256.StartsWith(published, StringComparison.OrdinalIgnoreCase);

    /// <summary>Checks that it can be fetched safely.</summary>
    /// <exception cref="CnnVizException">It has no address or no hash, or anybody on the way could change the file.</exception>
    internal void ThrowIfNotFetchable()
    {
        if (FileName.Length == 0)
        {
            throw new CnnVizException("ModelAddressMissing", $"The model '{Name}' has no address of a file.", "Set Uri.");
        }

        if (Sha256 is not { Length: >= ShortestHash and <= 64 } || !Sha256.All(char.IsAsciiHexDigit))
        {
            throw new CnnVizException(
                "ModelHashMissing",
                $"The model '{Name}' has no SHA-256, so its file could not be checked.",
                $"Set Sha256 to the published hash, or its first {ShortestHash} digits or more.");
        }

        ThrowIfNotSafe(Uri!);
    }

    /// <summary>Checks that nobody on the way to an address can read or change what comes from there.</summary>
    /// <exception cref="CnnVizException">It is neither https nor on this machine.</exception>
    internal static void ThrowIfNotSafe(Uri address)
    {
        if (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
        {
            throw new CnnVizException(
                "ModelAddressUnsafe", $"'{address}' is not an address of https.", "Models are fetched over https only.");
        }
    }
}
