using System.Text.Json;

namespace CnnViz.Import.Keras;

/// <summary>How a configuration says what a layer is applied to.</summary>
internal static class KerasReferences
{
    private const string TensorClass = "__keras_tensor__";
    private const string ConstantClass = "__tensor__";
    private const string NumpyClass = "__numpy__";

    // What TensorFlow's functions call their second operand.
    private static readonly string[] s_secondOperands = ["y", "bias"];

    // Stands where a layer's name would, before a number.
    private const string ConstantName = "_CONSTANT_VALUE";

    /// <summary>The outputs in a list [layer, call, output], or a list or dictionary of such lists.</summary>
    public static IEnumerable<KerasOutput> Parse(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array when IsOutput(json) => [ToOutput(json)],
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Parse),
        JsonValueKind.Object => json.EnumerateObject().SelectMany(entry => Parse(entry.Value)),
        _ => [],
    };

    /// <summary>One application of a layer.</summary>
    /// <param name="json">
    /// Of Keras 1 and 2: a list of [layer, call, output, keywords]. Of Keras 3: an object of <c>args</c> and <c>kwargs</c>.
    /// </param>
    public static KerasCall ParseCall(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Object)
        {
            JsonElement keywords = json.GetProperty("kwargs");
            IEnumerable<KerasArgument> named = keywords.EnumerateObject().SelectMany(entry => ParseArguments(entry.Value));
            return new KerasCall(
                [.. ParseArguments(json.GetProperty("args")), .. named.Where(argument => argument.Output is not null)],
                new KerasSettings(keywords));
        }

        // A single input may stand without a list around it.
        JsonElement[] inputs = IsOutput(json) ? [json] : [.. json.EnumerateArray()];
        JsonElement keywordsOfFirst = inputs.Length > 0 && inputs[0].GetArrayLength() > 3 ? inputs[0][3] : default;
        List<KerasArgument> arguments = [.. inputs.Select(ToArgument)];
        foreach (string operand in s_secondOperands)
        {
            if (keywordsOfFirst.ValueKind == JsonValueKind.Object && keywordsOfFirst.TryGetProperty(operand, out JsonElement second))
            {
                arguments.AddRange(IsNumbers(second)
                    ? [ToNumbers(second)]
                    : Parse(second).Select(output => new KerasArgument(output, [])));
            }
        }

        return new KerasCall(arguments, new KerasSettings(keywordsOfFirst));
    }

    private static IEnumerable<KerasArgument> ParseArguments(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => json.EnumerateArray().SelectMany(ParseArguments),
        JsonValueKind.Number => [ToNumbers(json)],
        JsonValueKind.Object => new KerasSettings(json).Text("class_name") switch
        {
            TensorClass => [new KerasArgument(ToOutput(json.GetProperty("config").GetProperty("keras_history")), [])],
            ConstantClass or NumpyClass => [ToNumbers(json.GetProperty("config").GetProperty("value"))],
            _ => [],
        },
        _ => [],
    };

    private static bool IsNumbers(JsonElement json) => json.ValueKind == JsonValueKind.Number
        || (json.ValueKind == JsonValueKind.Array && json.EnumerateArray().All(IsNumbers));

    private static KerasArgument ToNumbers(JsonElement json) => new(null, [.. Flatten(json)]);

    private static IEnumerable<double> Flatten(JsonElement json) =>
        json.ValueKind == JsonValueKind.Array ? json.EnumerateArray().SelectMany(Flatten) : [json.GetDouble()];

    private static bool IsOutput(JsonElement json) => json.GetArrayLength() >= 3 && json[0].ValueKind == JsonValueKind.String;

    private static KerasArgument ToArgument(JsonElement json) =>
        json[0].GetString() == ConstantName ? ToNumbers(json[2]) : new KerasArgument(ToOutput(json), []);

    private static KerasOutput ToOutput(JsonElement json) => new(json[0].GetString()!, json[1].GetInt32(), json[2].GetInt32());
}
