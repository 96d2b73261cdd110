using System.Globalization;

namespace CnnViz.Import.Architectures.Backbones;

/// <summary>The backbone of an architecture in a file: its tensors under a common prefix, and what is there besides.</summary>
internal sealed class BackboneMatch
{
    // Modules that come behind a backbone. Any other module beside it may stand between its stages.
    private static readonly string[] s_behind =
    [
        "fc", "classifier", "head", "heads", "linear", "logits", "out", "output", "proj", "projection", "projector", "predictor", "embedding",
        "decoder", "neck", "fpn", "segmentation", "regressor", "final", "top", "mlp", "rnn", "lstm", "gru",
    ];

    private static readonly char[] s_digits = [.. "0123456789"];

    private readonly StateDict _tensors;
    private readonly string _prefix;
    private readonly Architecture _architecture;
    private readonly Func<string, StateTensor?> _find;
    private readonly bool _hasPublishedHead;
    private readonly StateTensor[] _rest;
    private readonly string[] _own;

    private BackboneMatch(
        StateDict tensors,
        string prefix,
        Architecture architecture,
        Func<string, StateTensor?> find,
        bool hasPublishedHead,
        ArchitectureMatch match)
    {
        _tensors = tensors;
        _prefix = prefix;
        _architecture = architecture;
        _find = find;
        _hasPublishedHead = hasPublishedHead;
        Size = match.Expected.Count;
        Channels = match.OutputChannels;
        HashSet<StateTensor> found = new(match.Expected.Select(tensor => tensor.Found!), ReferenceEqualityComparer.Instance);
        _own = [.. found.Select(tensor => Segment(tensor.Name[prefix.Length..])).Distinct()];
        _rest = [.. tensors.Tensors.Where(tensor => !found.Contains(tensor) && !IsForTraining(tensor.Name))];
    }

    /// <summary>How many tensors of the file are in the backbone.</summary>
    public int Size { get; }

    /// <summary>Channels of what comes out of it, or units of the published head.</summary>
    public long? Channels { get; }

    /// <summary>Looks for the backbone under a prefix; no tensor is read.</summary>
    /// <param name="tensors">All tensors of the file.</param>
    /// <param name="prefix">Empty, or ends with a dot.</param>
    /// <param name="architecture">The architecture.</param>
    /// <param name="find">Finds a tensor of the file by the architecture's name for it.</param>
    /// <returns>The backbone; null where it is not there, or only with something inside that does not belong to it.</returns>
    public static BackboneMatch? TryFind(
        StateDict tensors, string prefix, Architecture architecture, Func<string, StateTensor?> find)
    {
        foreach (Head? head in new[] { null, Head.None })
        {
            var match = new ArchitectureMatch(With(architecture, head), tensors, find);
            if (match.Expected.Count == 0 || match.Missing.Count + match.Misshapen.Count > 0)
            {
                continue;
            }

            var backbone = new BackboneMatch(tensors, prefix, architecture, find, head is null, match);
            if (!backbone._rest.Any(backbone.IsInside))
            {
                return backbone;
            }
        }

        return null;
    }

    /// <summary>The network of backbone and head; null where something may belong between the backbone's parts.</summary>
    public ArchitectureMatch? TryComplete()
    {
        (IReadOnlyList<HeadLayer> layers, string[] leftOut) = DivideRest();
        if (leftOut.Any(name => name.StartsWith(_prefix, StringComparison.Ordinal) && !IsBehind(name[_prefix.Length..])))
        {
            return null;
        }

        Head? head = layers.Count > 0 ? new Head(layers, _hasPublishedHead) : _hasPublishedHead ? null : Head.None;
        Architecture architecture = With(_architecture, head) with
        {
            Omitted = [.. leftOut, .. _architecture.TrainingOnly.Select(part => $"{_prefix}{part.TrimEnd('.')}")],
            Remark = Remark(head, leftOut),
        };
        Dictionary<string, string> keys = layers.ToDictionary(layer => layer.Name, layer => layer.Key);
        var match = new ArchitectureMatch(architecture, _tensors, key =>
        {
            int dot = key.LastIndexOf('.');
            return dot > 0 && keys.TryGetValue(key[..dot], out string? own)
                ? _tensors.TryGet(own + key[dot..], out StateTensor? tensor) ? tensor : null
                : _find(key);
        });
        return match.Fits ? match : null;
    }

    // All that is left as one head, or else the only module that is one.
    private (IReadOnlyList<HeadLayer> Head, string[] LeftOut) DivideRest()
    {
        if (TryReadHead(_rest) is { } all)
        {
            return (all, []);
        }

        (string Name, IReadOnlyList<HeadLayer>? Head)[] groups =
            [.. _rest.GroupBy(tensor => ModuleOf(tensor.Name)).Select(group => (group.Key, TryReadHead(group)))];
        return groups.Where(group => group.Head is not null).ToArray() is [var only]
            ? (only.Head!, [.. groups.Select(group => group.Name).Where(name => name != only.Name)])
            : ([], [.. groups.Select(group => group.Name)]);
    }

