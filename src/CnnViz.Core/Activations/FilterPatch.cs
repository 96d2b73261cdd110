using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using CnnViz.Networks;
using CnnViz.Pictures;

namespace CnnViz.Activations;

/// <summary>The part of an image that fires a filter, as a picture.</summary>
public sealed record FilterPatch : ActivationPicture
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

    /// <inheritdoc />
    public override int Height => Patch.Height;

    /// <inheritdoc />
    public override int Width => Patch.Width;

    /// <inheritdoc />
    internal override byte[] Pixels { get; }

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
