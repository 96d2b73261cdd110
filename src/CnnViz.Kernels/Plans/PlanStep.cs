namespace CnnViz.Kernels;

/// <summary>One operation of a plan, before values have places.</summary>
/// <param name="Inputs">What it takes.</param>
/// <param name="Output">What it makes.</param>
internal abstract record PlanStep(MapValue[] Inputs, MapValue Output);

/// <summary>A kernel's.</summary>
internal sealed record KernelStep(Kernel Kernel, MapValue[] Inputs, MapValue Output) : PlanStep(Inputs, Output);

/// <summary>Channels beside channels.</summary>
internal sealed record JoinStep(MapValue[] Inputs, MapValue Output) : PlanStep(Inputs, Output);

/// <summary>Values cut off.</summary>
internal sealed record ClampStep(MapValue Input, ValueRange Range, MapValue Output) : PlanStep([Input], Output);

/// <summary>Some channels.</summary>
internal sealed record TakeStep(MapValue Input, int First, MapValue Output) : PlanStep([Input], Output);
