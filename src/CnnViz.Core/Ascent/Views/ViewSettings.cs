namespace CnnViz.Ascent;

/// <summary>What lies beyond the edge of the image.</summary>
public enum EdgeMode : long
{
    /// <summary>The image, reflected.</summary>
    Reflect,

    /// <summary>The outermost pixels, repeated.</summary>
    Repeat,

    /// <summary>Middle grey.</summary>
    Grey,

    /// <summary>The image, from its other side: it is a tile of an endless pattern, and views begin anywhere in it.</summary>
    Wrap,
}

/// <summary>
/// The random views of a recipe: at each step the network sees the image moved, scaled, turned and covered with noise, so that only what
/// survives all that can grow. Where views are crops, each is a part of the image, resampled to the size of views. Lengths are shares of
/// the image's smaller side.
/// </summary>
public sealed record ViewSettings
{
    /// <summary>Views of an image at each step; their mean is raised.</summary>
    [Setting("Views", 1, 256)]
    public int Count { get; init; } = 1;

    /// <summary>Height of views in pixels; 0 for the image's own or, where they are crops, for what suits the layer.</summary>
    [Setting("ViewSize", 0, 16384)]
    public int Height { get; init; }

    /// <summary>Width of views in pixels; 0 as for the height.</summary>
    [Setting("ViewSize", 0, 16384)]
    public int Width { get; init; }

    /// <summary>Mean side of crops at the first step; 1 here and at the last step for views of the whole image.</summary>
    [Setting("Crop", 0.05, 1)]
    public double CropFrom { get; init; } = 1;

    /// <summary>Mean side of crops at the last step; between, it goes in a straight line.</summary>
    [Setting("Crop", 0.05, 1)]
    public double CropTo { get; init; } = 1;

    /// <summary>Standard deviation of the side of crops, which is normally distributed, but never below 0.05 and never above 1.</summary>
    [Setting(nameof(CropSpread), 0, 1)]
    public double CropSpread { get; init; } = 0.05;

    /// <summary>Standard deviation of the centre of crops around the image's, as a share of its height and of its width.</summary>
    [Setting(nameof(CropShift), 0, 1)]
    public double CropShift { get; init; } = 0.15;

    /// <summary>The image moves by up to this share of its size, in both directions.</summary>
    [Setting(nameof(Jitter), 0, 1)]
    public double Jitter { get; init; }

    /// <summary>The image is scaled by at least this factor.</summary>
    [Setting("Zoom", 0.05, 20)]
    public double MinZoom { get; init; } = 1;

    /// <summary>The image is scaled by at most this factor.</summary>
    [Setting("Zoom", 0.05, 20)]
    public double MaxZoom { get; init; } = 1;

    /// <summary>The image turns by up to as many degrees either way.</summary>
    [Setting(nameof(Rotation), 0, 180)]
    public double Rotation { get; init; }

    /// <summary>Standard deviation of the noise on each value.</summary>
    [Setting(nameof(Noise), 0, 10)]
    public double Noise { get; init; }

    /// <summary>The share of views of the image as it is after JPEG compression, 0…1.</summary>
    [Setting(nameof(Compressed), 0, 1)]
    public double Compressed { get; init; }

    /// <summary>The quality of that compression, 1…100.</summary>
    [Setting(nameof(CompressionQuality), 1, 100)]
    public int CompressionQuality { get; init; } = 75;

    /// <summary>What comes into view from beyond the edge.</summary>
    [Setting(nameof(Edge))]
    public EdgeMode Edge { get; init; } = EdgeMode.Reflect;

    /// <summary>All of its numbers, by the names of settings.</summary>
    public override string ToString() => RecipeText.OfPart(this);

    /// <summary>Whether views are crops.</summary>
    internal bool IsCropped => CropFrom < 1 || CropTo < 1;

    /// <summary>Whether the geometry of every view is the image's own.</summary>
    internal bool IsStill => Jitter == 0 && MinZoom == 1 && MaxZoom == 1 && Rotation == 0 && !IsCropped && Height == 0 && Edge != EdgeMode.Wrap;
}
