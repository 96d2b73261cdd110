using System.Text.RegularExpressions;

namespace CnnViz.Tests;

/// <summary>The table of all errors in the help: none is missing, none is left over, and each is provoked by a test.</summary>
public sealed partial class ErrorTableTests
{
    private const string Page = "about_CnnViz_Errors.md";

    // Two words or more, as all ids have them.
    private const string Id = "([A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+)";

    // How code names the id of an error that it makes.
    private static readonly Regex[] s_ways =
    [
        new(@$"Exception\(\s*(?:[^""();]*\? )?""{Id}"""),
        new(@$"Exception\(\s*[^""();]*\? ""{Id}"" : ""{Id}"""),
        new(@$"[ (]new\(\s*""{Id}"",\s*\$?""[^""]* [^""]*"""),
        new(@$"[ (]new\(""{Id}"", \$""{{"),
        new(@$"CnnVizException\(\s*nameof\({Id}\)"),
        new(@$"errorId\s*[:=] ""{Id}"""),
        new(@$"=>\s+\(\s*""{Id}"", "),
        new(@$"\? ""{Id}"" : ""{Id}"", ReasonOf"),
        new(@$"Reject\([^;]*?""{Id}"""),
        new(@$"RequireInput\([^;]*?""{Id}"""),
    ];

    // Ids that no test provokes, and why.
    private static readonly Dictionary<string, string> s_unprovoked = new()
    {
        ["ArchitectureAmbiguous"] = "ArchitectureTests shows that the weights of each architecture fit no other one.",
        ["ModelTooLarge"] = "It takes a model of 2 GB, and as much memory again.",
    };

    [Fact]
    public void The_table_has_the_ids_of_the_code_and_no_others()
    {
        string[] code = [.. Sources("src").SelectMany(text => IdsOf(text)).Distinct().Order(StringComparer.Ordinal)];
        string[] table = [.. Rows().Select(row => row[0]).Order(StringComparer.Ordinal)];

        Assert.True(code.Length > 150, "The code is not searched as it should be.");
        Assert.Equal(code, table);
    }

    [Fact]
    public void Every_row_says_why_and_what_to_do()
    {
        foreach (string[] row in Rows())
        {
            Assert.True(row is [_, [.., '.'], [.., '.']], $"{row[0]} needs a cause and a remedy, each a sentence.");
        }
    }

    [Fact]
    public void Every_id_is_provoked_by_a_test()
    {
        string tests = string.Join('\n', Sources("tests", except: nameof(ErrorTableTests)));
        string[] expected = [.. Rows().Select(row => row[0]).Where(id => Regex.IsMatch(tests, $@"\b{id}\b")).Order(StringComparer.Ordinal)];

        Assert.Equal(Rows().Select(row => row[0]).Except(s_unprovoked.Keys).Order(StringComparer.Ordinal), expected);
    }

    private static IEnumerable<string> IdsOf(string text)
    {
        foreach (Match match in s_ways.SelectMany(way => way.Matches(text)))
        {
            foreach (Group group in match.Groups.Values.Skip(1))
            {
                yield return group.Value;
            }
        }

        // A constant that is handed on as the id.
        foreach (Match constant in Constants().Matches(text))
        {
            if (Regex.IsMatch(text, @$"\(\s*{constant.Groups[1].Value},"))
            {
                yield return constant.Groups[2].Value;
            }
        }
    }

    private static IEnumerable<string[]> Rows() =>
        from line in File.ReadLines(Path.Combine(TestFiles.Root, "docs", Page))
        where line.StartsWith("| ", StringComparison.Ordinal)
        let cells = line.Trim('|').Split(" | ", StringSplitOptions.TrimEntries)
        where cells[0] is not ("ErrorId" or "---")
        select cells;

    private static IEnumerable<string> Sources(string folder, string? except = null) =>
        from path in Directory.EnumerateFiles(Path.Combine(TestFiles.Root, folder), "*.*", SearchOption.AllDirectories)
        where path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".ps1", StringComparison.Ordinal)
        where !Generated().IsMatch(path) && Path.GetFileNameWithoutExtension(path) != except
        select File.ReadAllText(path);

    [GeneratedRegex($"const string (\\w+) = \"{Id}\"")]
    private static partial Regex Constants();

    [GeneratedRegex(@"[\\/](obj|bin|CnnViz\.Build)[\\/]")]
    private static partial Regex Generated();
}
