using TorchSharp;

namespace CnnViz.Tests;

/// <summary>What tests that look for leaks count.</summary>
internal static class NativeTensors
{
    /// <summary>How many tensors there are, once those that earlier tests have left to the finalizers are gone.</summary>
    public static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
