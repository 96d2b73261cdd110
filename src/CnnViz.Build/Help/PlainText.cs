using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace CnnViz.Build.Help;

/// <summary>Markdown as the plain text of a console.</summary>
internal static class PlainText
{
    /// <summary>A paragraph, a list with one item a line, or code as it stands.</summary>
    /// <exception cref="InvalidDataException">The help has no place for such a block.</exception>
    public static string Of(Block block) => block switch
    {
        LeafBlock { Inline: { } inline } => Of(inline),
        CodeBlock code => code.Lines.ToString(),
        ListBlock list => string.Join('\n', list.Select((item, i) =>
            (list.IsOrdered ? $"{i + 1}. " : "- ") + string.Join(' ', ((ListItemBlock)item).Select(Of)))),
        _ => throw new InvalidDataException($"line {block.Line + 1} is neither a paragraph, a list nor code"),
    };

    private static string Of(Inline inline) => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        LineBreakInline => " ",
        AutolinkInline link => link.Url,
        HtmlEntityInline entity => entity.Transcoded.ToString(),
        LinkInline { Url: { } url } link when IsAddress(url) => $"{Children(link)} ({url})",
        ContainerInline container => Children(container),
        _ => throw new InvalidDataException($"line {inline.Line + 1} has more than text, emphasis, code and links"),
    };

    /// <summary>Whether a link leads out of the documentation.</summary>
    public static bool IsAddress(string url) => Uri.IsWellFormedUriString(url, UriKind.Absolute);

    /// <summary>The text of what is inside, such as that of a link without its address.</summary>
    public static string Children(ContainerInline container) => string.Concat(container.Select(Of));
}
