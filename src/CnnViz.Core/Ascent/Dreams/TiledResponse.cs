using CnnViz.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>An objective's value and gradient for a picture of any size, tile by tile.</summary>
/// <param name="objective">The objective.</param>
/// <param name="tiling">How pictures are cut.</param>
/// <param name="cancellation">Stops between two operations.</param>
internal sealed class TiledResponse(CnnObjective objective, DreamTiling tiling, CancellationToken cancellation)
{
    private readonly ObjectiveResponse _response = new(objective.Layers);

    /// <summary>The objective's value and its gradient.</summary>
    /// <param name="image">1×C×H×W, 0…1.</param>
    /// <param name="gradient">1×C×H×W; gets the gradient.</param>
    /// <param name="pictures">What is compared with, as large as the image.</param>
    /// <param name="draws">Four random numbers, 0…1: where the tiles lie.</param>
    /// <param name="report">Told of each tile the number of pixels that are done with it.</param>
    /// <returns>The value, the mean over the tiles by what they are for; and the gradient's mean absolute value.</returns>
    public (float Value, float Magnitude) Differentiate(
        torch.Tensor image, torch.Tensor gradient, ComparedPictures pictures, float[] draws, Action<long> report)
    {
        double magnitude = 0;
        float value = Average(image, draws, report, (tile, share) =>
        {
            (float[] values, torch.Tensor seen) = _response.Differentiate(
                tile.See(image),
                [objective],
                _response.Compare(pictures, tile.See, cancellation),
                redirectGradients: false,
                cancellation);

            // A tile's value is a mean over what it sees: the larger it is, the less of it is one pixel's.
            torch.Tensor own = tile.OwnOf(seen).Mul((double)tile.SeenPixels / (image.shape[2] * image.shape[3]));
            tile.PlaceIn(gradient).copy_(own);
            magnitude += share * GradientScale.Magnitudes(own, GradientNormalization.MeanAbsolute)[0];
            return values[0];
        });
        return (value, (float)magnitude);
    }

    /// <summary>
    /// The objective's value for an image as it will be saved, rounded to 8 bits. Parameters as of <see cref="Differentiate"/>.
    /// </summary>
    public float Evaluate(torch.Tensor image, ComparedPictures pictures, Action<long> report)
    {
        using var noGradients = torch.no_grad();
        return Average(image, new float[DreamTiling.Draws], report, (tile, _) => _response.Evaluate(
            tile.See(image).Mul(255).round().Div(255),
            [objective],
            _response.Compare(pictures, tile.See, cancellation),
            redirectGradients: false,
            cancellation).ToFloats()[0]);
    }

    private float Average(torch.Tensor image, float[] draws, Action<long> report, Func<DreamTile, double, float> evaluate)
    {
        double value = 0;
        var size = new Extent(image.shape[2], image.shape[3]);
        foreach (DreamTile tile in tiling.Cut(size, draws))
        {
            using DisposeScope scope = torch.NewDisposeScope();
            cancellation.ThrowIfCancellationRequested();
            double share = (double)tile.Pixels / (size.Height * size.Width);
            value += share * evaluate(tile, share);
            report(tile.Pixels);
        }

        cancellation.ThrowIfCancellationRequested();
        return (float)value;
    }
}
