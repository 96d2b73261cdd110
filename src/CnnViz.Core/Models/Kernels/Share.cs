namespace CnnViz.Models.Kernels;

/// <summary>One thread's part of work that is divided evenly.</summary>
internal readonly record struct Share(int Part, int Parts)
{
    /// <summary>The items that are this part's.</summary>
    public (int First, int Last) Of(int items) => ((int)((long)items * Part / Parts), (int)((long)items * (Part + 1) / Parts));
}
