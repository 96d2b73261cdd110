using CnnViz.Ascent;
using CnnViz.Networks;
using TorchSharp;

namespace CnnViz.Tests.Pictures;

/// <summary>Pictures without an ascent.</summary>
internal static class TestImages
{
    public static FilterImageFacts Facts { get; } = new()
    {
        Model = "net",
        ModelSha256 = new string('a', 64),
        Objective = "conv1/relu:3",
        Layer = "conv1/relu",
        Filter = 3,
        ClassName = "tabby, tabby cat",
        Activation = 12.345678f,
        Activations = [0.1f, null, 7e-12f],
        Status = AscentStatus.Converged,
        Rescue = AscentRescue.Redirected | AscentRescue.Restarted,
        Minimized = true,
        Seed = long.MinValue,
        Recipe = "Natural",
        Steps = 3,
        Tolerance = 0.01,
        Image = new() { Parameter = ImageParameter.Phase, Range = ImageRange.Sigmoid, Contrast = 0.15f, Decay = 1.25 },
        Views = new() { CropFrom = 0.5, CropTo = 0.35, Noise = 0.02, Edge = EdgeMode.Grey },
        Penalties = new() { Rivals = 1 },
        Update = new() { Rule = UpdateRule.NAdam, StepSize = 0.05f, Schedule = StepSchedule.Cosine },
        Dream = new() { Octaves = 3 },
        Border = 2,
        InitialImage = "photo of a \"cat\".jpg",
        Spectrum = "2 pictures: a.jpg, b.jpg",
        Preprocessing = "Caffe (BGR, 0…255, minus 104, 117, 123)",
        Height = 1,
        Width = 1,
    };

    /// <summary>A picture of noise.</summary>
    public static FilterImage Noise(int channels = 3, int height = 11, int width = 17, bool transparency = false, FilterImageFacts? facts = null)
    {
        using var random = new torch.Generator(5);
        torch.Tensor pixels = (torch.rand([channels, height, width], generator: random) * 255).round() / 255;
        torch.Tensor? alpha = transparency ? (torch.rand([height, width], generator: random) * 255).round() / 255 : null;
        return new FilterImage(pixels, alpha, (facts ?? Facts) with { Height = height, Width = width }, "/nowhere.png");
    }
}
