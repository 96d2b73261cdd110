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

    /// <summary>Whether its input goes into layers that see each image of a sequence by itself.</summary>
    public bool TakesFrames => Layers.Any(layer => layer.IsTimeDistributed
        && layer.Calls.Any(call => call.Arguments.Any(argument => argument.Output?.Layer == Inputs[0])));

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">The object with <c>class_name</c> and <c>config</c>.</param>
    public static KerasModel Parse(JsonElement json) => Parse(json, new WeightKeys([], []))
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
            var previous = new KerasArgument(new KerasOutput(layers[i - 1].Name, 0, 0), []);
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
        // Keras numbers the layers of each class in a model.
        string[] words = [.. list.EnumerateArray().Select(WordOf)];
        Dictionary<string, int> counts = words.GroupBy(word => word).ToDictionary(group => group.Key, group => group.Count());
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. list.EnumerateArray().Zip(words, (layer, word) =>
        {
            int number = numbers[word] = numbers.GetValueOrDefault(word, -1) + 1;
            return ParseLayer(layer, keys, new WeightPlace(word, number, counts[word]));
        })];
    }

    private static string WordOf(JsonElement json)
    {
        string className = json.GetProperty("class_name").GetString()!.Split('>')[^1];
        bool isOperation = (new KerasSettings(json).Text("module") ?? string.Empty).Contains(".ops", StringComparison.Ordinal);
        return ToSnakeCase(isOperation ? $"{className}Operation" : className);
    }

    private static KerasLayer ParseLayer(JsonElement json, WeightKeys parent, WeightPlace place)
    {
        var settings = new KerasSettings(json);
        JsonElement config = json.GetProperty("config");
        string name = settings.Text("name") ?? new KerasSettings(config).Text("name") ?? json.GetProperty("class_name").GetString()!;
        var keys = new WeightKeys([.. parent.Names, name], [.. parent.Places, place]);
        KerasCall[] calls = json.TryGetProperty("inbound_nodes", out JsonElement nodes)
            ? [.. nodes.EnumerateArray().Select(KerasReferences.ParseCall)]
            : [];
        bool isWrapper = json.GetProperty("class_name").GetString() == "TimeDistributed";
        if (isWrapper)
        {
            json = config.GetProperty("layer");
            keys = keys with { Places = [.. keys.Places, new WeightPlace("layer", 0, 0)] };
        }

        return new KerasLayer(name, ClassOf(json), new KerasSettings(json.GetProperty("config")), calls, Parse(json, keys), keys)
        {
            IsTimeDistributed = isWrapper,
            InputShape = settings.Find("build_config") is { ValueKind: JsonValueKind.Object } build
                ? new KerasSettings(build).Shape("input_shape")
                : null,
            OwnShape = new KerasSettings(config).Shape("batch_shape"),
        };
    }

    // A class of the author's own may have the name of one of Keras's, and is not the same.
    private static string ClassOf(JsonElement json)
    {
        string className = json.GetProperty("class_name").GetString()!;
        string module = new KerasSettings(json).Text("module") ?? "keras";
        bool isKeras = module.Split('.')[0] is "keras" or "tf_keras" or "tensorflow";
        return isKeras ? className : $"{module}>{className}";
    }

    /// <summary>Keras's own way from BatchNormalization to batch_normalization.</summary>
    internal static string ToSnakeCase(string name) =>
        WordEnd().Replace(WordStart().Replace(name, "$1_$2"), "$1_$2").ToLowerInvariant();

    private static long?[]? ShapeOf(KerasLayer layer) => layer.OwnShape ?? layer.Model?.InputShape;

    [GeneratedRegex("(.)([A-Z][a-z]+)")]
    private static partial Regex WordStart();

    [GeneratedRegex("([a-z])([A-Z])")]
    private static partial Regex WordEnd();
}

/// <summary>A model of a class that has no configuration of layers: it is code.</summary>
internal sealed class UnsupportedModelException(string className) : Exception(className);
