namespace CnnViz.Build.Help;

/// <summary>What the documentation says about a cmdlet. Texts are paragraphs of plain text.</summary>
internal sealed record HelpPage
{
    /// <summary>Name of the cmdlet.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in a sentence or two.</summary>
    public required string Synopsis { get; init; }

    /// <summary>The same at length.</summary>
    public required IReadOnlyList<string> Description { get; init; }

    /// <summary>Examples in order.</summary>
    public required IReadOnlyList<HelpExample> Examples { get; init; }

    /// <summary>Parameters; their titles have no hyphen.</summary>
    public required IReadOnlyList<HelpEntry> Parameters { get; init; }

    /// <summary>Types that the pipeline takes.</summary>
    public required IReadOnlyList<HelpEntry> Inputs { get; init; }

    /// <summary>Types that it puts out.</summary>
    public required IReadOnlyList<HelpEntry> Outputs { get; init; }

    /// <summary>What else is worth knowing; may be empty.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Where to read on.</summary>
    public required IReadOnlyList<HelpLink> Related { get; init; }
}

/// <summary>A title with a text: a parameter, or a type.</summary>
/// <param name="Title">The title.</param>
/// <param name="Text">Its paragraphs.</param>
internal sealed record HelpEntry(string Title, IReadOnlyList<string> Text);

/// <summary>An example.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Code">What is typed.</param>
/// <param name="Remarks">What to say about it.</param>
internal sealed record HelpExample(string Title, string Code, IReadOnlyList<string> Remarks);

/// <summary>A reference.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Url">Its address, or null for another topic of the help.</param>
internal sealed record HelpLink(string Text, string? Url);
