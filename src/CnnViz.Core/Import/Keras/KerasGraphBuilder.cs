using CnnViz.Import.Networks;
using CnnViz.Import.Onnx;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;

namespace CnnViz.Import.Keras;

/// <summary>Turns a Keras model into a graph.</summary>
/// <param name="file">Name of the file, for messages.</param>
/// <param name="dialect">What the file means by its words.</param>
/// <param name="weights">The weights.</param>
/// <param name="channels">Channels of the images.</param>
/// <param name="inputName">Name of the layer where they come in.</param>
internal sealed class KerasGraphBuilder(string file, KerasDialect dialect, IKerasWeights weights, int channels, string inputName)
{
    private readonly List<string> _unsupported = [];
    private readonly NetworkBuilder _net = new(channels, inputName);

    // What goes into layers that are not known.
    private readonly HashSet<Value> _ends = [];
    private InputScaling? _scaling;
    private ModuleCalls? _calls;
    private long?[]? _shape;

    /// <summary>Whether the network itself scales its image, and then whether it takes 0…255 (else 0…1); null where it does not.</summary>
    public bool? TakesBytes => Scaling.TakesBytes;

    /// <summary>What the user should know about layers that are left out, a sentence; null where all are there.</summary>
    public string? Remark => _unsupported.Count == 0 ? null
        : $"'{file}' has layers that CnnViz does not know; they and all that comes after them are left out: {Unsupported}.";

    private InputScaling Scaling => _scaling ??= new InputScaling(_net.Image);

    private string Unsupported => string.Join("; ", _unsupported.Distinct());

    /// <summary>Builds the graph; the caller owns it.</summary>
    /// <param name="model">The model, with one input of images.</param>
    /// <param name="areFrames">Whether the model has a sequence of such images, and layers that see each by itself.</param>
    /// <exception cref="ModelFormatException">A layer makes no sense, a weight is missing, or there is no convolution; layers before all
    /// convolutions are not known (the message lists them).</exception>
    public Graph Build(KerasModel model, bool areFrames)
    {
        _shape = model.InputShape;
        _calls = new ModuleCalls(_net);
        KerasValue?[] outputs = Run(model, [KerasValue.Map(_net.Image) with { IsFrame = areFrames }], string.Empty);
        Value[] ends = [.. outputs.OfType<KerasValue>().Select(output => output.Value).Concat(_ends).Distinct().Where(end => end != _net.Image)];
        Graph? graph = ends.Length > 0 ? _net.Build(ends) : null;
        if (graph?.Nodes.Any(node => node.Operator is Conv2d or ConvTranspose2d) == true)
        {
            return graph;
        }

        graph?.Dispose();
        throw _unsupported.Count == 0
            ? OnnxInput.NotImages(file, "it has no 2-D convolution")
            : new ModelFormatException(
                "UnsupportedLayer",
                $"'{file}' needs what CnnViz does not know: {Unsupported}.",
                "Export the network as ONNX (tf2onnx, or model.export), or without these layers.");
    }

    // What comes after a layer that is not known is null.
    private KerasValue?[] Run(KerasModel model, KerasValue?[] inputs, string prefix)
    {
        var values = new Dictionary<KerasOutput, KerasValue?>();
        for (int i = 0; i < model.Inputs.Count; i++)
        {
            values[new KerasOutput(model.Inputs[i], 0, 0)] =
                i < inputs.Length ? inputs[i] : throw new FormatException($"model '{model.Name}' is applied to too few inputs");
        }

        foreach ((KerasLayer layer, int index) in CallOrder.Of(model))
        {
            KerasCall call = layer.Calls[index];
            KerasOperand[] operands = [.. call.Arguments.Select(argument =>
                new KerasOperand(argument.Output is null ? null : Find(argument.Output), argument.Numbers))];
            bool isKnown = call.Arguments.Zip(operands).All(pair => pair.First.Output is null || pair.Second.Value is not null);
            KerasValue?[] made = isKnown ? Apply(layer, call, operands, $"{prefix}{layer.Name}") : [null];
            if (made is [null] && (layer.Model is null || !isKnown))
            {
                _ends.UnionWith(operands.Select(operand => operand.Value?.Value).OfType<Value>());
            }

            for (int i = 0; i < made.Length; i++)
            {
                values[new KerasOutput(layer.Name, index, i)] = made[i];
            }
        }

        return [.. model.Outputs.Select(Find)];

        // A layer that is not known has one output here, and may have more.
        KerasValue? Find(KerasOutput output) => values.TryGetValue(output, out KerasValue? value) ? value
            : values[output with { Index = 0 }] is null ? null
            : throw new FormatException($"layer '{output.Layer}' has no output {output.Index}");
    }

