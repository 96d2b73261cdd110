namespace CnnViz.Showing.Animations;

/// <summary>How an animation is shown. GIF files count in hundredths of a second.</summary>
public sealed record AnimationSettings
{
    /// <summary>Time that a frame stands, in milliseconds.</summary>
    public int Delay { get; init; } = 100;

    /// <summary>Time that the last frame stands, in milliseconds.</summary>
    public int Hold { get; init; } = 2000;

    /// <summary>How often it is shown; 0 for without end.</summary>
    public int Loop { get; init; }

    /// <summary>1…100, for WebP: 100 is exact.</summary>
    public int Quality { get; init; } = 90;
}
