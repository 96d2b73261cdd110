namespace CnnViz.Patterns.Drawing;

/// <summary>A hue that people have a name for.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Degrees">Its middle on the colour circle: red at 0, green at 120, blue at 240.</param>
/// <param name="Spread">How many degrees to either side still have the name, without doubt.</param>
/// <param name="Darkest">The lowest value: dark orange would be brown, dark yellow olive.</param>
internal sealed record Hue(string Name, float Degrees, float Spread, float Darkest)
{
    /// <summary>The hues, in the order of the network's classes.</summary>
    public static IReadOnlyList<Hue> All { get; } =
    [
        new("red", 0, 8, 0.75f),
        new("orange", 28, 6, 0.88f),
        new("yellow", 56, 5, 0.85f),
        new("green", 120, 20, 0.65f),
        new("cyan", 182, 9, 0.75f),
        new("blue", 228, 12, 0.75f),
        new("purple", 275, 10, 0.7f),
        new("pink", 322, 10, 0.85f),
    ];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(hue => hue.Name)];

    /// <summary>A saturated colour of this hue.</summary>
    public Colour Ink(RandomSource random) => Colour.FromHsv(
        Degrees + random.Range(-Spread, Spread),
        random.Range(0.75f, 1),
        random.Range(Darkest, 1));
}
