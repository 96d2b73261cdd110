using Markdig;
using Markdig.Syntax;

namespace CnnViz.Build.Help;

/// <summary>A heading of a markdown text, what stands under it, and the headings below it.</summary>
/// <param name="title">The heading.</param>
internal sealed class MarkdownSection(string title)
{
    private static readonly MarkdownPipeline s_withTables = new MarkdownPipelineBuilder().UsePipeTables().Build();

    /// <summary>The heading.</summary>
    public string Title { get; } = title;

    /// <summary>What stands between the heading and the next one of any level.</summary>
    public List<Block> Blocks { get; } = [];

    /// <summary>The headings below it.</summary>
    public List<MarkdownSection> Sections { get; } = [];

    /// <summary>The blocks as paragraphs of plain text.</summary>
    public IReadOnlyList<string> Text => [.. Blocks.Select(PlainText.Of)];

    /// <summary>Takes a text apart.</summary>
    /// <param name="markdown">The text: one first heading, and all else under it.</param>
    /// <returns>The first heading.</returns>
    /// <exception cref="InvalidDataException">The text does not begin with its only first heading, or a level is left out.</exception>
    public static MarkdownSection Parse(string markdown)
    {
        var open = new Stack<MarkdownSection>();
        MarkdownSection? top = null;
        foreach (Block block in Markdown.Parse(markdown, s_withTables))
        {
            if (block is not HeadingBlock heading)
            {
                Current().Blocks.Add(block);
                continue;
            }

            var section = new MarkdownSection(PlainText.Of(heading));
            while (open.Count >= heading.Level)
            {
                open.Pop();
            }

            if (open.Count != heading.Level - 1 || (heading.Level == 1 && top is not null))
            {
                throw new InvalidDataException($"the heading '{section.Title}' is of a level that does not belong here");
            }

            if (open.TryPeek(out MarkdownSection? parent))
            {
                parent.Sections.Add(section);
            }

            top ??= section;
            open.Push(section);
        }

        return top ?? throw new InvalidDataException("there is no heading");

        MarkdownSection Current() => open.TryPeek(out MarkdownSection? section)
            ? section
            : throw new InvalidDataException("there is text before the first heading");
    }
}
