using System.Text.RegularExpressions;
using CnnViz.Showing.Files;

namespace CnnViz.Showing.Sheets;

/// <summary>What stands under a picture.</summary>
internal static partial class SheetLabel
{
    /// <summary>The lines of a picture's label.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="options">How the sheet looks.</param>
    /// <returns>Lines without empty ones at the end.</returns>
    /// <exception cref="CnnVizException">The template has a format that does not fit.</exception>
    public static IReadOnlyList<SheetLabelLine> Of(Picture picture, SheetOptions options)
    {
        string template = options.Label ?? $"{Default(picture.Names, options.Grouping)}\n{{Verdict}}";
        List<SheetLabelLine> lines = [.. template.ReplaceLineEndings("\n").Split('\n').Select(line => Fill(line, picture.Names))];
        while (lines.Count > 0 && lines[^1].IsEmpty)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return lines;
    }

    private static string Default(IReadOnlyDictionary<string, object> names, SheetGrouping grouping)
    {
        bool Has(string name) => names.TryGetValue(name, out object? value) && value is not "";
        if (Has("Method"))
        {
            return DefaultOfMap(Has("Class") ? "{Class}" : grouping == SheetGrouping.Layer ? "{Filter}" : "{Layer}:{Filter}", Has("Rank"));
        }

        string subject = Has("Rank") ? "{Filter} #{Rank}" : Has("Filter") ? "{Filter}" : Has("Image") ? "{Image}" : "{Objective}";
        string origin = Has("Rank") ? "{Image}" : "{ClassName}";
        if (grouping == SheetGrouping.Layer)
        {
            return $"{subject}\t{{Activation:G4}}\n{origin}";
        }

        string second = Has(origin.Trim('{', '}')) ? $"{origin}\t{{Activation:G4}}" : "{Activation:G4}";
        return Has("Filter") ? $"{{Layer}}:{subject}\n{second}" : $"{subject}\n{{Activation:G4}}";
    }

    private static string DefaultOfMap(string subject, bool isRanked) =>
        $"{subject}{(isRanked ? " #{Rank}" : string.Empty)}\t{{Activation:G4}}\n{{Image}}";

    private static SheetLabelLine Fill(string template, IReadOnlyDictionary<string, object> names)
    {
        string[] parts = template.Split('\t', 2);
        string Text(string part) => Controls().Replace(Placeholders.Fill(part, names), " ").Trim();
        return new SheetLabelLine(Text(parts[0]), parts.Length > 1 ? Text(parts[1]) : string.Empty);
    }

    [GeneratedRegex(@"[\p{Cc}\s]+")]
    private static partial Regex Controls();
}
