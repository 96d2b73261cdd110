using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>
/// A network that the user describes in a text file, for weights of no known architecture: a layer a line, <c>name kind
/// option=value …</c>, in execution order. A layer takes the output of the line before, or of those that <c>from</c> names. Sizes of
/// weights are those of the file; what follows a # says nothing. The line <c>input</c> may come first and say <c>size</c> and
/// <c>preprocessing</c>. A line of the kind <c>omit</c> names weights that the network does without.
/// </summary>
internal static class NetworkDescription
{
    private const string Input = "input";
    private const string Omit = "omit";
    private const int LargestSize = 65536;
    private static readonly Extent s_usualSize = new(224, 224);

    // What other libraries call a tensor, and how they join it to the layer's name.
    private static readonly (string Part, string[] Names)[] s_synonyms =
    [
        ("weight", ["kernel", "gamma"]),
        ("bias", ["beta"]),
        ("running_mean", ["moving_mean"]),
        ("running_var", ["moving_variance"]),
    ];

    /// <summary>Reads a description.</summary>
    /// <param name="path">Path of the text file.</param>
    /// <exception cref="CnnVizException">It cannot be read, or a line is wrong; the message has its number.</exception>
    public static Architecture Read(string path)
    {
        try
        {
            return Parse(Path.GetFileName(path), File.ReadAllLines(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CnnVizException(
                "DescriptionUnreadable", $"The description '{path}' cannot be read: {exception.Message}", null, exception);
        }
    }

    /// <summary>Reads the lines of a description.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="lines">The lines.</param>
    /// <exception cref="CnnVizException">A line is wrong, or there is no layer.</exception>
    public static Architecture Parse(string name, IReadOnlyList<string> lines)
    {
        var layers = new List<DescribedLayer>();
        for (int i = 0; i < lines.Count; i++)
        {
            string[] words = [.. lines[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).TakeWhile(word => word[0] != '#')];
            if (words.Length > 0)
            {
                layers.Add(DescribedLayer.Parse($"'{name}', line {i + 1}", words, isInput: layers.Count == 0 && words[0] == Input));
            }
        }

        DescribedLayer? input = layers.FirstOrDefault(layer => layer.Kind == Input);
        DescribedLayer[] body = [.. layers.Where(layer => layer != input && layer.Kind != Omit)];
        Extent size = input?.Size("size", s_usualSize, LargestSize) ?? s_usualSize;
        var architecture = new Architecture(name, net => Describe(net, body))
        {
            Find = Find,
            InputSize = (int)size.Height,
            InputWidth = (int)size.Width,
            Preprocessing = PreprocessingOf(input),
            Omitted = [.. layers.Where(layer => layer.Kind == Omit).Select(layer => layer.Name)],
        };
        input?.ThrowIfUnused();
        foreach (DescribedLayer layer in layers.Where(layer => layer.Kind == Omit))
        {
            layer.ThrowIfUnused();
        }

        return body.Length > 0 ? architecture : throw new CnnVizException(
            "DescriptionInvalid", $"'{name}' has no layer.", "See about_CnnViz_Models for descriptions of networks.");
    }

    private static Value Describe(TorchNetwork net, DescribedLayer[] layers)
    {
        var values = new Dictionary<string, Value>(StringComparer.Ordinal) { [Input] = net.Image };
        Value last = net.Image;

        // The names are those of layers; where the modules around them end, a description does not say.
        net.Modules = [];
        foreach (DescribedLayer layer in layers)
        {
            Value[] inputs = layer.From is not { } names ? [last] : [.. names.Select(name => values.TryGetValue(name, out Value value)
                ? value
                : throw layer.Invalid($"takes from '{name}', which no line before it is named"))];
            if (inputs.Length == 0)
            {
                throw layer.Invalid("has from= without a name");
            }

            last = DescribedKinds.Add(net, layer, inputs);
            if (layer.Kind is "flatten" or "linear" || inputs.All(net.IsFlat))
            {
                net.MarkFlat(last);
            }

            layer.ThrowIfUnused();
            if (!values.TryAdd(layer.Name, last))
            {
                throw layer.Invalid("has the name of a line before it");
            }
        }

        return last;
    }

    private static Preprocessing PreprocessingOf(DescribedLayer? input)
    {
        Preprocessing? named = input?.Text("preprocessing") is not { } name
            ? null
            : Preprocessing.Named.FirstOrDefault(known => string.Equals(known.Name, name, StringComparison.OrdinalIgnoreCase))
                ?? throw input.Invalid(
                    $"has the preprocessing '{name}'; there are {string.Join(", ", Preprocessing.Named.Select(known => known.Name))}");
        (float[]? mean, float[]? std) = (input?.Numbers("mean"), input?.Numbers("std"));
        Preprocessing start = named ?? Preprocessing.Unit;
        return (mean, std) switch
        {
            (null, null) => named ?? start with { Source = PreprocessingSource.Guessed },
            _ => start with { Name = "Custom", Mean = mean ?? start.Mean, Std = std ?? start.Std },
        };
    }

    private static StateTensor? Find(StateDict tensors, string key)
    {
        int dot = key.LastIndexOf('.');
        (string layer, string part) = (key[..dot], key[(dot + 1)..]);
        string[] names = [part, .. s_synonyms.First(synonym => synonym.Part == part).Names];
        return names.SelectMany(name => new[] { $"{layer}.{name}", $"{layer}/{name}", $"{layer}/{name}:0" })
            .Select(name => tensors.TryGet(name, out StateTensor? tensor) ? tensor : null)
            .FirstOrDefault(tensor => tensor is not null);
    }
}
