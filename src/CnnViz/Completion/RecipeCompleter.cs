using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using CnnViz.Ascent;

namespace CnnViz.Completion;

/// <summary>Completes the names of published recipes: those that suit the command.</summary>
public sealed class RecipeCompleter : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.From(
            Recipe.Published.Where(recipe => Suits(recipe, commandName)).Select(recipe => (recipe.Name, Tip(recipe))), wordToComplete);

    private static bool Suits(Recipe recipe, string command) => command switch
    {
        "New-CnnRecipe" => true,
        "Invoke-DeepDream" => recipe.Dream is not null,
        _ => recipe.Dream is null && !recipe.Name.EndsWith("Class", StringComparison.Ordinal),
    };

    private static string Tip(Recipe recipe) => recipe.Dream is null
        ? $"{recipe.Steps} steps of {recipe.Update.Rule} on {recipe.Image.Parameter}"
        : $"{recipe.Steps} steps at each octave of a photo";
}
