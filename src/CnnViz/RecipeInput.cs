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
            : PropertiesOf(PSObject.AsPSObject(source)).Select(property => (property.Name, (object?)property.Value));
        var json = new JsonObject();
        foreach ((string name, object? value) in members)
        {
            json[name] = ToNode(value);
        }

        return json;
    }

    // What comes from another process has notes on where it comes from.
    private static IEnumerable<PSPropertyInfo> PropertiesOf(PSObject source) =>
        source.Properties.Where(property => !IsFromElsewhere(source) || property.MemberType == PSMemberTypes.Property);

    private static bool IsFromElsewhere(PSObject source) => source.TypeNames[0].StartsWith("Deserialized.", StringComparison.Ordinal);

    private static JsonNode? ToNode(object? value) => Base(value) switch
    {
        null => null,
        Recipe recipe => RecipeReader.ToJson(recipe),
        bool flag => flag,
        SwitchParameter flag => flag.ToBool(),
        Enum name => name.ToString(),
        string text => text,

        // In another process, an enumeration became a number that is written as its name.
        long when value is PSObject wrapped && IsFromElsewhere(wrapped) => wrapped.ToString(),
        float number => float.IsFinite(number) ? number : $"{number}",
        double number => double.IsFinite(number) ? number : $"{number}",
        IDictionary or PSCustomObject => ToJson(value!),
        IEnumerable many => new JsonArray([.. many.Cast<object?>().Select(ToNode)]),
        IConvertible number when number.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal => number.ToDecimal(CultureInfo.InvariantCulture),
        var other => other.ToString(),
    };

    private static object? Base(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
