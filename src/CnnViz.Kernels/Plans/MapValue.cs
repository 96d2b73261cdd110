namespace CnnViz.Kernels;

/// <summary>A value of a plan that is being built: the image, or what an operation makes.</summary>
public sealed class MapValue
{
    internal MapValue(KernelPlanBuilder owner, MapShape shape) => (Owner, Shape) = (owner, shape);

    /// <summary>Its size.</summary>
    public MapShape Shape { get; }

    internal KernelPlanBuilder Owner { get; }
}
