using System.Text;

namespace CnnViz.Build;

/// <summary>Lays down the typeface that pictures with text are set in, with its licence.</summary>
internal static class FontLayout
{
    private static readonly string[] s_fonts = ["Inter-Regular.ttf", "Inter-SemiBold.ttf"];

    /// <summary>Takes the fonts out of an assembly that has them as Avalonia resources.</summary>
    /// <param name="assembly">Path of Avalonia.Fonts.Inter.dll.</param>
    /// <param name="folder">Where the fonts go.</param>
    /// <exception cref="InvalidDataException">The assembly does not have them.</exception>
    public static void LayDown(string assembly, string folder)
    {
        IReadOnlyDictionary<string, byte[]> resources = AvaloniaResources.Read(assembly);
        Directory.CreateDirectory(folder);
        foreach (string name in s_fonts)
        {
            if (!resources.TryGetValue($"/Assets/{name}", out byte[]? font))
            {
                throw new InvalidDataException($"'{assembly}' has no {name}.");
            }

            Write(Path.Combine(folder, name), font);
            Write(Path.Combine(folder, "Inter-LICENSE.txt"), Encoding.UTF8.GetBytes(Notice(new FontNames(font))));
        }
    }

    // What the SIL Open Font License asks for: the copyright notice and the licence beside each copy, here in the font's own words.
    private static string Notice(FontNames names) =>
        $"""
        The files Inter-*.ttf are the typeface {names.Family}, {names.Version}, unchanged.

        {names.Copyright}

        {names.License}
        {names.LicenseAddress}

        """;

    private static void Write(string path, byte[] content)
    {
        string temporary = path + ".part";
        File.WriteAllBytes(temporary, content);
        File.Move(temporary, path, overwrite: true);
    }
}
