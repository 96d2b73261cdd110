using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CnnViz.Ascent;

/// <summary>
/// Makes recipes of JSON objects. Their keys, in any case, are names of settings (<c>{ "From": "Robust", "Decay": 1.1, "Zoom": [0.9, 1.1] }</c>)
/// or those of the recipe and its parts (<c>{ "Name": "Robust", "Steps": 128, "Image": { "Decay": 1.1 } }</c>), as ConvertTo-Json writes them;
/// what they leave out is that of the recipe to start from. All that is read is checked by the rules for recipes.
/// </summary>
public static class RecipeReader
{
    private const string From = "From";
    private const int DeepestJson = 16;

    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNameCaseInsensitive = true,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
    };

    /// <summary>Reads a recipe.</summary>
    /// <param name="json">The text of a JSON object.</param>
    /// <param name="purpose">What the recipe is for: where the object has neither From nor the name of a published recipe, it starts from the
    /// usual one.</param>
    /// <exception cref="CnnVizException">It is no JSON object, has keys that no recipe has, or values that no recipe may have.</exception>
    public static Recipe Read(string json, RecipePurpose purpose = RecipePurpose.Filters)
    {
        try
        {
            if (JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = DeepestJson }) is JsonObject recipe)
            {
                return Read(recipe, purpose);
            }
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            // Below; a key that is there twice is an ArgumentException, and half a character an InvalidOperationException.
        }

        throw new CnnVizException(
            "RecipeJsonInvalid", "The text is not the JSON object of a recipe.", "Write it as ConvertTo-Json writes a recipe.");
    }

    /// <summary>Reads a recipe.</summary>
    /// <param name="recipe">The object.</param>
    /// <param name="purpose">As above.</param>
    /// <exception cref="CnnVizException">As above.</exception>
    public static Recipe Read(JsonObject recipe, RecipePurpose purpose = RecipePurpose.Filters) => Change(Start(recipe, purpose), recipe);

    /// <summary>A recipe with changes.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="changes">The object; From counts for nothing here.</param>
    /// <exception cref="CnnVizException">As above.</exception>
    public static Recipe Change(Recipe recipe, JsonObject changes)
    {
        var draft = new RecipeDraft(ToJson(recipe), s_options);
        foreach ((string key, JsonNode? value) in changes)
        {
            if (!Is(key, From))
            {
                draft.Set(key, value);
            }
        }

        Recipe changed = draft.ToRecipe();
        changed.Validate();
        return changed;
    }

    /// <summary>The object of a whole recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    public static JsonObject ToJson(Recipe recipe) => JsonSerializer.SerializeToNode(recipe, s_options)!.AsObject();

    private static Recipe Start(JsonObject recipe, RecipePurpose purpose) => Value(recipe, From) switch
    {
        JsonObject other => Read(other, purpose),
        JsonValue name when name.TryGetValue(out string? text) => Recipe.Get(text, purpose),
        null => Named(recipe) ?? Recipe.Default(purpose),
        JsonNode other => throw new CnnVizException(
            "RecipeNotFound", $"{other.ToJsonString()} is not a recipe to start from.", "Give a recipe or the name of one."),
    };

    private static Recipe? Named(JsonObject recipe) => Value(recipe, nameof(Recipe.Name)) is JsonValue name && name.TryGetValue(out string? text)
        ? Recipe.Published.FirstOrDefault(published => Is(published.Name, text))
        : null;

    private static JsonNode? Value(JsonObject recipe, string key) => recipe.FirstOrDefault(pair => Is(pair.Key, key)).Value;

    private static bool Is(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}
