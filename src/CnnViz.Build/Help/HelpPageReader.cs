using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace CnnViz.Build.Help;

/// <summary>
/// Reads a cmdlet's page, which has a fixed order of headings: <c># Name</c> with the synopsis, then Description, Examples,
/// Parameters, Inputs, Outputs, Notes (may be absent) and Related. Parameters may be put into groups: third headings without a hyphen, with
/// the parameters as fourth headings.
/// </summary>
internal static class HelpPageReader
{
    private const int FewestExamples = 3;
    private static readonly string[] s_sections = ["Description", "Examples", "Parameters", "Inputs", "Outputs", "Notes", "Related"];

    /// <summary>Reads a page.</summary>
    /// <param name="markdown">The page.</param>
    /// <param name="open">
    /// Gives the text of a page that several cmdlets share, by the address that the text under Parameters links to: its second headings
    /// are further parameters.
    /// </param>
    /// <exception cref="InvalidDataException">The page is not of that structure, or something in it is empty.</exception>
    public static HelpPage Read(string markdown, Func<string, string> open)
    {
        MarkdownSection page = MarkdownSection.Parse(markdown);
        CheckOrder(page);
        MarkdownSection examples = Section(page, "Examples");
        if (examples.Sections.Count < FewestExamples)
        {
            throw new InvalidDataException($"there are {examples.Sections.Count} examples; {FewestExamples} is the least");
        }

        return new HelpPage
        {
            Name = page.Title,
            Synopsis = string.Join(' ', NotEmpty(page)),
            Description = NotEmpty(Section(page, "Description")),
            Examples = [.. examples.Sections.Select(ReadExample)],
            Parameters =
            [
                .. Parameters(Section(page, "Parameters"))
                    .Concat(Links(Section(page, "Parameters")).SelectMany(link => Entries(MarkdownSection.Parse(open(link.Url!)))))
                    .Select(entry => entry with { Title = ParameterName(entry.Title) }),
            ],
            Inputs = Entries(Section(page, "Inputs")),
            Outputs = Entries(Section(page, "Outputs")),
            Notes = page.Sections.Any(section => section.Title == "Notes") ? NotEmpty(Section(page, "Notes")) : [],
            Related = [.. Links(Section(page, "Related")).Select(ReadLink)],
        };
    }

    private static void CheckOrder(MarkdownSection page)
    {
        string[] found = [.. page.Sections.Select(section => section.Title)];
        string[] wanted = [.. s_sections.Where(title => title != "Notes" || found.Contains(title))];
        if (!found.SequenceEqual(wanted))
        {
            throw new InvalidDataException($"the headings are {string.Join(", ", found)}; they must be {string.Join(", ", wanted)}");
        }
    }

    private static MarkdownSection Section(MarkdownSection page, string title) => page.Sections.Single(section => section.Title == title);

    private static IReadOnlyList<string> NotEmpty(MarkdownSection section) => section.Text is { Count: > 0 } text
        ? text
        : throw new InvalidDataException($"there is no text under '{section.Title}'");

    private static IEnumerable<LinkInline> Links(MarkdownSection section) => section.Blocks.SelectMany(block =>
        block is LeafBlock { Inline: { } inline } ? inline.Descendants<LinkInline>() : block.Descendants<LinkInline>());

    private static IReadOnlyList<HelpEntry> Entries(MarkdownSection section) =>
        [.. section.Sections.Select(entry => new HelpEntry(entry.Title, NotEmpty(entry)))];

    private static IEnumerable<HelpEntry> Parameters(MarkdownSection section) => section.Sections.SelectMany(entry =>
        entry.Title.StartsWith('-') || entry.Sections.Count == 0 ? [new HelpEntry(entry.Title, NotEmpty(entry))] : Entries(entry));

    private static HelpExample ReadExample(MarkdownSection section)
    {
        if (section.Blocks is not [FencedCodeBlock { Info: "powershell" } code, _, ..])
        {
            throw new InvalidDataException($"the example '{section.Title}' is not one block of powershell with a remark after it");
        }

        return new HelpExample(section.Title, PlainText.Of(code), [.. section.Text.Skip(1)]);
    }

    private static string ParameterName(string title) => title.StartsWith('-')
        ? title[1..]
        : throw new InvalidDataException($"the parameter '{title}' has no hyphen");

    private static HelpLink ReadLink(LinkInline link) =>
        new(PlainText.Children(link), link.Url is { } url && PlainText.IsAddress(url) ? url : null);
}
