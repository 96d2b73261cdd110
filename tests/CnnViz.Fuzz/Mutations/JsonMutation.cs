using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CnnViz.Fuzz.Mutations;

/// <summary>Damage to JSON that stays JSON, mostly: values, names, depth, and what is there twice.</summary>
internal static class JsonMutation
{
    private const int Deepest = 400;

    // Stands for half a character, which a node cannot have.
    private const string Half = "\u0001half";

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 2 * Deepest };
    private static readonly JsonSerializerOptions s_written = new() { MaxDepth = 3 * Deepest };

    /// <summary>Damages a text once; one that is no JSON as any text.</summary>
    public static byte[] Mutate(byte[] content, Chance chance)
    {
        JsonNode? root = TryParse(content);
        if (root is null || chance.OneIn(6))
        {
            return TextMutation.Mutate(content, chance);
        }

        var places = new List<(JsonNode Parent, string? Name, int Index)>();
        Collect(root, places);
        if (places.Count == 0)
        {
            return TextMutation.Mutate(content, chance);
        }

        (JsonNode parent, string? name, int index) = chance.Of(places);
        JsonNode? value = name is null ? parent[index] : parent[name];
        switch (chance.Below(8))
        {
            case 0:
                Remove(parent, name, index);
                break;
            case 1 when parent is JsonObject members:
                members.Remove(name!);
                members[chance.OneIn(2) ? chance.Word() : chance.Of(places).Name ?? "x"] = value;
                break;
            case 2 when parent is JsonArray list:
                for (int i = Math.Min(chance.Repeats(), 2000); i > 0; i--)
                {
                    list.Insert(index, value?.DeepClone());
                }

                break;
            case 3 when value is not null && parent is JsonObject members:
                return Twice(root, members, name!, value);
            case 4:
                (JsonNode other, string? otherName, int otherIndex) = chance.Of(places);
                Set(parent, name, index, (otherName is null ? other[otherIndex] : other[otherName])?.DeepClone());
                break;
            case 5:
                Set(parent, name, index, Nested(value?.DeepClone(), chance));
                break;
            default:
                Set(parent, name, index, Another(value, chance));
                break;
        }

        return ToBytes(root.ToJsonString(s_written));
    }

    private static JsonNode? TryParse(byte[] content)
    {
        try
        {
            JsonNode? root = JsonNode.Parse(content, documentOptions: s_options);
            Collect(root, []);
            _ = root?.ToJsonString(s_written);
            return root;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            // No JSON; or a name twice, or half a character, which show when they are asked for.
            return null;
        }
    }

    private static void Collect(JsonNode? node, List<(JsonNode, string?, int)> places)
    {
        if (node is JsonObject members)
        {
            foreach ((string name, JsonNode? value) in members)
            {
                places.Add((node, name, 0));
                Collect(value, places);
            }
        }
        else if (node is JsonArray list)
        {
            for (int i = 0; i < list.Count; i++)
            {
                places.Add((node, null, i));
                Collect(list[i], places);
            }
        }
    }

    private static void Remove(JsonNode parent, string? name, int index)
    {
        if (name is null)
        {
            parent.AsArray().RemoveAt(index);
        }
        else
        {
            parent.AsObject().Remove(name);
        }
    }

    private static void Set(JsonNode parent, string? name, int index, JsonNode? value)
    {
        if (name is null)
        {
            parent[index] = value;
        }
        else
        {
            parent[name] = value;
        }
    }

    private static JsonNode? Nested(JsonNode? value, Chance chance)
    {
        for (int i = Math.Min(chance.Repeats(), Deepest); i > 0; i--)
        {
            value = chance.OneIn(2) ? new JsonArray(value) : new JsonObject { ["x"] = value };
        }

        return value;
    }

    private static JsonNode? Another(JsonNode? value, Chance chance) => chance.Below(value is JsonValue ? 9 : 12) switch
    {
        0 => null,
        1 => JsonValue.Create(chance.OneIn(2)),
        2 => JsonValue.Create(chance.Word()),
        3 => JsonValue.Create(new string('a', Math.Min(chance.Repeats(), 10_000))),
        4 => JsonNode.Parse(chance.Of(["1e999", "-1e999", "1e-999", "0.5", "-0.0", "1e20", "123456789012345678901234567890"])),
        5 => JsonValue.Create(chance.Number().ToString(CultureInfo.InvariantCulture)),
        6 => JsonValue.Create(Half),
        9 => new JsonArray(),
        10 => new JsonObject(),
        _ => JsonValue.Create(chance.Number()),
    };

    // A node cannot have a name twice, but its text can.
    private static byte[] Twice(JsonNode root, JsonObject members, string name, JsonNode value)
    {
        const string mark = "\u0001twice";
        members[mark] = value.DeepClone();
        string text = root.ToJsonString(s_written);
        return ToBytes(text.Replace(JsonSerializer.Serialize(mark), JsonSerializer.Serialize(name), StringComparison.Ordinal));
    }

    private static byte[] ToBytes(string text) =>
        Encoding.UTF8.GetBytes(text.Replace(JsonSerializer.Serialize(Half), "\"\\ud800\"", StringComparison.Ordinal));
}
