using System.Globalization;

namespace CnnViz.Ascent;

/// <summary>The picture of an ascent on its way: what would be saved if this step were the last.</summary>
public sealed record FilterSnapshot
{
    private readonly byte[] _png;

    internal FilterSnapshot(int step, float activation, byte[] png)
    {
        (Step, Activation) = (step, activation);
        _png = png;
    }

    /// <summary>Number of steps taken before it.</summary>
    public int Step { get; }

    /// <summary>The objective's value for it, as <see cref="FilterImage.Activation"/> is that for the finished picture.</summary>
    public float Activation { get; }

    /// <summary>Such as <c>step 16 (activation 83.4)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"step {Step} (activation {Activation:0.0###})");

    /// <summary>The bytes of a PNG file of it, without the border; a copy.</summary>
    public byte[] ToPng() => [.. _png];

    /// <summary>The same bytes, not to be changed.</summary>
    internal byte[] Png => _png;
}
