namespace CnnViz.Import.PyTorch;

/// <summary>A tensor of whole numbers that stand for others: each for its difference from a zero point, times a scale.</summary>
/// <param name="Values">The whole numbers.</param>
/// <param name="Code">
/// A scheme, a scale and a zero point; or a scheme, tensors of both for each part of the tensor along an axis, and the axis.
/// </param>
internal sealed record QuantizedTensor(TorchTensor Values, object?[] Code);
