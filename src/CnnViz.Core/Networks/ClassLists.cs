using System.Text.RegularExpressions;

namespace CnnViz.Networks;

/// <summary>Lists of class names: from text files, and the built-in one.</summary>
public static partial class ClassLists
{
    private const string ImageNetName = "ImageNet";
    private static readonly Lazy<IReadOnlyList<string>> s_imageNet = new(ReadImageNet);

    /// <summary>Names of the built-in lists.</summary>
    public static IReadOnlyList<string> Names { get; } = [ImageNetName];

    /// <summary>A short English name for each of the 1000 classes of ILSVRC 2012, in the order in which networks have them.</summary>
    public static IReadOnlyList<string> ImageNet => s_imageNet.Value;

    /// <summary>A built-in list, or null.</summary>
    /// <param name="name">Its name, in any case.</param>
    public static IReadOnlyList<string>? Find(string name) =>
        string.Equals(name, ImageNetName, StringComparison.OrdinalIgnoreCase) ? ImageNet : null;

    /// <summary>Reads a list: one name a line. Empty lines do not count; WordNet identifiers in front are dropped.</summary>
    /// <param name="path">Path of a text file.</param>
    /// <exception cref="CnnVizException">The file cannot be read.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        try
        {
            return [.. File.ReadLines(path).Select(line => WordNetId().Replace(line.Trim(), string.Empty)).Where(line => line.Length > 0)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CnnVizException(
                "ClassNamesUnreadable",
                $"The class names cannot be read from '{path}': {exception.Message}",
                $"Give a text file with one class name a line, or the name of a built-in list: {string.Join(", ", Names)}.",
                exception);
        }
    }

    /// <summary>The list of a file or, where there is no such file, a built-in one.</summary>
    /// <param name="path">Full path of the file that the name may mean.</param>
    /// <param name="name">The name as it was given.</param>
    /// <exception cref="CnnVizException">It is neither, or the file cannot be read.</exception>
    public static IReadOnlyList<string> Load(string path, string name) => !File.Exists(path) && Find(name) is { } builtIn ? builtIn : Read(path);

    /// <summary>The parts of a name such as <c>tench, Tinca tinca</c>, each of which is a name of the class, too.</summary>
    public static IReadOnlyList<string> Synonyms(string name) =>
        name.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } parts ? parts : [name];

    private static string[] ReadImageNet()
    {
        using Stream stream = typeof(ClassLists).Assembly.GetManifestResourceStream("ImageNetClasses.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    [GeneratedRegex(@"^n\d{8}\s+")]
    private static partial Regex WordNetId();
}
