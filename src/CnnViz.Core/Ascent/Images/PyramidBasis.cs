using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// A Laplacian pyramid: the image is the sum of levels of 1, 1/2, 1/4… of its size, each enlarged to full size. An equal step in every
/// level changes coarse structure as easily as fine.
/// </summary>
internal sealed class PyramidBasis : IImageBasis
{
    private readonly torch.Tensor[] _levels;
    private readonly long[] _size;

    /// <param name="start">N×C×H×W raw values to start from; the finest level's, while the others begin at 0. Copied.</param>
    /// <param name="levels">Number of levels, at least 1; levels of less than 4 pixels a side are left out.</param>
    public PyramidBasis(torch.Tensor start, int levels)
    {
        _size = [start.shape[2], start.shape[3]];
        long count = Enumerable.Range(0, levels).TakeWhile(level => level == 0 || Math.Min(_size[0], _size[1]) >> level >= 4).Count();
        _levels = [.. Enumerable.Range(0, (int)count).Select(level => Level(start, level).DetachFromDisposeScope().requires_grad_())];
    }

    public IReadOnlyList<torch.Tensor> Variables => _levels;

    public torch.Tensor Synthesize() => _levels
        .Select(level => level.shape[2] == _size[0] && level.shape[3] == _size[1]
            ? level
            : torch.nn.functional.interpolate(level, _size, mode: torch.InterpolationMode.Bilinear, align_corners: false))
        .Aggregate((sum, level) => sum.Add(level));

    public void Dispose()
    {
        foreach (torch.Tensor level in _levels)
        {
            level.Dispose();
        }
    }

    private static torch.Tensor Level(torch.Tensor start, int level) => level == 0
        ? start.clone()
        : torch.zeros(
            [start.shape[0], start.shape[1], RoundUp(start.shape[2], level), RoundUp(start.shape[3], level)], device: start.device);

    private static long RoundUp(long length, int level) => (length + (1L << level) - 1) >> level;
}