    private KerasValue?[] Apply(KerasLayer layer, KerasCall call, KerasOperand[] operands, string name)
    {
        if (!layer.IsTimeDistributed)
        {
            return layer.Model is { } inner ? Call(inner, Values(operands), name) : [Make(layer, call, operands, name)];
        }

        bool areFrames = operands is [{ Value.IsFrame: true }];
        KerasOperand[] frames = [.. operands.Select(operand => operand with { Value = ToFrame(operand.Value, false) })];
        KerasValue?[] made = layer.Model is { } model && areFrames ? Call(model, Values(frames), name)
            : areFrames || layer.Class == "Dense" ? [Make(layer, call, frames, name)]
            : [Refuse(layer, name, "in TimeDistributed over what is no sequence of images")];
        return [.. made.Select(value => ToFrame(value, areFrames))];
    }

    private KerasValue?[] Call(KerasModel model, KerasValue?[] inputs, string name) =>
        _calls!.Make(name, () => Run(model, inputs, $"{name}/"), outputs => outputs is [not null]);

    private static KerasValue? ToFrame(KerasValue? value, bool isFrame) => value is { } one ? one with { IsFrame = isFrame } : null;

    private static KerasValue?[] Values(KerasOperand[] operands) => [.. operands.Select(operand => operand.Value)];

    private KerasValue? Make(KerasLayer layer, KerasCall call, KerasOperand[] operands, string name)
    {
        int count = _net.Count;
        try
        {
            bool areFrames = operands.Any(operand => operand.Value is { IsFrame: true });
            if (areFrames && !KerasLayers.IsPointwise(layer.Class))
            {
                throw new UnsupportedUseException("over a sequence of images");
            }

            var made = new KerasLayerCall(_net, dialect, name, layer, call.Keywords, operands, weights.Of(layer.Keys))
            {
                InputShape = layer.InputShape ?? (operands is [{ Value: { } only }] && Scaling.IsImage(only.Value) ? _shape : null),
            };
            string function = KerasModel.ToSnakeCase(layer.Class);
            KerasValue value = KerasLayers.Find(layer.Class) is { } make ? make(made)
                : KerasFunctions.Has(function) ? KerasFunctions.Apply(made, name, made.Input, function)
                : throw new UnsupportedUseException(string.Empty);
            Scaling.Follow(made, value.Value);
            return value with { IsFrame = areFrames };
        }
        catch (UnsupportedUseException exception)
        {
            _net.TakeBack(count);
            return Refuse(layer, name, exception.Message);
        }
        catch (Exception exception) when (exception is not CnnVizException)
        {
            throw new ModelFormatException(
                "LayerInvalid",
                $"'{file}' has a layer that makes no sense: {layer.Class} '{name}': {exception.Message.Split('\n', 2)[0]}",
                "The file may be damaged; download or save it again.",
                exception);
        }
    }

    private KerasValue? Refuse(KerasLayer layer, string name, string why)
    {
        _unsupported.Add($"layer {layer.Class} ('{name}') {why}".TrimEnd());
        return null;
    }
}
