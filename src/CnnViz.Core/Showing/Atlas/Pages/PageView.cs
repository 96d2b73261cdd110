namespace CnnViz.Showing.Atlas.Pages;

/// <summary>A page, or a section of the one page that has all.</summary>
internal sealed record PageView
{
    /// <summary>Its id: where it is in a single file.</summary>
    public required string Id { get; init; }

    /// <summary>What the window is called.</summary>
    public required string Title { get; init; }

    public required string SiteTitle { get; init; }

    public required string IndexHref { get; init; }

    /// <summary>The name of the template of its middle.</summary>
    public required string Template { get; init; }

    /// <summary>What the template shows.</summary>
    public required object Content { get; init; }

    /// <summary>The page above; null for the index.</summary>
    public LinkView? Up { get; init; }

    public LinkView? Previous { get; init; }

    public LinkView? Next { get; init; }

    /// <summary>The way to the atlas's folder.</summary>
    public string Root { get; init; } = string.Empty;

    /// <summary>The version of this program.</summary>
    public string? Version { get; init; }

    /// <summary>The middle as HTML, which was encoded when it was made.</summary>
    public string Body { get; init; } = string.Empty;

    public bool IsSingleFile { get; init; }

    /// <summary>For a single file: our style sheet and what it hashes to, and the same of the script; and the search's data as JSON.</summary>
    public string? Style { get; init; }

    public string? StyleHash { get; init; }

    public string? Script { get; init; }

    public string? ScriptHash { get; init; }

    public string? Search { get; init; }
}
