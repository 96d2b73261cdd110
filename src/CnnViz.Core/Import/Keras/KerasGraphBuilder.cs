using CnnViz.Import.Networks;
using CnnViz.Import.Onnx;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;

namespace CnnViz.Import.Keras;

/// <summary>Turns a Keras model into a graph.</summary>
/// <param name="file">Name of the file, for messages.</param>
/// <param name="dialect">What the file means by its words.</param>
/// <param name="weights">The weights.</param>
internal sealed class KerasGraphBuilder(string file, KerasDialect dialect, IKerasWeights weights)
{
    private readonly List<string> _unsupported = [];

    /// <summary>Where the first thing that happens to the image is that its values are scaled: the layer that does so.</summary>
    public KerasLayer? Scaling { get; private set; }

    /// <summary>Builds the graph; the caller owns it.</summary>
    /// <param name="model">The model, with one input of images.</param>
    /// <param name="channels">Channels of the images.</param>
    /// <exception cref="ModelFormatException">A layer is not known (the message lists all that are not) or makes no sense, a weight is
    /// missing, or there is no convolution.</exception>
    public Graph Build(KerasModel model, int channels)
    {
        var net = new NetworkBuilder(channels, model.Inputs[0]);
        KerasValue?[] outputs = Run(net, model, [KerasValue.Map(net.Image)], string.Empty);
        if (_unsupported.Count > 0)
        {
            throw new ModelFormatException(
                "UnsupportedLayer",
                $"'{file}' needs what CnnViz does not know: {string.Join("; ", _unsupported.Distinct())}.",
                "Export the network as ONNX (tf2onnx, or model.export), or without these layers.");
        }

        Graph graph = net.Build([.. outputs.Select(output => output!.Value.Value)]);
        if (graph.Nodes.Any(node => node.Operator is Conv2d or ConvTranspose2d))
        {
            return graph;
        }

        graph.Dispose();
        throw OnnxInput.NotImages(file, "it has no 2-D convolution");
    }

    // What comes after a layer that is not known is null.
    private KerasValue?[] Run(NetworkBuilder net, KerasModel model, KerasValue?[] inputs, string prefix)
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
                new KerasOperand(argument.Output is null ? null : values[argument.Output], argument.Number))];
            bool isKnown = call.Arguments.Zip(operands).All(pair => pair.First.Output is null || pair.Second.Value is not null);
            KerasValue?[] made = !isKnown ? [null]
                : layer.Model is { } inner ? Run(net, inner, [.. operands.Select(operand => operand.Value)], $"{prefix}{layer.Name}/")
                : [Make(net, layer, call, operands, $"{prefix}{layer.Name}")];
            for (int i = 0; i < made.Length; i++)
            {
                values[new KerasOutput(layer.Name, index, i)] = made[i];
            }
        }

        return [.. model.Outputs.Select(output => values[output])];
    }

    private KerasValue? Make(NetworkBuilder net, KerasLayer layer, KerasCall call, KerasOperand[] operands, string name)
    {
        try
        {
            if (layer.Class is "Rescaling" or "Normalization" && operands is [{ Value: { } input }] && input.Value == net.Image)
            {
                Scaling ??= layer;
            }

            var made = new KerasLayerCall(net, dialect, name, layer.Settings, call.Keywords, operands, weights.Of(layer.Keys));
            string function = KerasModel.ToSnakeCase(layer.Class);
            return KerasLayers.Find(layer.Class) is { } make ? make(made)
                : KerasFunctions.Has(function) ? KerasFunctions.Apply(made, name, made.Input, function)
                : throw new UnsupportedUseException(string.Empty);
        }
        catch (UnsupportedUseException exception)
        {
            _unsupported.Add($"layer {layer.Class} ('{name}') {exception.Message}".TrimEnd());
            return null;
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
}
