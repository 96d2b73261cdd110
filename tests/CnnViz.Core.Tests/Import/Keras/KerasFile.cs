using System.IO.Compression;
using System.Text;
using PureHDF;

namespace CnnViz.Tests.Import.Keras;

/// <summary>
/// Puts small Keras models together. The first layer, <c>eye</c>, is a convolution that changes nothing, so that every model is one of
/// images.
/// </summary>
internal sealed class KerasFile
{
    private const string InKeras = "'module':'keras.layers'";

    private readonly List<Layer> _layers = [];
    private readonly int[] _shape;

    /// <param name="shape">Shape of the input, rows × columns × channels.</param>
    public KerasFile(params int[] shape)
    {
        _shape = shape;
        Pixels eye = new(1, 1, shape[^1], shape[^1]);
        for (int i = 0; i < shape[^1]; i++)
        {
            eye.Values[i * shape[^1] + i] = 1;
        }

        _layers.Add(new Layer("Conv2D", "eye", "'use_bias':false", ["image"], [eye]));
    }

    /// <summary>What the file says wrote it.</summary>
    public string Version { get; init; } = "2.4.0";

    /// <summary>The model's name.</summary>
    public string Name { get; init; } = "model";

    /// <summary>Adds a layer on top of the last.</summary>
    /// <param name="className">Its class.</param>
    /// <param name="settings">Its settings as JSON with single quotes and without braces.</param>
    /// <param name="weights">Its weights in Keras's order.</param>
    public KerasFile Add(string className, string settings = "", params Pixels[] weights) =>
        Add(className, "layer", settings, [_layers[^1].Name], weights);

    /// <summary>Adds a layer on top of others.</summary>
    public KerasFile Add(string className, string name, string settings, string[] inputs, params Pixels[] weights)
    {
        string unique = _layers.Exists(layer => layer.Name == name) ? $"{name}_{_layers.Count}" : name;
        _layers.Add(new Layer(className, unique, settings, inputs, weights));
        return this;
    }

    /// <summary>The model's configuration as Keras 2 writes it, a functional one.</summary>
    public string Config()
    {
        string shape = Braces($"'name':'image','batch_input_shape':[null,{Sizes}]");
        string input = Braces($"'class_name':'InputLayer','name':'image','config':{shape},'inbound_nodes':[]");
        IEnumerable<string> layers = _layers.Select(layer =>
        {
            string call = string.Join(',', layer.Inputs.Select(name => $"['{name}',0,0,{{}}]"));
            return Braces($"'class_name':'{layer.Class}','name':'{layer.Name}','config':{layer.Config},'inbound_nodes':[[{call}]]");
        });
        string ends = $"'input_layers':[['image',0,0]],'output_layers':[['{_layers[^1].Name}',0,0]]";
        string config = Braces($"'name':'{Name}','layers':[{string.Join(",\n", layers.Prepend(input))}],{ends}");
        return Json(Braces($"'class_name':'Functional','config':{config}"));
    }

    /// <summary>The same as a sequence, in which the first layer has the shape of the input.</summary>
    /// <param name="isList">Whether it is a plain list of layers, as of old.</param>
    public string SequentialConfig(bool isList = false)
    {
        IEnumerable<string> layers = _layers.Select((layer, i) =>
        {
            string shape = i > 0 ? string.Empty : $"'batch_input_shape':[null,{Sizes}],";
            string config = $"{{{shape}{layer.Config[1..]}";
            return Braces($"'class_name':'{layer.Class}','config':{config}");
        });
        string list = $"[{string.Join(",\n", layers)}]";
        string whole = isList ? list : Braces($"'name':'{Name}','layers':{list}");
        return Json(Braces($"'class_name':'Sequential','config':{whole}"));
    }

    /// <summary>The same as Keras 3 writes it.</summary>
    public string NewConfig()
    {
        string shape = Braces($"'batch_shape':[null,{Sizes}]");
        string input = Braces($"{InKeras},'class_name':'InputLayer','name':'image','config':{shape},'inbound_nodes':[]");
        IEnumerable<string> layers = _layers.Select(layer =>
        {
            string call = Braces($"'args':[{NewArguments(layer)}],'kwargs':{{}}");
            return Braces(
                $"{InKeras},'class_name':'{layer.Class}','name':'{layer.Name}','config':{layer.Config},'inbound_nodes':[{call}]");
        });
        string ends = $"'input_layers':['image',0,0],'output_layers':['{_layers[^1].Name}',0,0]";
        string config = Braces($"'name':'{Name}','trainable':true,'layers':[{string.Join(",\n", layers.Prepend(input))}],{ends}");
        return Json(Braces($"'module':'keras.src.models.functional','class_name':'Functional','config':{config}"));
    }

