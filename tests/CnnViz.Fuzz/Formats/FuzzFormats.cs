namespace CnnViz.Fuzz;

/// <summary>All formats that CnnViz reads.</summary>
internal static class FuzzFormats
{
    /// <summary>The formats.</summary>
    public static IReadOnlyList<FuzzFormat> All { get; } = [.. NetworkFormats.All, .. WeightFormats.All, .. TextFormats.All, .. PictureFormats.All];

    /// <summary>A format by its name.</summary>
    public static FuzzFormat Get(string name) => All.Single(format => format.Name == name);
}
