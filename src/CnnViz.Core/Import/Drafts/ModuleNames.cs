using System.Globalization;
using System.Text.RegularExpressions;

namespace CnnViz.Import.Drafts;

/// <summary>What the names of modules tell about the network.</summary>
internal static partial class ModuleNames
{
    /// <summary>The places in a Sequential between two modules of it.</summary>
    /// <param name="Container">Its name with a dot; empty for a Sequential that is the whole network.</param>
    /// <param name="First">The first place between them.</param>
    /// <param name="Count">How many places are between them.</param>
    public readonly record struct Gap(string Container, int First, int Count)
    {
        /// <summary>The name of a module in the gap.</summary>
        public string Name(int position) => string.Create(CultureInfo.InvariantCulture, $"{Container}{First + position}");
    }

    /// <summary>What lies between two modules of one Sequential; null where they are not in one.</summary>
    public static Gap? Between(string earlier, string later)
    {
        (string container, int? from) = Place(earlier);
        (string other, int? to) = Place(later);
        return container == other && from is { } first && to is { } last && last > first
            ? new Gap(container, first + 1, last - first - 1)
            : null;
    }

    /// <summary>Whether a number is left out between two names that end in numbers, as in conv2 and conv4.</summary>
    public static bool SkipsNumber(string earlier, string later) =>
        Numbered().Match(earlier) is { Success: true } a && Numbered().Match(later) is { Success: true } b
        && a.Groups[1].Value == b.Groups[1].Value
        && int.TryParse(a.Groups[2].ValueSpan, CultureInfo.InvariantCulture, out int from)
        && int.TryParse(b.Groups[2].ValueSpan, CultureInfo.InvariantCulture, out int to)
        && to == from + 2;

    /// <summary>The stage of a network that a module belongs to, as block2 of block2.conv1 and conv2 of conv2_1; null where none shows.</summary>
    public static string? Stage(string name) =>
        name.LastIndexOf('.') is > 0 and var dot && Place(name).Index is null ? name[..dot]
        : SubNumbered().Match(name) is { Success: true } match ? match.Groups[1].Value
        : null;

    /// <summary>The number that a name ends with; null where it ends with none.</summary>
    public static string? Number(string name) => Numbered().Match(name) is { Success: true } match ? match.Groups[2].Value : null;

    /// <summary>Whether a name tells of a path beside others, which a chain does not have.</summary>
    public static bool IsBranch(string name) => Branch().IsMatch(name);

    /// <summary>The block that a module with a name of its own is in, such as layer1.0 of layer1.0.conv1; null where it is in none.</summary>
    public static string? Block(string name) => BlockName().Match(name) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>Whether a name can stand in a description.</summary>
    public static bool IsWord(string name) =>
        name.Length > 0 && name[0] != '#' && name != "input" && !name.Any(character => char.IsWhiteSpace(character) || char.IsControl(character));

    private static (string Container, int? Index) Place(string name)
    {
        int dot = name.LastIndexOf('.');
        return int.TryParse(name.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? (name[..(dot + 1)], index)
            : (name[..(dot + 1)], null);
    }

    [GeneratedRegex(@"^(.*?)(\d{1,6})$", RegexOptions.CultureInvariant)]
    private static partial Regex Numbered();

    [GeneratedRegex(@"^(.*\d)[_-]\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex SubNumbered();

    [GeneratedRegex(
        @"(^|[._])(branch|shortcut|skip|residual|res\d|res_?block|resnet_?block|down_?sample|identity|lateral|attention|squeeze|expand"
        + @"|dense_?block|dense_?layer|inception|mixed|fire\d|(fpn|spp|aspp|neck|heads?|aux|se|loc|conf|rpn)(?![a-z]))",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Branch();

    [GeneratedRegex(@"^((?:.*\.)?\d+)\.[^.]*[a-zA-Z_]", RegexOptions.CultureInvariant)]
    private static partial Regex BlockName();
}
