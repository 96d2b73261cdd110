using TorchSharp;

namespace CnnViz.Import;

/// <summary>A tensor of a weight file, which is not read yet.</summary>
/// <param name="Name">Its key, without the prefix that all keys share.</param>
/// <param name="Type">Type of what <paramref name="Read"/> gives, which is that of the file.</param>
/// <param name="Shape">Sizes, outermost first; empty for a single value.</param>
/// <param name="Read">
/// Reads it as a new contiguous tensor on the CPU, which the caller owns. Throws <see cref="ModelFormatException"/> where the file's
/// bytes are not there.
/// </param>
internal sealed record StateTensor(string Name, torch.ScalarType Type, IReadOnlyList<long> Shape, Func<torch.Tensor> Read);
