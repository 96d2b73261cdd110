using System.Globalization;
using System.Text.RegularExpressions;

namespace CnnViz.Import.Architectures;

/// <summary>Other names for the tensors of an architecture: those of another library, or of an older version.</summary>
/// <param name="Name">Whose names they are.</param>
/// <param name="Rules">Patterns of keys, each with what a match is called in the architecture; the first that matches counts.</param>
internal sealed record KeyLayout(string Name, IReadOnlyList<(Regex Pattern, MatchEvaluator Rename)> Rules)
{
    /// <summary>Makes a layout of patterns and replacements.</summary>
    public static KeyLayout Of(string name, params (string Pattern, MatchEvaluator Rename)[] rules) =>
        new(name, [.. rules.Select(rule => (new Regex(rule.Pattern, RegexOptions.CultureInvariant), rule.Rename))]);

    /// <summary>The tensors by the architecture's names.</summary>
    public IReadOnlyDictionary<string, StateTensor> Apply(StateDict tensors)
    {
        var renamed = new Dictionary<string, StateTensor>(StringComparer.Ordinal);
        foreach (StateTensor tensor in tensors.Tensors)
        {
            renamed.TryAdd(Rename(tensor.Name), tensor);
        }

        return renamed;
    }

    /// <summary>The number that a group of a pattern holds.</summary>
    public static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private string Rename(string key) =>
        Rules.FirstOrDefault(rule => rule.Pattern.IsMatch(key)) is { Pattern: { } pattern, Rename: { } rename }
            ? pattern.Replace(key, rename)
            : key;
}
