using System.Globalization;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>One line of a <see cref="NetworkDescription"/>.</summary>
internal sealed class DescribedLayer
{
    // No kernel, stride or padding exceeds it.
    private const long LargestWindow = 1024;

    private readonly string _place;
    private readonly Dictionary<string, string> _options;
    private readonly HashSet<string> _used = new(StringComparer.OrdinalIgnoreCase);

    private DescribedLayer(string place, string name, string kind, Dictionary<string, string> options)
    {
        _place = place;
        Name = name;
        Kind = kind;
        _options = options;
    }

    /// <summary>The layer's name, which its weights begin with.</summary>
    public string Name { get; }

    /// <summary>What it does.</summary>
    public string Kind { get; }

    /// <summary>The layers that it takes from; null for the one before.</summary>
    public string[]? From => Text("from")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Reads the words of a line.</summary>
    /// <param name="place">Where it stands, for messages.</param>
    /// <param name="words">Name, kind, options; the input has no kind.</param>
    /// <param name="isInput">Whether it is the input.</param>
    public static DescribedLayer Parse(string place, string[] words, bool isInput)
    {
        if (words.Length < 2 && !isInput)
        {
            throw Invalid(place, $"has a name, '{words[0]}', and no kind");
        }

        var options = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string word in words.Skip(isInput ? 1 : 2))
        {
            if (word.Split('=') is not [{ Length: > 0 } option, { Length: > 0 } value] || !options.TryAdd(option, value))
            {
                throw Invalid(place, $"has '{word}' where an option=value belongs that is not there yet");
            }
        }

        return new(place, words[0], isInput ? words[0] : words[1].ToLowerInvariant(), options);
    }

    /// <summary>An option as it stands there, or null.</summary>
    public string? Text(string option)
    {
        _used.Add(option);
        return _options.GetValueOrDefault(option);
    }

    /// <summary>A whole number from 0 on.</summary>
    public long Whole(string option, long fallback, long largest = LargestWindow) =>
        Text(option) is { } text ? ParseWhole(option, text, largest) : fallback;

    /// <summary>One number for both height and width, or two with an x between them.</summary>
    public Extent Size(string option, Extent? fallback, long largest = LargestWindow) => Text(option) is { } text
        ? text.Split('x') switch
        {
            [var both] => new(ParseWhole(option, both, largest), ParseWhole(option, both, largest)),
            [var height, var width] => new(ParseWhole(option, height, largest), ParseWhole(option, width, largest)),
            _ => throw Invalid($"has {option}={text}, which is neither a number nor height x width"),
        }
        : fallback ?? throw Invalid($"needs {option}=");

    /// <summary>A number.</summary>
    public double Number(string option, double fallback) =>
        Text(option) is not { } text ? fallback
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value
        : throw Invalid($"has {option}={text}, which is no number");

    /// <summary>A number, or null where it is left out.</summary>
    public double? OptionalNumber(string option) => Text(option) is null ? null : Number(option, 0);

    /// <summary>Numbers with commas between them, or null where they are left out.</summary>
    public float[]? Numbers(string option) => Text(option)?.Split(',')
        .Select(text => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value)
            ? value
            : throw Invalid($"has {option}={text}, which is no number"))
        .ToArray();

    /// <summary>Yes or no.</summary>
    public bool Flag(string option) => Text(option) switch
    {
        null or "no" => false,
        "yes" => true,
        string text => throw Invalid($"has {option}={text}, which is neither yes nor no"),
    };

    /// <summary>Checks that every option was asked for.</summary>
    /// <exception cref="CnnVizException">One was not: the kind has no such option.</exception>
    public void ThrowIfUnused()
    {
        if (_options.Keys.FirstOrDefault(option => !_used.Contains(option)) is { } unknown)
        {
            throw Invalid($"has the option '{unknown}', which {Kind} does not know; it knows {(_used.Count == 0 ? "none" : string.Join(", ", _used.Order()))}");
        }
    }

    /// <summary>The error of a line that is wrong.</summary>
    /// <param name="what">What is wrong, after the line's name.</param>
    public CnnVizException Invalid(string what) => Invalid(_place, $"('{Name}') {what}");

    private long ParseWhole(string option, string text, long largest) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value <= largest
            ? value
            : throw Invalid($"has {option}={text}, which is no whole number from 0 to {largest}");

    private static CnnVizException Invalid(string place, string what) =>
        new("DescriptionInvalid", $"{place} {what}.", "See about_CnnViz_Models for descriptions of networks.");
}
