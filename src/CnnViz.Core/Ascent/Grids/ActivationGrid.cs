using System.Diagnostics;
using CnnViz.Networks;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// What a layer sees at each position of a photo: one picture, with a tile for each position that raises the direction of the activations there. The area of a
/// tile follows the activations' length (Olah et al., "The Building Blocks of Interpretability", 2018; Lucid's activation grids).
/// </summary>
/// <param name="layer">The layer.</param>
/// <param name="options">The recipe, whose size is that of a tile; the seed; and how many tiles climb at once.</param>
/// <param name="most">The most tiles side by side, and one below the other.</param>
/// <param name="cosinePower">The power of the cosine in the objective of each tile, as of <see cref="DirectionObjective"/>.</param>
public sealed class ActivationGrid(CnnLayer layer, AscentOptions options, int most, double cosinePower)
{
    /// <summary>Draws the grid of a photo.</summary>
    /// <param name="path">Full path of the photo.</param>
    /// <param name="progress">Told of every step; or null.</param>
    /// <param name="cancellation">Stops at the next step.</param>
    /// <returns>The picture, on white; the caller's to dispose.</returns>
    /// <exception cref="CnnVizException">The photo cannot be read, the layer has no maps, the model was disposed, or an option does not fit.</exception>
    /// <exception cref="ImageSizeException">The layer cannot take tiles of the size.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public FilterImage Run(string path, IProgress<AscentProgress>? progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        using IDisposable lease = layer.Model.Lease();
        var photo = PhotoActivations.Read(layer, path, most, cancellation);
        string name = $"activations({layer}, {Path.GetFileName(path)})";
        float[] lengths = [.. photo.Vectors.Select(vector => MathF.Sqrt(vector.Sum(value => value * value)))];
        int[] cells = [.. Enumerable.Range(0, lengths.Length).Where(cell => lengths[cell] > 0 && float.IsFinite(lengths[cell]))];
        if (cells.Length == 0)
        {
            throw new CnnVizException(
                "NothingActive", $"Layer '{layer}' answers nothing to '{Path.GetFileName(path)}': all activations are zero.", "Give another layer.");
        }

        float longest = cells.Max(cell => lengths[cell]);
        CnnObjective[] objectives =
            [.. cells.Select(cell => new CellObjective(new DirectionObjective(layer, photo.Vectors[cell], cosinePower, MapArea.Whole), name))];
        using DisposeScope scope = torch.NewDisposeScope();
        var climbs = new List<AscentSummary>();
        GridCanvas? canvas = null;
        Recipe recipe = options.Recipe;
        int border = 0;
        foreach (FilterImage tile in new ObjectiveAscent(objectives, options).Run(progress, cancellation))
        {
            using (tile)
            {
                int cell = cells[climbs.Count];
                (recipe, border) = (tile.Recipe, tile.Border);
                canvas ??= new GridCanvas(photo.Rows, photo.Columns, layer.Model.InputShape.Channels, recipe.Size!.Value);
                climbs.Add(AscentSummary.Of(tile));
                if (tile.HasSignal)
                {
                    canvas.Paste(cell, tile.Tensor, Math.Sqrt(lengths[cell] / longest));
                }
            }
        }

        return new FilterImage(AscentSummary.Combine(climbs, canvas!.Picture), objectives[0])
        {
            Seed = options.Seed,
            Recipe = recipe,
            Minimized = false,
            Border = border,
            InitialImage = path,
            Spectrum = recipe.Spectrum?.ToString(),
            Grid = new GridSettings(photo.Rows, photo.Columns, recipe.Size!.Value.Height, recipe.Size.Value.Width, cosinePower),
            Elapsed = clock.Elapsed,
        };
    }
}