    private IReadOnlyList<HeadLayer>? TryReadHead(IEnumerable<StateTensor> tensors)
    {
        if (HeadReader.TryRead(tensors) is not { } layers)
        {
            return null;
        }

        long inputs = layers[0].Inputs;
        bool fits = _hasPublishedHead
            ? inputs == Channels
            : Head.SideOf(inputs, Channels ?? 1) is not null || (IsLikeFastai(layers) && inputs == 2 * Channels);
        return fits ? [.. layers.Select(WithOwnName)] : null;
    }

    // A layer outside may have the name of one in the backbone, such as fc.
    private HeadLayer WithOwnName(HeadLayer layer) =>
        _find($"{layer.Key}.weight") is { } other && !_rest.Contains(other) ? layer with { Name = $"head.{layer.Key}" } : layer;

    private static Architecture With(Architecture architecture, Head? head) => architecture with
    {
        Find = null,
        Describe = net =>
        {
            net.OtherHead = head;
            return architecture.Describe(net);
        },
    };

    // Its heads join two poolings, flatten, and normalize: the first layer with weights is the third.
    private static bool IsLikeFastai(IReadOnlyList<HeadLayer> layers) =>
        !layers[0].IsDense && layers[0].Key.EndsWith("1.2", StringComparison.Ordinal);

    private bool IsForTraining(string key) => key.EndsWith("num_batches_tracked", StringComparison.Ordinal)
        || (key.StartsWith(_prefix, StringComparison.Ordinal)
            && _architecture.TrainingOnly.Any(part => key.AsSpan(_prefix.Length).StartsWith(part, StringComparison.Ordinal)));

    private bool IsInside(StateTensor tensor) => tensor.Name.StartsWith(_prefix, StringComparison.Ordinal)
        && _own.Contains(Segment(tensor.Name[_prefix.Length..]))
        && !(IsClassifier(Segment(tensor.Name[_prefix.Length..])) && !_hasPublishedHead);

    // A file may have a part of the published head before its own; both are then read as one.
    private static bool IsClassifier(string segment) => segment is "classifier" or "fc" or "head";

    private string ModuleOf(string key) => key.StartsWith(_prefix, StringComparison.Ordinal)
        ? _prefix + Segment(key[_prefix.Length..])
        : Segment(key);

    // By its name, such as fc2, head_age or age_head; or by a greater index than those of the backbone.
    private bool IsBehind(string module)
    {
        if (module.All(char.IsAsciiDigit) && _own.All(own => own.All(char.IsAsciiDigit)))
        {
            return module.Length < 5 && int.Parse(module, CultureInfo.InvariantCulture)
                > _own.Max(own => int.Parse(own, CultureInfo.InvariantCulture));
        }

        string[] words = module.ToLowerInvariant().TrimEnd(s_digits).Split('_', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 && (s_behind.Contains(words[0]) || s_behind.Contains(words[^1]));
    }

    private static string Segment(string key) => key.Split('.', 2)[0];

    private string? Remark(Head? head, string[] leftOut)
    {
        string what = leftOut.Length > 0
            ? $"only its backbone is taken, and {string.Join(", ", leftOut.Take(5).Select(WeightFile.Quote))} left out"
            : "it has no head, and so no classes";
        string? end = head == Head.None || leftOut.Length > 0 ? $"It has the weights of {_architecture.Name}: {what}." : null;
        string[] guessed = [.. (head?.Layers ?? []).Where(layer => layer.IsActivatedBefore).Select(layer => WeightFile.Quote(layer.Name))];
        string? guess = guessed.Length > 0
            ? $"The activation function before {string.Join(", ", guessed)} in its head is a guess; weights do not tell it."
            : null;
        string?[] sentences = [end, guess, PoolingRemark(head), DilationRemark(leftOut)];
        return sentences.Any(sentence => sentence is not null) ? string.Join(' ', sentences.Where(sentence => sentence is not null)) : null;
    }

    private string? PoolingRemark(Head? head) => head is { FollowsPublished: false, Layers: [{ } first, ..] } && first.Inputs != Channels
        ? $"Its head takes {first.Inputs} values of {Channels} channels; how the maps are pooled to them is a guess."
        : null;

    // The head of DeepLab: five branches side by side.
    private string? DilationRemark(string[] leftOut) => leftOut.Length > 0 && _rest.Any(tensor =>
        tensor.Name.Contains("aspp", StringComparison.OrdinalIgnoreCase) || tensor.Name.Contains(".convs.4.", StringComparison.Ordinal))
        ? "What is left out looks at dilated maps, as in DeepLab. Its backbone may be dilated where this one has strides in its last stages; weights do not tell it."
        : null;
}
