using TorchSharp;

namespace CnnViz.Import.Networks;

/// <summary>A constant of a network that is being put together: its shape is known at once, its values are read when the graph is
/// built.</summary>
/// <param name="Shape">Its shape.</param>
/// <param name="Read">Reads the values; the caller owns them.</param>
internal sealed record Weight(IReadOnlyList<long> Shape, Func<torch.Tensor> Read)
{
    /// <summary>A weight that is at hand. The builder takes it over.</summary>
    public static implicit operator Weight(torch.Tensor tensor) => new(tensor.shape, () => tensor);

    /// <summary>Whole numbers, such as axes and sizes.</summary>
    public static implicit operator Weight(long[] values) => new([values.Length], () => torch.tensor(values));

    /// <summary>Numbers, such as scales.</summary>
    public static implicit operator Weight(float[] values) => new([values.Length], () => torch.tensor(values));

    /// <summary>A single number.</summary>
    public static implicit operator Weight(float value) => new([], () => torch.tensor(value));

    /// <summary>The same values in another shape.</summary>
    public Weight Reshape(params long[] shape) => new(shape, () =>
    {
        using torch.Tensor values = Read();
        return values.reshape(shape);
    });
}
