namespace CnnViz.Patterns.Drawing;

/// <summary>A pattern that people have a name for.</summary>
internal interface IPattern
{
    /// <summary>Its name, fit for the command line.</summary>
    string Name { get; }

    /// <summary>Draws one at random.</summary>
    /// <param name="canvas">An empty canvas.</param>
    /// <param name="random">Decides everything that the name leaves open: scale, phase, angle, proportions.</param>
    void Draw(Canvas canvas, RandomSource random);
}
