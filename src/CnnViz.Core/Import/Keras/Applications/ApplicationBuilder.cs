using System.Text.Json;

namespace CnnViz.Import.Keras.Applications;

/// <summary>Writes the configuration of a model that a file of weights leaves out, layer by layer.</summary>
/// <param name="name">Name of the model.</param>
/// <param name="autoNames">
/// The names of the file's layers that were numbered by class, in their order, by class: they count on from model to model.
/// </param>
internal sealed class ApplicationBuilder(string name, IReadOnlyDictionary<string, Queue<string>> autoNames)
{
    /// <summary>Name of the layer where the image comes in.</summary>
    public const string Image = "input";

    private readonly List<KerasLayer> _layers = [Layer("InputLayer", Image, new { }, [])];

    /// <summary>Adds a layer; gives its name.</summary>
    /// <param name="className">Its class.</param>
    /// <param name="layer">Its name; null for the next one that Keras gives to this class.</param>
    /// <param name="settings">Its settings, an object with Keras's names.</param>
    /// <param name="inputs">The layers that it is applied to.</param>
    public string Add(string className, string? layer, object settings, params string[] inputs)
    {
        string word = KerasModel.ToSnakeCase(className);
        string unique = layer
            ?? (autoNames.GetValueOrDefault(word)?.TryDequeue(out string? next) == true ? next : $"{word}_{_layers.Count}");
        _layers.Add(Layer(className, unique, settings, inputs));
        return unique;
    }

    /// <summary>Adds a convolution.</summary>
    public string Conv(string? layer, string input, object settings) => Add("Conv2D", layer, settings, input);

    /// <summary>Adds a batch normalization.</summary>
    public string Norm(string? layer, string input, double epsilon = 1e-3, bool scale = true) =>
        Add("BatchNormalization", layer, new { epsilon, scale }, input);

    /// <summary>Adds the classifier: the mean of each channel, then a dense layer with softmax.</summary>
    /// <param name="input">The last map.</param>
    /// <param name="pool">Name of the pooling.</param>
    public string Classify(string input, string pool) =>
        Add("Dense", "predictions", new { activation = "softmax" }, Add("GlobalAveragePooling2D", pool, new { }, input));

    /// <summary>Adds an activation layer.</summary>
    public string Activation(string? layer, string input, string activation = "relu") =>
        Add("Activation", layer, new { activation }, input);

    /// <summary>The model.</summary>
    /// <param name="output">The layer that gives its output.</param>
    public KerasModel Build(string output) => new(name, _layers, [Image], [new KerasOutput(output, 0, 0)], [null, null, 3]);

    private static KerasLayer Layer(string className, string layer, object settings, string[] inputs)
    {
        KerasArgument[] arguments = [.. inputs.Select(input => new KerasArgument(new KerasOutput(input, 0, 0), []))];
        return new KerasLayer(
            layer,
            className,
            new KerasSettings(JsonSerializer.SerializeToElement(settings)),
            inputs.Length == 0 ? [] : [new KerasCall(arguments, KerasSettings.None)],
            null,
            new WeightKeys([layer], []));
    }
}
