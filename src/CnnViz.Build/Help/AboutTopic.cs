using System.Globalization;
using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace CnnViz.Build.Help;

/// <summary>An about topic: markdown to the text that Get-Help shows as it stands.</summary>
internal static class AboutTopic
{
    private const int Width = 78;

    /// <summary>Turns a page into a topic.</summary>
    /// <param name="markdown">The page: the topic's name and a short description, then the sections.</param>
    /// <exception cref="InvalidDataException">It has no short description, or headings below the second level.</exception>
    public static string ToText(string markdown)
    {
        MarkdownSection page = MarkdownSection.Parse(markdown);
        if (page.Text.Count == 0)
        {
            throw new InvalidDataException("there is no short description under the name");
        }

        List<string> lines = ["TOPIC", $"    {page.Title}", string.Empty, "SHORT DESCRIPTION", .. Lines(page)];
        foreach (MarkdownSection section in page.Sections)
        {
            if (section.Sections is [{ } deeper, ..])
            {
                throw new InvalidDataException($"the heading '{deeper.Title}' is of the third level; an about topic has two");
            }

            lines.AddRange([section.Title.ToUpper(CultureInfo.InvariantCulture), .. Lines(section)]);
        }

        return string.Join('\n', lines).TrimEnd() + "\n";
    }

    // Each block, indented, with an empty line after it.
    private static IEnumerable<string> Lines(MarkdownSection section) => section.Blocks.SelectMany(block =>
    {
        if (block is Table table)
        {
            return table.Skip(1).SelectMany(row => Entry((TableRow)row));
        }

        string text = PlainText.Of(block);
        IEnumerable<string> lines = block switch
        {
            CodeBlock => text.Split('\n').Select(line => $"        {line}"),
            ListBlock => text.Split('\n').SelectMany(item => Wrap(item, "    ", "      ")),
            _ => Wrap(text, "    ", "    "),
        };
        return lines.Append(string.Empty);
    });

    // A row of a table: its first cell, and the others as a paragraph under it. A console is too narrow for columns.
    private static IEnumerable<string> Entry(TableRow row)
    {
        string[] cells = [.. row.Select(cell => string.Join(' ', ((TableCell)cell).Select(PlainText.Of)))];
        return [$"    {cells[0]}", .. Wrap(string.Join(' ', cells.Skip(1)), "        ", "        "), string.Empty];
    }

    private static IEnumerable<string> Wrap(string text, string first, string others)
    {
        string line = first;
        bool isEmpty = true;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!isEmpty && line.Length + 1 + word.Length > Width)
            {
                yield return line;
                (line, isEmpty) = (others, true);
            }

            line += isEmpty ? word : $" {word}";
            isEmpty = false;
        }

        yield return line;
    }
}
