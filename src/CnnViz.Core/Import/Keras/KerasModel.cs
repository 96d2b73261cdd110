using System.Text.Json;
using System.Text.RegularExpressions;

namespace CnnViz.Import.Keras;

/// <summary>A model as its configuration has it: Sequential or Functional, with models inside perhaps.</summary>
/// <param name="Name">The author's name for it.</param>
/// <param name="Layers">Its layers, in the order of the file.</param>
/// <param name="Inputs">Names of the layers where its inputs come in.</param>
/// <param name="Outputs">Its outputs.</param>
/// <param name="InputShape">The shape of its first input without the batch, open sizes as null; null where it is not said.</param>
internal sealed partial record KerasModel(
    string Name,
    IReadOnlyList<KerasLayer> Layers,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<KerasOutput> Outputs,
    long?[]? InputShape)
{
    private const string SequentialClass = "Sequential";

    /// <summary>All layers, those of models inside too.</summary>
    public IEnumerable<KerasLayer> AllLayers =>
        Layers.SelectMany(layer => layer.Model is null ? [layer] : layer.Model.AllLayers.Prepend(layer));

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">The object with <c>class_name</c> and <c>config</c>.</param>
    public static KerasModel Parse(JsonElement json) => Parse(json, new WeightKeys([], string.Empty))
        ?? throw new UnsupportedModelException(json.GetProperty("class_name").GetString() ?? "?");

    private static KerasModel? Parse(JsonElement json, WeightKeys keys)
    {
        JsonElement config = json.GetProperty("config");
        return json.GetProperty("class_name").GetString() switch
        {
            SequentialClass => ParseSequential(config, keys),
            _ when new KerasSettings(config).Find("output_layers") is not null => ParseFunctional(config, keys),
            _ => null,
        };
    }

    // Before Keras 2.2.3 a sequence was a plain list.
    private static KerasModel ParseSequential(JsonElement config, WeightKeys keys)
    {
        bool isList = config.ValueKind == JsonValueKind.Array;
        var settings = new KerasSettings(config);
        List<KerasLayer> layers = ParseLayers(isList ? config : config.GetProperty("layers"), keys);
        if (layers.Count == 0)
        {
            throw new FormatException("a sequence has no layers");
        }

        long?[]? shape = ShapeOf(layers[0]) ?? settings.Shape("build_input_shape");
        if (!layers[0].IsInput)
        {
            layers.Insert(0, new KerasLayer("input", "InputLayer", KerasSettings.None, [], null, keys));
        }

        for (int i = 1; i < layers.Count; i++)
        {
            var previous = new KerasArgument(new KerasOutput(layers[i - 1].Name, 0, 0), 0);
            layers[i] = layers[i] with { Calls = [new KerasCall([previous], KerasSettings.None)] };
        }

        return new KerasModel(
            settings.Text("name") ?? string.Empty, layers, [layers[0].Name], [new KerasOutput(layers[^1].Name, 0, 0)], shape);
    }

    private static KerasModel ParseFunctional(JsonElement config, WeightKeys keys)
    {
        List<KerasLayer> layers = ParseLayers(config.GetProperty("layers"), keys);
        string[] inputs = [.. KerasReferences.Parse(config.GetProperty("input_layers")).Select(output => output.Layer)];
        KerasOutput[] outputs = [.. KerasReferences.Parse(config.GetProperty("output_layers"))];
        KerasLayer? first = layers.Find(layer => inputs.Length > 0 && layer.Name == inputs[0]);

        // A model inside may count the one application that it was made with before all others.
        ILookup<string, int> counted = References(layers).Concat(outputs).ToLookup(output => output.Layer, output => output.Call);
        HashSet<string> countingFromOne = [.. layers
            .Where(layer => layer.Model is not null && counted[layer.Name].Any(call => call >= layer.Calls.Count))
            .Select(layer => layer.Name)];
        KerasOutput Recount(KerasOutput output) =>
            countingFromOne.Contains(output.Layer) ? output with { Call = output.Call - 1 } : output;
        KerasArgument RecountArgument(KerasArgument argument) =>
            argument.Output is { } output ? argument with { Output = Recount(output) } : argument;
        return new KerasModel(
            new KerasSettings(config).Text("name") ?? string.Empty,
            [.. layers.Select(layer => layer with
            {
                Calls = [.. layer.Calls.Select(call => call with { Arguments = [.. call.Arguments.Select(RecountArgument)] })],
            })],
            inputs,
            [.. outputs.Select(Recount)],
            first is null ? null : ShapeOf(first));
    }

    private static IEnumerable<KerasOutput> References(IEnumerable<KerasLayer> layers) => layers
        .SelectMany(layer => layer.Calls)
        .SelectMany(call => call.Arguments)
        .Select(argument => argument.Output)
        .OfType<KerasOutput>();

    private static List<KerasLayer> ParseLayers(JsonElement list, WeightKeys keys)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. list.EnumerateArray().Select(layer => ParseLayer(layer, keys, numbers))];
    }

    private static KerasLayer ParseLayer(JsonElement json, WeightKeys parent, Dictionary<string, int> numbers)
    {
        string className = json.GetProperty("class_name").GetString()!;
        JsonElement config = json.GetProperty("config");
        string name = new KerasSettings(json).Text("name") ?? new KerasSettings(config).Text("name") ?? className;
        string module = new KerasSettings(json).Text("module") ?? string.Empty;
        bool isOperation = module.Contains(".ops", StringComparison.Ordinal);
        WeightKeys keys = KeysOf(name, isOperation ? $"{className}Operation" : className, parent, numbers);
        KerasCall[] calls = json.TryGetProperty("inbound_nodes", out JsonElement nodes)
            ? [.. nodes.EnumerateArray().Select(KerasReferences.ParseCall)]
            : [];
        return new KerasLayer(name, className, new KerasSettings(config), calls, Parse(json, keys), keys);
    }

    // Keras numbers the layers of each class in a model.
    private static WeightKeys KeysOf(string name, string className, WeightKeys parent, Dictionary<string, int> numbers)
    {
        string word = ToSnakeCase(className);
        int number = numbers[word] = numbers.GetValueOrDefault(word, -1) + 1;
        string path = number == 0 ? word : $"{word}_{number}";
        return new WeightKeys([.. parent.Names, name], parent.Path.Length == 0 ? $"layers/{path}" : $"{parent.Path}/layers/{path}");
    }

    /// <summary>Keras's own way from BatchNormalization to batch_normalization.</summary>
    internal static string ToSnakeCase(string name) =>
        WordEnd().Replace(WordStart().Replace(name, "$1_$2"), "$1_$2").ToLowerInvariant();

    private static long?[]? ShapeOf(KerasLayer layer) => layer.Settings.Shape("batch_shape") ?? layer.Model?.InputShape;

    [GeneratedRegex("(.)([A-Z][a-z]+)")]
    private static partial Regex WordStart();

    [GeneratedRegex("([a-z])([A-Z])")]
    private static partial Regex WordEnd();
}

/// <summary>A model of a class that has no configuration of layers: it is code.</summary>
internal sealed class UnsupportedModelException(string className) : Exception(className);
