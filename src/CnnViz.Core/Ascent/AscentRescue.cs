namespace CnnViz.Ascent;

/// <summary>What it took to move a filter that the first attempt did not, or not as far as a picture of a single colour.</summary>
[Flags]
public enum AscentRescue : long
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>At the start, gradients were let through rectifiers that were cut off.</summary>
    Redirected = 1,

    /// <summary>Another start was needed: the best of some simple pictures or, for phases, other noise.</summary>
    Restarted = 2,

    /// <summary>The value before the layer's rectifier was raised instead of that behind it.</summary>
    PreActivation = 4,

    /// <summary>Smaller steps than the recipe's were needed.</summary>
    SmallerSteps = 8,
}
