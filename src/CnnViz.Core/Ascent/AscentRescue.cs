namespace CnnViz.Ascent;

/// <summary>What it took to move a filter whose gradient was zero.</summary>
[Flags]
public enum AscentRescue : long
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>At the start, gradients were let through rectifiers that were cut off.</summary>
    Redirected = 1,

    /// <summary>Another start was needed.</summary>
    Restarted = 2,

    /// <summary>The value before the layer's rectifier was raised instead of that behind it.</summary>
    PreActivation = 4,
}
