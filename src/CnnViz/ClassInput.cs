using System.Management.Automation;
using CnnViz.Networks;

namespace CnnViz;

/// <summary>Classes as people name them.</summary>
internal static class ClassInput
{
    /// <summary>The classes of a model, with a warning where their names are a guess.</summary>
    /// <inheritdoc cref="CnnClasses(CnnModel, string, IReadOnlyList{string})" />
    public static CnnClasses FindClasses(this Cmdlet cmdlet, CnnModel model, string? layer, IReadOnlyList<string>? names)
    {
        var classes = new CnnClasses(model, layer, names);
        if (classes.IsGuess)
        {
            cmdlet.WriteWarning(
                $"'{model.Name}' has no class names. Because it has 1000 classes, the names of ImageNet are assumed. "
                + "Use -ClassName ImageNet to confirm this, or give other names with -ClassName.");
        }

        return classes;
    }

    /// <summary>The classes of some names, wildcards or numbers, with an error for each that is none.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="classes">All classes.</param>
    /// <param name="texts">Names, wildcards or numbers.</param>
    /// <returns>Each class once, also where it is asked for by a wildcard and by its number.</returns>
    public static CnnFilter[] ChooseClasses(this Cmdlet cmdlet, CnnClasses classes, IEnumerable<string> texts) =>
        [.. texts.SelectMany(text => Choose(cmdlet, classes, text)).Distinct()];

    private static IEnumerable<CnnFilter> Choose(Cmdlet cmdlet, CnnClasses classes, string text)
    {
        if (WildcardPattern.ContainsWildcardCharacters(text))
        {
            return classes.Matching(Wildcards.Of(text).IsMatch);
        }

        try
        {
            return classes.Get(WildcardPattern.Unescape(text));
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            cmdlet.WriteError(exception.ToErrorRecord(text));
            return [];
        }
    }
}
