using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.Json.Nodes;
using CnnViz.Ascent;

namespace CnnViz;

/// <summary>What people write of recipes in PowerShell, as JSON objects for <see cref="RecipeReader"/>.</summary>
internal static class RecipeInput
{
    /// <summary>The object of a hashtable or a custom object.</summary>
    public static JsonObject ToJson(object source)
    {
        IEnumerable<(string Name, object? Value)> members = Base(source) is IDictionary dictionary
            ? dictionary.Cast<DictionaryEntry>().Select(entry => ($"{entry.Key}", entry.Value))
            : PSObject.AsPSObject(source).Properties.Select(property => (property.Name, (object?)property.Value));
        var json = new JsonObject();
        foreach ((string name, object? value) in members)
        {
            json[name] = ToNode(value);
        }

        return json;
    }

    private static JsonNode? ToNode(object? value) => Base(value) switch
    {
        null => null,
        Recipe recipe => RecipeReader.ToJson(recipe),
        bool flag => flag,
        SwitchParameter flag => flag.ToBool(),
        Enum name => name.ToString(),
        string text => text,

        // In another process, an enumeration became a number that is written as its name.
        long number when value is PSObject wrapped && wrapped.TypeNames[0].StartsWith("Deserialized.", StringComparison.Ordinal) =>
            wrapped.ToString(),
        float number => float.IsFinite(number) ? number : $"{number}",
        double number => double.IsFinite(number) ? number : $"{number}",
        IDictionary or PSCustomObject => ToJson(value!),
        IEnumerable many => new JsonArray([.. many.Cast<object?>().Select(ToNode)]),
        IConvertible number when number.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal => number.ToDecimal(CultureInfo.InvariantCulture),
        var other => other.ToString(),
    };

    private static object? Base(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
