using System.Globalization;
using System.Text.Json.Serialization;
using CnnViz.Ascent;

namespace CnnViz.Showing.Atlas.Data;

/// <summary>The facts of a picture. Its pixels are a file of the atlas, unless it shows nothing.</summary>
internal sealed record AtlasPicture
{
    // Enough for a curve of a few hundred pixels.
    private const int CurvePoints = 256;

    public required string Recipe { get; init; }

    /// <summary>The numbers of the recipe, as name and value.</summary>
    public required IReadOnlyList<AtlasNumber> Numbers { get; init; }

    public required long Seed { get; init; }

    public bool Minimized { get; init; }

    public required AscentStatus Status { get; init; }

    public AscentRescue Rescue { get; init; }

    /// <summary>Why it shows nothing, and what to try; null where it shows something.</summary>
    public string? Reason { get; init; }

    /// <summary>The activation of the saved picture; null where it is no number.</summary>
    public float? Activation { get; init; }

    /// <summary>Number of steps that were taken.</summary>
    public int Steps { get; init; }

    /// <summary>The activation at every <see cref="Stride"/>th step; null where it is no number.</summary>
    public required IReadOnlyList<float?> Curve { get; init; }

    /// <summary>How many steps lie between two values of the curve.</summary>
    public int Stride { get; init; } = 1;

    public required int Height { get; init; }

    public required int Width { get; init; }

    /// <summary>How many channels lie side by side in the file: all where they are no colours, else 1.</summary>
    public int Parts { get; init; } = 1;

    /// <summary>Width of the file's picture in pixels.</summary>
    [JsonIgnore]
    public int FileWidth => Width * Parts;

    public int Border { get; init; }

    /// <summary>File name of the picture that the ascent began with; null where it was noise.</summary>
    public string? InitialImage { get; init; }

    /// <summary>For phases: what the magnitudes are of; null where they are those of natural images.</summary>
    public string? Spectrum { get; init; }

    /// <summary>What <see cref="PictureSignature"/> says of its looks; null where it shows nothing.</summary>
    public byte[]? Signature { get; init; }

    /// <summary>2 for the second picture of one recipe's name, seed and beginning that was made with other numbers, and so on; else 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Variant { get; init; }

    /// <summary>
    /// A name that no other picture of the filter has: those of one recipe, seed and beginning are one picture, unless they came together and with
    /// other numbers.
    /// </summary>
    [JsonIgnore]
    public string Key => AtlasAddress.Of(string.Create(
        CultureInfo.InvariantCulture,
        $"{Recipe.ToLowerInvariant()}-{Seed}{(Minimized ? "-lowered" : string.Empty)}{(InitialImage is null ? string.Empty : $"-{InitialImage}")}{(Variant > 1 ? $"-{Variant}" : string.Empty)}"));

    /// <summary>The facts of a picture.</summary>
    /// <param name="image">The picture, which is not disposed.</param>
    /// <param name="signature">Its signature; null where it shows nothing.</param>
    public static AtlasPicture Of(FilterImage image, byte[]? signature)
    {
        int count = image.Activations.Count;
        int stride = Math.Max(1, (count + CurvePoints - 1) / CurvePoints);
        return new AtlasPicture
        {
            Recipe = image.Recipe.Name,
            Numbers = AtlasNumber.Of(image.Recipe),
            Seed = image.Seed,
            Minimized = image.Minimized,
            Status = image.Status,
            Rescue = image.Rescue,
            Reason = image.WhyNoSignal,
            Activation = Rounded(image.Activation),
            Steps = count,
            Curve = [.. Enumerable.Range(0, (count + stride - 1) / stride).Select(i => Rounded(image.Activations[i * stride]))],
            Stride = stride,
            Height = image.Height,
            Width = image.Width,
            Parts = image.Tensor.shape[0] is var channels and not 3 ? (int)channels : 1,
            Border = image.Border,
            InitialImage = image.InitialImage is null ? null : Path.GetFileName(image.InitialImage),
            Spectrum = image.Spectrum,
            Signature = signature,
        };
    }

    // Five digits are more than a page shows.
    private static float? Rounded(float value) => float.IsFinite(value)
        ? float.Parse(value.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : null;
}
