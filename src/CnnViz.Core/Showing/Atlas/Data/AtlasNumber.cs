using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using CnnViz.Ascent;

namespace CnnViz.Showing.Atlas.Data;

/// <summary>A number of a recipe.</summary>
/// <param name="Name">Its name in words, such as <c>views, min zoom</c>.</param>
/// <param name="Value">Its value as text.</param>
internal sealed partial record AtlasNumber(string Name, string Value)
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>All numbers of a recipe; those that are not set are left out, and its size, which the picture tells.</summary>
    public static IReadOnlyList<AtlasNumber> Of(Recipe recipe)
    {
        var numbers = new List<AtlasNumber>();
        Add(JsonSerializer.SerializeToElement(recipe with { Size = null }, s_options), string.Empty, numbers);
        return numbers;
    }

    private static void Add(JsonElement group, string prefix, List<AtlasNumber> numbers)
    {
        foreach (JsonProperty property in group.EnumerateObject())
        {
            string name = prefix + Capital().Replace(property.Name, match => $" {match.Value.ToLowerInvariant()}");
            switch (property.Value.ValueKind)
            {
                case JsonValueKind.Object:
                    Add(property.Value, $"{name}, ", numbers);
                    break;
                case JsonValueKind.Null or JsonValueKind.Array:
                    break;
                default:
                    if (name != "name")
                    {
                        numbers.Add(new AtlasNumber(name, property.Value.ToString()));
                    }

                    break;
            }
        }
    }

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
