using System.Management.Automation;

namespace CnnViz;

/// <summary>What all cmdlets share that change numbers of a recipe: those that are turned daily.</summary>
public abstract class RecipeCommand : CnnVizCommand
{
    /// <summary>Number of steps.</summary>
    [Parameter]
    public int Steps { get; set; }

    /// <summary>The gain that is not worth more steps.</summary>
    [Parameter]
    public double Tolerance { get; set; }

    /// <summary>One side of the picture, or height and width, in pixels.</summary>
    [Parameter]
    public int[]? Size { get; set; }
}
