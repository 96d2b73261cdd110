namespace CnnViz.Build.Help;

/// <summary>What the assembly says about a parameter.</summary>
internal sealed record ParameterMetadata
{
    /// <summary>Its name, without the hyphen.</summary>
    public required string Name { get; init; }

    /// <summary>Short name of its type, such as <c>Int32[]</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Full name of its type, or of the elements of a list.</summary>
    public required string ElementType { get; init; }

    /// <summary>Its place in each parameter set that has it.</summary>
    public required IReadOnlyList<ParameterUse> Uses { get; init; }

    /// <summary>Its other names.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The only values that it takes; empty where they are not listed.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Whether wildcards are understood.</summary>
    public bool HasWildcards { get; init; }

    /// <summary>Whether it takes a list.</summary>
    public bool IsList => Type.EndsWith("[]", StringComparison.Ordinal);

    /// <summary>Whether it stands without a value.</summary>
    public bool IsSwitch => Type == "SwitchParameter";
}

/// <summary>A parameter's place in a parameter set.</summary>
/// <param name="Set">The set, or null for all.</param>
/// <param name="IsMandatory">Whether it must be given.</param>
/// <param name="Position">Its position among the arguments without a name, or null where it needs its name.</param>
/// <param name="ByValue">Whether it takes objects of the pipeline.</param>
/// <param name="ByPropertyName">Whether it takes a property of theirs.</param>
internal sealed record ParameterUse(string? Set, bool IsMandatory, int? Position, bool ByValue, bool ByPropertyName);
