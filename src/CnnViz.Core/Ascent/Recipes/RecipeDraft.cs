using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using CnnViz.Networks;

namespace CnnViz.Ascent;

/// <summary>A recipe that is being changed, one key after the other.</summary>
/// <param name="values">The object of a whole recipe, which is changed.</param>
/// <param name="options">How values are read and written.</param>
internal sealed class RecipeDraft(JsonObject values, JsonSerializerOptions options)
{
    private readonly HashSet<string> _changed = [];
    private readonly List<string> _unknown = [];

    private static IEnumerable<string> Keys =>
        [.. RecipeSetting.All.Select(setting => setting.Name), .. RecipeSetting.Groups.Select(group => group.Name), "From", nameof(Recipe.Name)];

    /// <summary>Sets the value of a key: a setting, a part of the recipe, or its name.</summary>
    /// <exception cref="CnnVizException">The value is of another kind than the key needs.</exception>
    public void Set(string key, JsonNode? value)
    {
        if (Is(key, nameof(Recipe.Name)))
        {
            values[nameof(Recipe.Name)] = NameOf(value);
        }
        else if (value is null or JsonObject && RecipeSetting.Groups.FirstOrDefault(part => Is(part.Name, key)) is { } group)
        {
            SetGroup(group, value as JsonObject);
        }
        else if (RecipeSetting.Find(key) is { } setting)
        {
            SetSetting(setting, value);
        }
        else
        {
            _unknown.Add($"A recipe has no '{key}'.{NearestNames.Hint(key, Keys)}");
        }
    }

    /// <summary>The recipe with the changes.</summary>
    /// <exception cref="CnnVizException">There were keys that are none.</exception>
    public Recipe ToRecipe()
    {
        if (_unknown.Count > 0)
        {
            throw new CnnVizException(
                "RecipeSettingUnknown", string.Join(' ', _unknown), "Get-Help New-CnnRecipe lists the settings of a recipe.");
        }

        // A step size suits a rule, a normalization and what is changed; a border is given in one way.
        if (!Changed(nameof(UpdateSettings.StepSize))
            && (Changed("UpdateRule") || Changed(nameof(UpdateSettings.GradientNormalization)) || Changed("ImageParameter")))
        {
            values[nameof(Recipe.Update)]![nameof(UpdateSettings.StepSize)] = null;
        }

        if (Changed(nameof(ImageSettings.Border)) && !Changed(nameof(ImageSettings.BorderPixels)))
        {
            values[nameof(Recipe.Image)]![nameof(ImageSettings.BorderPixels)] = null;
        }

        return values.Deserialize<Recipe>(options)!;
    }

    private void SetGroup(PropertyInfo group, JsonObject? members)
    {
        if (members is null)
        {
            values[group.Name] = group.Name is nameof(Recipe.Size) or nameof(Recipe.Dream)
                ? null
                : throw new CnnVizException("RecipeValueInvalid", $"A recipe needs {group.Name}.");
            return;
        }

        values[group.Name] ??= new JsonObject();
        foreach ((string key, JsonNode? value) in members)
        {
            (RecipeSetting Setting, PropertyInfo Member)[] known =
            [
                .. RecipeSetting.All.Where(setting => setting.Group == group)
                    .SelectMany(setting => setting.Members.Select(member => (setting, member))),
            ];
            (RecipeSetting? setting, PropertyInfo? named) = known.FirstOrDefault(pair => Is(pair.Member.Name, key));
            if (setting is null)
            {
                _unknown.Add($"{group.Name} of a recipe has no '{key}'.{NearestNames.Hint(key, known.Select(pair => pair.Member.Name))}");
                continue;
            }

            SetMember(setting, named!, value);
        }
    }

    private void SetSetting(RecipeSetting setting, JsonNode? value)
    {
        if (setting.Group?.Name == nameof(Recipe.Dream) && values[nameof(Recipe.Dream)] is null)
        {
            throw new CnnVizException(
                "RecipeSettingUnsuitable", $"{setting.Name} is for dreams only.", "Start from the recipe DeepDream.");
        }

        if (setting.Members.Count == 1)
        {
            SetMember(setting, setting.Members[0], value);
            return;
        }

        // One value stands for both.
        JsonNode?[] pair = value is JsonArray { Count: 1 or 2 } array ? [.. array] : value is null or JsonArray ? throw Invalid(setting, value) : [value];
        if (setting.Group?.Name == nameof(Recipe.Size))
        {
            values[nameof(Recipe.Size)] ??= new JsonObject();
        }

        SetMember(setting, setting.Members[0], pair[0]);
        SetMember(setting, setting.Members[1], pair[^1]);    }

    private void SetMember(RecipeSetting setting, PropertyInfo member, JsonNode? value)
    {
        try
        {
            object? read = value.Deserialize(member.PropertyType, options);
            JsonObject part = setting.Group is null ? values : values[setting.Group.Name]!.AsObject();
            part[member.Name] = JsonSerializer.SerializeToNode(read, member.PropertyType, options);
            _changed.Add(setting.Name);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // Also infinite numbers, which JSON has none for.
            throw Invalid(setting, value);
        }
    }

    private bool Changed(string setting) => _changed.Contains(setting);

    private static string NameOf(JsonNode? value) => value is JsonValue name && name.TryGetValue(out string? text) && text.Length > 0
        ? text
        : throw new CnnVizException("RecipeValueInvalid", "The name of a recipe must be a text that is not empty.");

    private static CnnVizException Invalid(RecipeSetting setting, JsonNode? value)
    {
        Type type = setting.Members[0].PropertyType;
        string advice = type.IsEnum ? $"It may be {string.Join(", ", Enum.GetNames(type))}."
            : type == typeof(bool) ? "It may be true or false."
            : setting.Members.Count > 1 ? $"It may be one or two numbers {setting.RangeText}."
            : $"It may be a number {setting.RangeText}.";
        return new CnnVizException("RecipeValueInvalid", $"{value?.ToJsonString() ?? "null"} is not a value of {setting.Name}.", advice);
    }

    private static bool Is(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}
