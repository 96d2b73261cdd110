namespace CnnViz.Ascent;

/// <summary>What a recipe is wanted for: this decides which one is meant where nobody says, and whose numbers a name stands for.</summary>
public enum RecipePurpose
{
    /// <summary>Pictures of filters and of objectives.</summary>
    Filters,

    /// <summary>Pictures of classes: Robust stands for RobustClass there, and so do the others.</summary>
    Classes,

    /// <summary>Dreams of photos.</summary>
    Dreams,
}
