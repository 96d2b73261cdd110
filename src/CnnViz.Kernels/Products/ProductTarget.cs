namespace CnnViz.Kernels;

/// <summary>Where the sums of a product go, and what becomes of them there.</summary>
internal unsafe struct ProductTarget
{
    /// <summary>The first output of each row.</summary>
    public float** Rows;

    /// <summary>What sums begin with; null for zero.</summary>
    public float* Bias;

    /// <summary>Whether to add to what is there.</summary>
    public bool Accumulate;

    /// <summary>Whether sums are gradients, of which only those count whose values lie between the two below.</summary>
    public bool Passes;

    /// <summary>Where those values lie, counted from the outputs.</summary>
    public nint Distance;

    /// <summary>What such values are above.</summary>
    public float Above;

    /// <summary>What such values are below.</summary>
    public float Below;

    /// <summary>What outputs are not to be below.</summary>
    public float Low;

    /// <summary>What outputs are not to be above.</summary>
    public float High;
}
