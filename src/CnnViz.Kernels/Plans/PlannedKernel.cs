namespace CnnViz.Kernels;

/// <summary>A kernel and where it works.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Inputs">Where its inputs lie.</param>
/// <param name="Output">Where its result lies.</param>
/// <param name="State">Where it leaves what it needs on the way back; null for nowhere.</param>
/// <param name="Writes">How each input's gradient is written.</param>
/// <param name="IsPassed">Whether the result's gradient is zero where the result was cut off, by whoever wrote it last.</param>
internal sealed record PlannedKernel(
    Kernel Kernel, IReadOnlyList<MapRegion> Inputs, MapRegion Output, MapRegion? State, PlannedWrite[] Writes, bool IsPassed);

/// <summary>How a gradient is written.</summary>
/// <param name="Accumulates">Whether it is added to what is there.</param>
/// <param name="Range">What the value was cut off to, if nothing more is added; else null.</param>
internal sealed record PlannedWrite(bool Accumulates, ValueRange? Range);