    /// <summary>An HDF5 file of Keras 2.</summary>
    /// <param name="config">The configuration; null for <see cref="Config"/>.</param>
    /// <param name="dataset">How a weight is stored; null for plainly.</param>
    public byte[] ToHdf5(string? config = null, Func<Pixels, object>? dataset = null) => WriteHdf5(config ?? Config(), Version, root =>
    {
        foreach (Layer layer in _layers.Where(layer => layer.Weights.Length > 0))
        {
            string[] names = [.. layer.Weights.Select((_, i) => $"weight_{i}:0")];
            var inner = new H5Group();
            foreach ((string name, Pixels weight) in names.Zip(layer.Weights))
            {
                inner[name] = (dataset ?? Plain)(weight);
            }

            root[layer.Name] = new H5Group
            {
                Attributes = { ["weight_names"] = names.Select(name => $"{layer.Name}/{name}").ToArray() },
                [layer.Name] = inner,
            };
        }
    });

    /// <summary>A file of Keras 3.</summary>
    public byte[] ToArchive()
    {
        var layers = new H5Group();
        var numbers = new Dictionary<string, int>();
        foreach (Layer layer in _layers)
        {
            // Keras counts the layers of each class, those without weights too.
            string word = layer.Class switch
            {
                "Conv2D" => "conv2d",
                "BatchNormalization" => "batch_normalization",
                "PReLU" => "p_re_lu",
                _ => layer.Class.ToLowerInvariant(),
            };
            int number = numbers[word] = numbers.GetValueOrDefault(word, -1) + 1;
            var variables = new H5Group();
            for (int i = 0; i < layer.Weights.Length; i++)
            {
                variables[$"{i}"] = Plain(layer.Weights[i]);
            }

            layers[number == 0 ? word : $"{word}_{number}"] = new H5Group { ["vars"] = variables };
        }

        return Zip(("metadata.json", """{"keras_version":"3.5.0"}"""u8.ToArray()),
            ("config.json", Encoding.UTF8.GetBytes(NewConfig())),
            ("model.weights.h5", ToBytes(new H5File { ["layers"] = layers })));
    }

    /// <summary>An HDF5 file of a configuration and weights.</summary>
    public static byte[] WriteHdf5(string config, string version, Action<H5Group> addWeights)
    {
        var weights = new H5Group { Attributes = { ["keras_version"] = version, ["backend"] = "tensorflow" } };
        addWeights(weights);
        return ToBytes(new H5File
        {
            Attributes = { ["model_config"] = config, ["keras_version"] = version, ["backend"] = "tensorflow" },
            ["model_weights"] = weights,
        });
    }

    public static byte[] ToBytes(H5File file)
    {
        using var stream = new MemoryStream();
        file.Write(stream, new H5WriteOptions(PreferCompactDatasetLayout: false));
        return stream.ToArray();
    }

    public static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    /// <summary>A weight as a dataset.</summary>
    public static H5Dataset Plain(Pixels weight) => new(weight.Values, fileDims: [.. weight.Shape.Select(size => (ulong)size)]);

    /// <summary>JSON from text with single quotes.</summary>
    public static string Json(string text) => text.Replace('\'', '"');

    private string Sizes => string.Join(',', _shape.Select(size => size < 0 ? "null" : $"{size}"));

    private static string NewArguments(Layer layer)
    {
        string[] tensors = [.. layer.Inputs.Select(name =>
            Braces($"'class_name':'__keras_tensor__','config':{{'shape':[null,1],'dtype':'float32','keras_history':['{name}',0,0]}}"))];
        return tensors.Length == 1 ? tensors[0] : $"[{string.Join(',', tensors)}]";
    }

    private static string Braces(string inside) => $"{{{inside}}}";

    private sealed record Layer(string Class, string Name, string Settings, string[] Inputs, Pixels[] Weights)
    {
        public string Config => $"{{'name':'{Name}'{(Settings.Length > 0 ? "," : string.Empty)}{Settings}}}";
    }
}
