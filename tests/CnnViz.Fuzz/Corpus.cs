using CnnViz.Fuzz.Mutations;

namespace CnnViz.Fuzz;

/// <summary>The inputs that others are made of: sound ones, and damaged ones that did something that none before had done.</summary>
/// <param name="format">Their format.</param>
internal sealed class Corpus(FuzzFormat format)
{
    private const int MostKept = 3000;
    private const int LargestKept = 1 << 16;

    private readonly FuzzInput[] _seeds = [.. format.Seeds()];
    private readonly List<FuzzInput> _kept = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>How many different things inputs did.</summary>
    public int Behaviours => _seen.Count;

    /// <summary>The sound inputs.</summary>
    public IReadOnlyList<FuzzInput> Seeds => _seeds;

    /// <summary>Another damaged input.</summary>
    public FuzzInput Next(Chance chance)
    {
        FuzzInput input = _kept.Count > 0 && chance.OneIn(2) ? chance.Of(_kept) : chance.Of(_seeds);
        for (int i = chance.Between(1, 4); i > 0; i--)
        {
            int file = chance.OneIn(2) ? 0 : chance.Below(input.Files.Length);
            (string name, byte[] content) = input.Files[file];
            bool isRaw = content.Length == 0 || chance.OneIn(4);
            input = input.With(file, isRaw ? RawMutation.Mutate(content, chance, OtherContent(file, chance)) : ContentMutation.Mutate(name, content, chance));
        }

        return input;
    }

    /// <summary>Keeps an input if what it did is new.</summary>
    /// <returns>Whether it is.</returns>
    public bool Add(FuzzInput input, string behaviour)
    {
        if (!_seen.Add(behaviour))
        {
            return false;
        }

        if (_kept.Count < MostKept && input.Length <= LargestKept)
        {
            _kept.Add(input);
        }

        return true;
    }

    /// <summary>An input that lies in a folder.</summary>
    public FuzzInput ReadAgain(string folder) => new(
    [
        .. _seeds.SelectMany(seed => seed.Files).Select(file => file.Name).Distinct(StringComparer.Ordinal)
            .Where(name => File.Exists(Path.Combine(folder, name)))
            .Select(name => (name, File.ReadAllBytes(Path.Combine(folder, name)))),
    ]);

    private byte[] OtherContent(int file, Chance chance)
    {
        FuzzInput other = chance.Of(_seeds);
        return other.Files[Math.Min(file, other.Files.Length - 1)].Content;
    }
}
