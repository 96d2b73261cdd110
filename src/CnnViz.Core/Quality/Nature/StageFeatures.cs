using CnnViz.Activations;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Quality;

/// <summary>
/// What a network makes of a part of a picture: at the end of each of its stages, between which maps become smaller, the mean of each channel over
/// the positions whose centres lie in that part.
/// </summary>
internal sealed class StageFeatures
{
    // Of a network that is asked for its opinion, the deepest stages: the first ones answer to colours and edges only.
    private const int JudgedStages = 3;

    private readonly CnnModel _model;
    private readonly CnnLayer[] _stages;
    private readonly SubGraph _graph;

    private StageFeatures(CnnModel model, CnnLayer[] stages)
    {
        (_model, _stages) = (model, stages);
        _graph = model.Graph.SubGraph([.. stages.Select(stage => stage.Node)]);
    }

    /// <summary>Number of stages.</summary>
    public int Count => _stages.Length;

    /// <summary>The stages that lead to a layer, and the layer itself, which is the last.</summary>
    public static StageFeatures UpTo(CnnLayer layer)
    {
        SubGraph way = layer.Model.Graph.SubGraph(layer.Node);
        return new StageFeatures(layer.Model, [.. Ends(layer.Model.Layers.Where(each => each.Node < layer.Node && way.Contains(each.Node))), layer]);
    }

    /// <summary>The last stages of a network, before its maps come to an end.</summary>
    /// <param name="judge">The network.</param>
    /// <param name="channels">Number of channels of the pictures.</param>
    /// <exception cref="CnnVizException">It has no maps, or takes pictures with other channels.</exception>
    public static StageFeatures Of(CnnModel judge, int channels)
    {
        SubGraph way = judge.Graph.SubGraph(judge.Graph.Outputs[0]);
        CnnLayer[] ends = [.. Ends(judge.Layers.Where(each => way.Contains(each.Node)))];
        return ends.Length > 0 && judge.InputShape.Channels == channels
            ? new StageFeatures(judge, ends[^Math.Min(JudgedStages, ends.Length)..])
            : throw new CnnVizException("JudgeUnsuitable", $"'{judge.Name}' has no layer with maps, or does not take images with {channels} channels.", "Give another convolutional network as -Judge.");
    }

    /// <summary>Runs a picture.</summary>
    /// <param name="picture">C×H×W, 0…1.</param>
    /// <param name="cancellation">Stops between two operations.</param>
    /// <returns>The output of each stage: 1×C×H×W, or 1×C; they belong to the caller's dispose scope.</returns>
    /// <exception cref="ImageSizeException">The network cannot take a picture of this size.</exception>
    public torch.Tensor[] Run(torch.Tensor picture, CancellationToken cancellation)
    {
        using IDisposable lease = _model.Lease();
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        torch.Tensor input = _model.Preprocessing.Apply(picture.unsqueeze(0).to(_model.TorchDevice));
        return [.. _graph.RunAll(input, redirectGradients: false, cancellation).Select(output => output.MoveToOuterDisposeScope())];
    }

    /// <summary>The features of a part of a picture.</summary>
    /// <param name="outputs">What <see cref="Run"/> made of the picture.</param>
    /// <param name="window">The part.</param>
    /// <returns>For each stage, a value for each channel.</returns>
    public double[][] At(torch.Tensor[] outputs, PictureWindow window)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return [.. outputs.Select((output, stage) => Mean(output, MapGrid.Of(_stages[stage]), window).ToDoubles())];
    }

    private static torch.Tensor Mean(torch.Tensor output, MapGrid grid, PictureWindow window)
    {
        if (output.dim() != 4)
        {
            return output[0];
        }

        (int top, int rows) = Positions(window.Row, window.Height, grid.Top, grid.StrideHeight, output.shape[2]);
        (int left, int columns) = Positions(window.Column, window.Width, grid.Left, grid.StrideWidth, output.shape[3]);
        return output[0].narrow(1, top, rows).narrow(2, left, columns).mean([1, 2]);
    }

    // The positions whose centres lie in the window, or the nearest one.
    private static (int First, int Count) Positions(double centre, double length, double start, double stride, long count)
    {
        double At(double pixel) => (pixel - start) / stride;
        double first = Math.Ceiling(At(centre - length / 2));
        double last = Math.Floor(At(centre + length / 2));
        if (last < first)
        {
            first = last = Math.Round(At(centre));
        }

        int from = (int)Math.Clamp(first, 0, count - 1);
        return (from, (int)Math.Clamp(last, from, count - 1) - from + 1);
    }

    // The last layer of each size of map.
    private static IEnumerable<CnnLayer> Ends(IEnumerable<CnnLayer> layers) => layers
        .Where(layer => layer.HasMaps && layer.Filters > 1)
        .GroupBy(layer => (layer.OutputShape.Height, layer.OutputShape.Width))
        .Select(stage => stage.MaxBy(layer => layer.Node)!)
        .OrderBy(layer => layer.Node);
}
