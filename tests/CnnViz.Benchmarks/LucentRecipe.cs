using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Benchmarks;

/// <summary>
/// Lucent's render_vis as published: 128 px of Fourier coefficients with uncorrelated colours, 512 steps of Adam 0.05; padded by 12
/// with grey, moved by up to 7, scaled by 0.9…1.1, turned by −10…10°, moved by up to 3, each a resampling of its own; enlarged to 224; by libtorch's
/// operators.
/// </summary>
/// <param name="filter">What it raises: the mean of the filter's map.</param>
/// <param name="seed">What the start and the transforms follow from. Lucent itself has no seed.</param>
/// <param name="asPublished">
/// Whether the whole network runs and the gradients of the weights are taken too, as Lucent does; the pictures are the same without.
/// </param>
internal sealed class LucentRecipe(CnnFilter filter, int seed, bool asPublished = false)
{
    public const int Size = 128;
    public const int FedSize = 224;
    public const int Steps = 512;

    private readonly Random _random = new(seed);
    private readonly SubGraph _graph = new(filter.Model.Graph, [filter.Layer.Node, .. asPublished ? filter.Model.Graph.Outputs : []])
    {
        UsesKernels = false,
    };

    private readonly torch.Tensor[] _weights = asPublished
        ? [.. filter.Model.Graph.Nodes.SelectMany(node => Trained(node.Operator)).Where(weight => weight.is_floating_point())]
        : [];

    /// <summary>The picture after so many steps: C×H×W, 0…1.</summary>
    public torch.Tensor Run(int steps = Steps)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var random = new torch.Generator((ulong)seed);
        var geometry = new AscentGeometry(Size, Size, 0);
        using AscentImage image = AscentImage.FromNoise(Recipe.Robust.Image, 3, geometry, [random], torch.CPU);
        using var adam = new AdamAscent(new UpdateSettings { StepSize = 0.05f, Momentum = 0.9 }, 1, nesterov: false);
        Array.ForEach(_weights, weight => weight.requires_grad_(true));
        for (int step = 0; step < steps; step++)
        {
            Step(image, adam);
        }

        Array.ForEach(_weights, weight => weight.requires_grad_(false));

        return image.ToPictures()[0].clone().MoveToOuterDisposeScope();
    }

    private void Step(AscentImage image, AdamAscent adam)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor seen = Transform(image.ToImages());
        torch.Tensor fed = interpolate(
            filter.Model.Preprocessing.Apply(seen), [FedSize, FedSize], mode: torch.InterpolationMode.Bilinear, align_corners: true);
        torch.Tensor value = _graph.RunAll(fed, redirectGradients: false, default)[0].select(1, filter.Index).mean();
        torch.Tensor gradient = torch.autograd.grad([value], [image.Variables[0], .. _weights], allow_unused: true)[0];
        using var noGradients = torch.no_grad();
        image.Change(0, adam.Change(0, gradient));
    }

    // The statistics of a batch normalization are not.
    private static IEnumerable<torch.Tensor> Trained(Operator layer) => layer is BatchNorm ? layer.Weights.Take(2) : layer.Weights;

    private torch.Tensor Transform(torch.Tensor images)
    {
        torch.Tensor padded = pad(images, [12, 12, 12, 12], value: 0.5);
        torch.Tensor scaled = Scale(Translate(padded, 8), 1 + (_random.Next(11) - 5) / 50.0);
        int angle = _random.Next(26);
        return Translate(Rotate(scaled, angle < 21 ? angle - 10 : 0), 4);
    }

    // Down and to the right by less than so many pixels; black comes in.
    private torch.Tensor Translate(torch.Tensor images, int limit)
    {
        (int across, int down) = (_random.Next(limit), _random.Next(limit));
        (long height, long width) = (images.shape[2], images.shape[3]);
        return pad(images, [across, 0, down, 0]).narrow(2, 0, height).narrow(3, 0, width);
    }

    private static torch.Tensor Scale(torch.Tensor images, double factor)
    {
        long[] size = [(long)Math.Ceiling(factor * images.shape[2]), (long)Math.Ceiling(factor * images.shape[3])];
        long down = Math.Max(0, (long)Math.Ceiling((images.shape[2] - size[0]) / 2.0));
        long across = Math.Max(0, (long)Math.Ceiling((images.shape[3] - size[1]) / 2.0));
        torch.Tensor scaled = interpolate(images, size, mode: torch.InterpolationMode.Bilinear, align_corners: true);
        return pad(scaled, [across, across, down, down]);
    }

    // Around the centre; black comes in.
    private static torch.Tensor Rotate(torch.Tensor images, double degrees)
    {
        (double sine, double cosine) = Math.SinCos(degrees * Math.PI / 180);
        double aspect = (double)images.shape[2] / images.shape[3];
        torch.Tensor map = torch.tensor(
            [(float)cosine, (float)(-sine * aspect), 0, (float)(sine / aspect), (float)cosine, 0], [1, 2, 3]);
        torch.Tensor grid = affine_grid(map, images.shape, align_corners: true);
        return grid_sample(images, grid, torch.GridSampleMode.Bilinear, torch.GridSamplePaddingMode.Zeros, align_corners: true);
    }
}
