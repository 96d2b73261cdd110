using System.Globalization;

namespace CnnViz.Patterns.Training;

/// <summary>How often a head is right, class by class, and what it takes each class for.</summary>
/// <param name="names">Names of the classes.</param>
internal sealed class Confusion(IReadOnlyList<string> names)
{
    private readonly int[,] _counts = new int[names.Count, names.Count];

    /// <summary>Names of the classes.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>The part of all pictures that it is right on.</summary>
    public double Accuracy =>
        (double)Enumerable.Range(0, names.Count).Sum(i => _counts[i, i]) / Enumerable.Range(0, names.Count).Sum(Total);

    /// <summary>Counts one picture.</summary>
    public void Add(int truth, int answer) => _counts[truth, answer]++;

    /// <summary>The part of a class's pictures that it is right on.</summary>
    public double AccuracyOf(int truth) => (double)_counts[truth, truth] / Total(truth);

    /// <summary>What it takes pictures of a class for, the commonest first.</summary>
    public IEnumerable<(int Answer, int Count)> Mistakes(int truth) => Enumerable.Range(0, names.Count)
        .Where(answer => answer != truth && _counts[truth, answer] > 0)
        .Select(answer => (answer, _counts[truth, answer]))
        .OrderByDescending(mistake => mistake.Item2);

    /// <summary>A table in Markdown: a row a class, then the worst class.</summary>
    public string ToTable(string head)
    {
        var lines = new List<string> { $"| {head} | accuracy | taken for |", "|---|---|---|" };
        for (int truth = 0; truth < names.Count; truth++)
        {
            string mistakes = string.Join(", ", Mistakes(truth).Take(3).Select(mistake => $"{names[mistake.Answer]} ({mistake.Count})"));
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"| {names[truth]} | {100 * AccuracyOf(truth):0.0} % | {mistakes} |"));
        }

        int worst = Enumerable.Range(0, names.Count).MinBy(AccuracyOf);
        lines.Add(string.Empty);
        lines.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{head}: {100 * Accuracy:0.00} % overall; worst is {names[worst]} with {100 * AccuracyOf(worst):0.0} %."));
        return string.Join(Environment.NewLine, lines);
    }

    private int Total(int truth) => Enumerable.Range(0, names.Count).Sum(answer => _counts[truth, answer]);
}
