using System.Text.Json.Serialization;

namespace CnnViz.Ascent;

/// <summary>What an ascent changes.</summary>
public enum ImageParameter : long
{
    /// <summary>The pixels.</summary>
    Pixels,

    /// <summary>The coefficients of a Fourier transform, weighted by 1/frequency^decay.</summary>
    Fourier,

    /// <summary>The levels of a Laplacian pyramid.</summary>
    Pyramid,

    /// <summary>The phases of a Fourier transform whose magnitudes are fixed.</summary>
    Phase,
}

/// <summary>How raw values become the colours of a picture, 0…1.</summary>
public enum ImageRange : long
{
    /// <summary>Values may leave the range on the way; the finished picture is brought back and clipped.</summary>
    Free,

    /// <summary>Values are clipped at every step; a gradient still brings back what was cut off.</summary>
    Clip,

    /// <summary>The logistic function: 0…1 is never left.</summary>
    Sigmoid,
}

/// <summary>The image parameter of a recipe. Values of pixels are in units of the picture's range: 1 is the way from black to white.</summary>
public sealed record ImageSettings
{
    /// <summary>What is changed.</summary>
    [Setting("ImageParameter")]
    public ImageParameter Parameter { get; init; } = ImageParameter.Pixels;

    /// <summary>How raw values become colours.</summary>
    [Setting("ImageRange")]
    public ImageRange Range { get; init; } = ImageRange.Free;

    /// <summary>Whether the raw values stand for colours without correlation in natural images; for pictures of three channels only.</summary>
    [Setting(nameof(DecorrelateColors))]
    public bool DecorrelateColors { get; init; }

    /// <summary>For <see cref="ImageParameter.Fourier"/>: the power of the frequency by which coefficients weigh less.</summary>
    [Setting(nameof(Decay), 0, 4)]
    public double Decay { get; init; } = 1;

    /// <summary>For <see cref="ImageParameter.Pyramid"/>: number of levels.</summary>
    [Setting(nameof(Levels), 1, 16)]
    public int Levels { get; init; } = 5;

    /// <summary>
    /// The start: standard deviation of the normally distributed variables. The phases of <see cref="ImageParameter.Phase"/> are those of
    /// white noise however strong it is.
    /// </summary>
    [Setting(nameof(InitialNoise), 0, 100)]
    public float InitialNoise { get; init; } = 0.01f;

    /// <summary>Standard deviation that the finished picture's values get around 0.5; null to leave them.</summary>
    [Setting(nameof(Contrast), double.Epsilon, 1)]
    public float? Contrast { get; init; }

    /// <summary>
    /// Percentage of the finished picture's values that is clipped at either end when the rest is stretched to 0…1; 0 to leave it.
    /// </summary>
    [Setting(nameof(Stretch), 0, 45)]
    public double Stretch { get; init; }

    /// <summary>
    /// Width of the border that is cut off after the ascent, as a share of the picture's side; rounded to a multiple of the layer's
    /// stride.
    /// </summary>
    [Setting(nameof(Border), 0, 1)]
    public double Border { get; init; }

    /// <summary>That width in pixels, as it is; null for what <see cref="Border"/> comes to.</summary>
    [Setting(nameof(BorderPixels), 0, 4096)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? BorderPixels { get; init; }

    /// <summary>The settings with what the border came to.</summary>
    /// <param name="pixels">Its width.</param>
    internal ImageSettings WithBorder(int pixels) => this with { BorderPixels = pixels == 0 && Border == 0 ? null : pixels };

    /// <summary>All of its numbers, by the names of settings.</summary>
    public override string ToString() => RecipeText.OfPart(this);
}
