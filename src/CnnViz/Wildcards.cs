using System.Management.Automation;

namespace CnnViz;

/// <summary>Patterns of names. Names of the module are the same in every culture, so upper and lower case are those of the invariant one.</summary>
internal static class Wildcards
{
    /// <summary>The pattern of a text with wildcards.</summary>
    /// <exception cref="CnnVizException">It is no pattern.</exception>
    public static WildcardPattern Of(string pattern)
    {
        try
        {
            var wildcard = WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);

            // Only now it is read.
            wildcard.IsMatch(string.Empty);
            return wildcard;
        }
        catch (WildcardPatternException exception)
        {
            throw Invalid(pattern, exception);
        }
    }

    /// <summary>The error for a text that is no pattern.</summary>
    /// <param name="pattern">The text.</param>
    /// <param name="exception">What PowerShell says.</param>
    public static CnnVizException Invalid(string? pattern, WildcardPatternException exception) => new(
        "WildcardInvalid", $"'{pattern}' is not a pattern with wildcards.", "Close the bracket, or write `[ for a bracket itself.", exception);
}
