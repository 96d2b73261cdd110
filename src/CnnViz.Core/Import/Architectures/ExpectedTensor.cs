namespace CnnViz.Import.Architectures;

/// <summary>A tensor that an architecture wants.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Shape">Its shape; null for sizes that the file decides.</param>
/// <param name="Found">The tensor of that key, or null.</param>
internal sealed record ExpectedTensor(string Key, IReadOnlyList<long?> Shape, StateTensor? Found)
{
    /// <summary>Whether there is one of the right shape that has real numbers.</summary>
    public bool Fits => Found is not null
        && TorchSharp.torch.is_floating_point(Found.Type)
        && Found.Shape.Count == Shape.Count
        && Found.Shape.Zip(Shape, (size, wanted) => wanted is null || size == wanted).All(isSo => isSo);
}
