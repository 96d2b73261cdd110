using System.Collections;
using System.Management.Automation;
using CnnViz.Ascent;

namespace CnnViz;

/// <summary>
/// Lets a parameter for a recipe take the name of one, a hashtable of settings, JSON, and what ConvertFrom-Json or another process made of a
/// recipe.
/// </summary>
/// <param name="purpose">What the recipe is for.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RecipeArgumentAttribute(RecipePurpose purpose) : ArgumentTransformationAttribute
{
    /// <inheritdoc />
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        try
        {
            object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
            return value is null or Recipe ? value : engineIntrinsics.SessionState.WithFullPaths(Read(inputData!));
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            CnnVizException failure = ForeignFailure.Translate(exception);
            throw new ArgumentTransformationMetadataException($"{failure.Message} {failure.Advice}".TrimEnd(), failure);
        }
    }

    private Recipe Read(object input) => (input is PSObject wrapped ? wrapped.BaseObject : input) switch
    {
        string text => Read(text),

        // Lines of a file.
        object[] lines when lines.Length > 0 && lines.All(line => line is string or PSObject { BaseObject: string }) =>
            Read(string.Join('\n', lines)),
        IDictionary or PSCustomObject => RecipeReader.Read(RecipeInput.ToJson(input), purpose),
        var other => throw new CnnVizException(
            "RecipeNotUnderstood",
            $"'{other}' is not a recipe.",
            "Give a name, a recipe from New-CnnRecipe, or a hashtable of settings."),
    };

    private Recipe Read(string text) =>
        text.AsSpan().TrimStart().StartsWith("{") ? RecipeReader.Read(text, purpose) : Recipe.Get(text.Trim(), purpose);
}
