namespace CnnViz.Showing.Animations;

/// <summary>How far an animation is.</summary>
/// <param name="Done">Frames that were drawn, and frames that were written.</param>
/// <param name="Total">How often that will be: twice for each frame.</param>
public readonly record struct AnimationProgress(int Done, int Total);
