using System.Collections;
using System.Management.Automation;
using CnnViz.Ascent;
using CnnViz.Networks;

namespace CnnViz;

/// <summary>What several cmdlets do with their parameters.</summary>
internal static class CmdletExtensions
{
    /// <summary>The models that are given or, where none is, the one imported last; without any, nothing further can succeed.</summary>
    public static IReadOnlyList<CnnModel> ModelsOrLast(this PSCmdlet cmdlet, IReadOnlyList<CnnModel>? models)
    {
        models ??= SessionModels.Last is { } last ? [last] : [];
        if (models.Count == 0)
        {
            var exception = new CnnVizException(
                "NoModel", "No model is given, and none has been imported in this session.", "Import one with Import-CnnModel.");
            cmdlet.ThrowTerminatingError(exception.ToErrorRecord(null));
        }

        return models;
    }

    /// <summary>
    /// An error that ends the pipeline where nothing is given and nothing can come through the pipeline. Such parameters are not mandatory, because
    /// PowerShell would ask for an object that nobody can type.
    /// </summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="given">How many objects are given.</param>
    /// <param name="errorId">The error's id, which says what they are, such as <c>NoPicture</c>.</param>
    /// <param name="example">How they are given, such as <c>Import-FilterImage out | Show-FilterImage</c>.</param>
    public static void RequireInput(this PSCmdlet cmdlet, int given, string errorId, string example)
    {
        if (given == 0 && !cmdlet.MyInvocation.ExpectingInput)
        {
            string what = errorId["No".Length..].ToLowerInvariant();
            cmdlet.ThrowTerminatingError(
                new CnnVizException(errorId, $"No {what} is given.", $"Pipe it in, as in: {example}").ToErrorRecord(null));
        }
    }

    /// <summary>A recipe with the settings that stand on the command line; where they cannot be, nothing further can succeed.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="check">Throws where the cmdlet has no use for a recipe.</param>
    /// <param name="own">Parameters of the cmdlet that only have the name of a setting.</param>
    public static Recipe WithGiven(this PSCmdlet cmdlet, Recipe recipe, Action<Recipe>? check = null, params string[] own)
    {
        try
        {
            Hashtable given = new(cmdlet.MyInvocation.BoundParameters
                .Where(parameter => RecipeSetting.Find(parameter.Key) is not null && !own.Contains(parameter.Key))
                .ToDictionary(parameter => parameter.Key, parameter => parameter.Value));
            check?.Invoke(recipe);
            Recipe changed = RecipeReader.Change(recipe, RecipeInput.ToJson(given));
            return given.ContainsKey(nameof(Recipe.Spectrum)) || given.ContainsKey("Reference") ? cmdlet.SessionState.WithFullPaths(changed) : changed;
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            cmdlet.ThrowTerminatingError(exception.ToErrorRecord(recipe));
            throw;
        }
    }

    /// <summary>The class names of a file or, where there is no such file, of a built-in list; null for null.</summary>
    /// <exception cref="CnnVizException">They cannot be read.</exception>
    public static IReadOnlyList<string>? ReadClassNames(this PSCmdlet cmdlet, string? fileOrList) =>
        fileOrList is null ? null : ClassLists.Load(cmdlet.GetUnresolvedProviderPathFromPSPath(fileOrList), fileOrList);
}
