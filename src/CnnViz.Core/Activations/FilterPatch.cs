using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using CnnViz.Networks;
using CnnViz.Pictures;

namespace CnnViz.Activations;

/// <summary>The part of an image that fires a filter, as a picture.</summary>
public sealed record FilterPatch : FilterActivation
{
    [SetsRequiredMembers]
    private FilterPatch(FilterActivation activation, int rank, CnnModel model)
        : base(activation)
    {
        Rank = rank;
        LayerShape shape = model.InputShape;
        Pixels = ImageFile.Cut(ImageFile.ReadCenter(Path, shape.Channels, shape.Height, shape.Width), shape, Patch);
    }

    /// <summary>1 for the image with the largest maximum of all, 2 for the next.</summary>
    public int Rank { get; }

    /// <summary>
    /// The picture: height × width × 3, RGB, row by row; or height × width for a network that sees grey. In PowerShell it is the property Pixels;
    /// here it is no property, or ConvertTo-Json would write it number by number.
    /// </summary>
    public byte[] GetPixels() => Pixels;

    /// <inheritdoc cref="GetPixels" />
    internal byte[] Pixels { get; }

    /// <summary>Height in pixels.</summary>
    public int Height => Patch.Height;

    /// <summary>Width in pixels.</summary>
    public int Width => Patch.Width;

    /// <summary>3 for RGB, 1 for grey.</summary>
    internal int Channels => Pixels.Length / (Height * Width);

    /// <summary>Such as <c>139×139</c>: height, then width.</summary>
    public string Size => string.Create(CultureInfo.InvariantCulture, $"{Height}×{Width}");

    /// <summary>Reads the image of an activation again and cuts out what the filter saw.</summary>
    /// <param name="activation">The activation.</param>
    /// <param name="rank">Its place among the filter's activations, from 1.</param>
    /// <param name="model">The model that it was measured with.</param>
    /// <exception cref="CnnVizException">The image cannot be read any more.</exception>
    public static FilterPatch Read(FilterActivation activation, int rank, CnnModel model) => new(activation, rank, model);

    /// <summary>Such as <c>inception_4c/3x3:7 number 1 (cat.jpg, max 83.4)</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Layer}:{Filter} number {Rank} ({System.IO.Path.GetFileName(Path)}, max {Max:0.0###})");
}
