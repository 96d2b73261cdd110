namespace CnnViz.Build.Help;

/// <summary>The parameters that PowerShell gives every cmdlet that can be asked what it would do. Their text is always the same.</summary>
internal static class ShouldProcess
{
    /// <summary>The parameters.</summary>
    public static IReadOnlyList<ParameterMetadata> Parameters { get; } = [Switch("WhatIf", "wi"), Switch("Confirm", "cf")];

    /// <summary>Their text, where the page has none of its own.</summary>
    public static IReadOnlyList<HelpEntry> Entries { get; } =
    [
        new("WhatIf", ["Says what would be written, and writes nothing."]),
        new("Confirm", ["Asks before each file that is written."]),
    ];

    private static ParameterMetadata Switch(string name, string alias) => new()
    {
        Name = name,
        Type = "SwitchParameter",
        ElementType = "System.Management.Automation.SwitchParameter",
        Uses = [new ParameterUse(null, false, null, false, false)],
        Aliases = [alias],
    };
}
