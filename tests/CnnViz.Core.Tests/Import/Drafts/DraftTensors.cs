using CnnViz.Import;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Tests.Import.Drafts;

/// <summary>Weights of networks that have no name.</summary>
internal static class DraftTensors
{
    /// <summary>Random tensors by layers: a name, then the shape of its weight; those of normalizations and of all biases come with it.</summary>
    /// <param name="layers">Such as <c>conv1 8×3×3×3</c>, <c>bn1 8</c>, <c>prelu1 1!</c> for a slope.</param>
    public static StateDict Of(params string[] layers) => new([.. layers.SelectMany((layer, i) => Tensors(layer.Split(' '), i))], "test");

    /// <summary>The values of a tensor.</summary>
    public static torch.Tensor Get(this StateDict tensors, string key) =>
        tensors.TryGet(key, out StateTensor? tensor) ? tensor.Read() : throw new ArgumentException(key);

    /// <summary>Convolution by the layer's weights.</summary>
    public static torch.Tensor Conv(this torch.Tensor x, StateDict tensors, string name, long stride = 1, long padding = 0, long groups = 1) =>
        conv2d(
            x,
            tensors.Get($"{name}.weight"),
            tensors.TryGet($"{name}.bias", out StateTensor? bias) ? bias.Read() : null,
            strides: [stride, stride],
            padding: [padding, padding],
            groups: groups);

    /// <summary>Dense layer by the layer's weights.</summary>
    public static torch.Tensor Dense(this torch.Tensor x, StateDict tensors, string name) =>
        linear(x, tensors.Get($"{name}.weight"), tensors.Get($"{name}.bias"));

    /// <summary>Normalization by the layer's statistics, by its definition.</summary>
    public static torch.Tensor Norm(this torch.Tensor x, StateDict tensors, string name, double epsilon = 1e-5)
    {
        long[] shape = x.dim() == 4 ? [1, -1, 1, 1] : [1, -1];
        torch.Tensor Part(string part) => tensors.Get($"{name}.{part}").reshape(shape);
        return (x - Part("running_mean")) / (Part("running_var") + epsilon).sqrt() * Part("weight") + Part("bias");
    }

    /// <summary>Largest value of each two by two pixels.</summary>
    public static torch.Tensor Pool(this torch.Tensor x) => max_pool2d(x, 2);

    private static IEnumerable<StateTensor> Tensors(string[] words, int seed)
    {
        (string name, string shape) = (words[0], words[1]);
        long[] sizes = [.. shape.TrimEnd('!').Split('×').Select(long.Parse)];
        yield return Random($"{name}.weight", sizes, seed);
        if (shape.EndsWith('!'))
        {
            yield break;
        }

        yield return Random($"{name}.bias", [words.Length > 2 ? long.Parse(words[2]) : sizes[0]], seed + 100);
        if (sizes.Length == 1)
        {
            yield return Random($"{name}.running_mean", sizes, seed + 200);
            yield return Random($"{name}.running_var", sizes, seed + 300, isPositive: true);
        }
    }

    private static StateTensor Random(string name, long[] shape, int seed, bool isPositive = false) => new(name, torch.ScalarType.Float32, shape, () =>
    {
        using var generator = new torch.Generator((ulong)seed, torch.CPU);
        torch.Tensor values = torch.randn(shape, generator: generator) * (shape.Length > 1 ? Math.Sqrt(2.0 * shape[0] / shape.Aggregate((a, b) => a * b)) : 0.3);
        return isPositive ? values.abs() + 0.5 : values;
    });
}
