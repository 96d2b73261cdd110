namespace CnnViz.Showing.Terminal;

/// <summary>Which protocol a terminal can show.</summary>
internal static class TerminalSupport
{
    // Terminals that show no escape sequences, or are known to have no Sixel graphics and are not worth a question.
    private static readonly string[] s_plain = ["dumb", "unknown"];
    private static readonly string[] s_withoutSixel = ["linux", "cons25", "vt100", "ansi"];

    /// <summary>Whether colours are not wanted (https://no-color.org), or the terminal has none.</summary>
    /// <param name="environment">Value of an environment variable, or null.</param>
    public static bool IsPlain(Func<string, string?> environment) =>
        !string.IsNullOrEmpty(environment("NO_COLOR")) || s_plain.Contains(environment("TERM"), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the environment leaves it open if the terminal has Sixel graphics.</summary>
    /// <param name="environment">Value of an environment variable, or null.</param>
    public static bool IsWorthAsking(Func<string, string?> environment) =>
        !IsPlain(environment)
        && !s_withoutSixel.Contains(environment("TERM"), StringComparer.OrdinalIgnoreCase)
        && environment("TERM_PROGRAM") != "Apple_Terminal";
}
