using System.Text.RegularExpressions;

namespace CnnViz.Import.Drafts;

/// <summary>
/// Puts the layers of a file of weights one behind the other, as far as each takes what the one before gives, with the functions that
/// usually stand between them. Where a layer takes something else, or a name tells of another path, the chain ends.
/// </summary>
internal sealed partial class ChainBuilder
{
    // Images with more channels are maps of another network.
    private const long MostImageChannels = 16;

    private readonly IReadOnlyList<WeightModule> _modules;
    private readonly List<ChainElement> _chain = [];
    private readonly bool _namesFunctions;
    private readonly bool _namesActivations;
    private readonly bool _skipsNumbers;
    private readonly bool _isSeparable;

    private WeightModule? _previous;
    private WeightModule? _lastConvolution;
    private bool _isActivated;
    private long? _units;
    private string _headInput = string.Empty;
    private WeightModule? _head;
    private bool _hasHeads;
    private int _places;

    private ChainBuilder(IReadOnlyList<WeightModule> modules)
    {
        _modules = modules;
        _namesFunctions = modules.Any(module => module.Kind == WeightKind.Weightless);
        _namesActivations = modules.Any(module => module.Kind == WeightKind.Weightless && LayerNames.IsActivation(module.Name));
        WeightModule[] convolutions = [.. modules.Where(module => module.Kind == WeightKind.Conv2d)];
        _skipsNumbers = convolutions.Zip(convolutions.Skip(1)).Any(pair => ModuleNames.SkipsNumber(pair.First.Name, pair.Second.Name));

        // Networks of such convolutions get smaller by strides.
        _isSeparable = convolutions.Count(module => module.IsDepthwise) > 1;
    }

    /// <summary>The layers.</summary>
    public IReadOnlyList<ChainElement> Chain => _chain;

    /// <summary>Channels of the image; null where no layer takes one.</summary>
    public long? ImageChannels { get; private set; }

    /// <summary>Channels of the map at the end.</summary>
    public long? Channels { get; private set; }

    /// <summary>Where the chain ends; null where it has all modules.</summary>
    public WeightModule? StoppedAt { get; private set; }

    /// <summary>Why it ends, a clause of which that module is the subject.</summary>
    public string? Reason { get; private set; }

    /// <summary>Whether layers before the first convolution were left out.</summary>
    public bool IsHeadless { get; private set; }

    /// <summary>Builds.</summary>
    /// <param name="modules">The modules in the order in which they run.</param>
    /// <param name="end">The first module that is to be left out; null for none.</param>
    /// <param name="reason">Why it is left out.</param>
    public static ChainBuilder Build(IReadOnlyList<WeightModule> modules, WeightModule? end = null, string? reason = null)
    {
        var builder = new ChainBuilder(modules);
        foreach (WeightModule module in modules)
        {
            string? obstacle = module == end ? reason : builder.Add(module);
            if (obstacle is not null && builder._lastConvolution is null && module.Kind != WeightKind.Conv2d && modules.Any(IsConvolution))
            {
                // What comes before the first convolution changes its input, and not what it is.
                builder._chain.Clear();
                builder.Channels = builder.ImageChannels = null;
                builder._previous = null;
                builder.IsHeadless = true;
            }
            else if (obstacle is not null)
            {
                builder.StoppedAt = module;
                builder.Reason = obstacle;
                break;
            }
        }

        return builder;
    }

    private static bool IsConvolution(WeightModule module) => module.Kind == WeightKind.Conv2d;

    // Gives why not.
    private string? Add(WeightModule module) =>
        !ModuleNames.IsWord(module.Name) ? "a description has no way to write its name"
        : _hasHeads && !IsHead(module) ? "it stands behind layers side by side"
        : module.Kind switch
        {
            WeightKind.Conv2d => SideWay(module) ?? AddConvolution(module),
            WeightKind.Linear => AddLinear(module),
            WeightKind.BatchNorm => SideWay(module) ?? AddNorm(module, "batchnorm", string.Empty, null),
            WeightKind.Norm => SideWay(module) ?? AddOtherNorm(module),
            WeightKind.PReLU => AddPReLU(module),
            WeightKind.Weightless => AddFunction(module),
            WeightKind.Recurrent => "it is recurrent",
            WeightKind.Attention => "it is attention",
            WeightKind.Embedding => "it is an embedding",
            WeightKind.Conv1d => "it is a convolution over sequences",
            WeightKind.Conv3d => "it is a convolution over volumes",
            _ => "its weights do not tell what it does",
        };

    // A block that may add what went into it to what comes out of it, or a path beside the chain.
    private string? SideWay(WeightModule module)
    {
        if (ModuleNames.IsBranch(module.Name))
        {
            return "its name tells of a path beside others";
        }

        if ((ModuleNames.Block(module.Name) ?? ModuleNames.Stage(module.Name)) is not { } block)
        {
            return null;
        }

        WeightModule[] inside = [.. _modules.Where(other => other.Name.StartsWith($"{block}.", StringComparison.Ordinal))];
        WeightModule[] convolutions = [.. inside.Where(other => other.Kind == WeightKind.Conv2d && !other.IsDepthwise)];
        return inside.Any(other => ModuleNames.IsBranch(other.Name[block.Length..]))
            || (convolutions.Length > 1 && convolutions[0].Inputs == convolutions[^1].Outputs)
            ? $"'{block}' may be a block with a shortcut"
            : null;
    }

    private string? AddConvolution(WeightModule module)
    {
        if (_units is not null)
        {
            return "it is a convolution, and dense layers are before it";
        }

        if (module.Shape[0] == module.Shape[1] && module.Height is not (1 or 2 or 4) && TransposedName().IsMatch(module.Name))
        {
            return "it may be a transposed convolution, which its weights do not tell";
        }

        bool isTransposed = IsTransposed(module);
        (long takes, long gives) = isTransposed ? (module.Outputs, module.Inputs) : (module.Inputs, module.Outputs);
        if (Channels is null && takes > MostImageChannels)
        {
            return $"it takes {takes} channels, and no image has so many";
        }

        bool isDepthwise = !isTransposed && takes == 1 && Channels > 1 && gives % Channels == 0;
        if (Channels is { } channels && takes != channels && !isDepthwise)
        {
            return IsHead(module) ? AddHead(module, "conv") : $"it takes {takes} channels, and the layer before gives {channels}";
        }

        AddTransition(module);
        ImageChannels ??= takes;
        _headInput = _chain.Count > 0 ? _chain[^1].Name : "input";
        _head = module;
        _chain.Add(new WeightedElement(
            module.Name, isTransposed ? "convtranspose" : "conv", string.Empty, module, isTransposed ? "transposed" : null)
        {
            IsFirst = _lastConvolution is null,
            IsLarger = _lastConvolution is not null && module.Height > _lastConvolution.Height && takes == gives && takes > 1,
        });
        Channels = gives;
        Place(module);
        _lastConvolution = module;
        return null;
    }

    private string? AddLinear(WeightModule module)
    {
        if (_units is { } units && module.Inputs != units)
        {
            return IsHead(module) ? AddHead(module, "linear") : $"it takes {module.Inputs} values, and the layer before gives {units}";
        }

        if (_units is null && Channels is null)
        {
            return "it is a dense layer, and no convolution is before it";
        }

        if (_units is null && module.Inputs % Channels != 0)
        {
            return $"it takes {module.Inputs} values, which no map of {Channels} channels has";
        }

        AddTransition(module);
        _headInput = _chain[^1].Name;
        _head = module;
        _chain.Add(new WeightedElement(module.Name, "linear", string.Empty, module, null));
        _units = module.Outputs;
        Place(module);
        return null;
    }

    // Layers at the end that take the same, such as the classes and the boxes of a detector.
    private bool IsHead(WeightModule module) =>
        _head is not null && module.Kind == _head.Kind && module.Inputs == _head.Inputs && module.Shape.Skip(1).SequenceEqual(_head.Shape.Skip(1));

    private string? AddHead(WeightModule module, string kind)
    {
        _chain.Add(new WeightedElement(module.Name, kind, string.Empty, module, $"beside '{_head!.Name}'") { From = _headInput });
        _hasHeads = true;
        return null;
    }

    private string? AddNorm(WeightModule module, string kind, string options, string? guess)
    {
        long size = module.Tensors.First(tensor => tensor.Shape.Count == 1).Shape[0];
        if (Channels is null && size <= MostImageChannels)
        {
            Channels = ImageChannels = size;
        }

        if (size != (_units ?? Channels))
        {
            return $"it has {size} channels, and the layer before gives {_units ?? Channels ?? 0}";
        }

        // What lies between a convolution and its normalization in a Sequential is an activation, unless one follows.
        if (_previous is { Kind: WeightKind.Conv2d or WeightKind.Linear } && ModuleNames.Between(_previous.Name, module.Name) is { Count: > 0 } gap)
        {
            AddActivation(gap.Name(0));
            if (gap.Count > 1 && _units is null)
            {
                AddPlace(gap.Name(1), pool: 0.2, none: 0.9, isOpen: false, grows: false, isLast: false);
            }
        }

        _chain.Add(new WeightedElement(module.Name, kind, options, module, guess));
        Place(module, isActivated: _isActivated);
        return null;
    }

    private string? AddOtherNorm(WeightModule module)
    {
        string name = module.Name[(module.Name.LastIndexOf('.') + 1)..];
        long channels = module.Outputs;
        return name switch
        {
            _ when InstanceName().IsMatch(name) => AddNorm(module, "instancenorm", string.Empty, "its kind"),
            _ when GroupName().IsMatch(name) => AddNorm(module, "groupnorm", $"groups={(channels % 32 == 0 ? 32 : 1)}", "its groups"),
            _ when LayerName().IsMatch(name) || _units is not null => AddNorm(module, "layernorm", string.Empty, "its kind"),
            _ => "it is a normalization, and its weights do not tell over what",
        };
    }

    private string? AddPReLU(WeightModule module)
    {
        if (_previous is null || (module.Outputs != 1 && module.Outputs != (_units ?? Channels)))
        {
            return $"its {module.Outputs} values do not fit the layer before";
        }

        _chain.Add(new WeightedElement(module.Name, "prelu", string.Empty, module, null));
        Place(module, isActivated: true);
        return null;
    }

    private void Place(WeightModule module, bool isActivated = false)
    {
        _previous = module;
        _isActivated = isActivated;
    }

    // By the length of its bias, else by what fits, else by its name.
    private bool IsTransposed(WeightModule module)
    {
        (long first, long second) = (module.Shape[0], module.Shape[1]);
        long? bias = module.Tensors.FirstOrDefault(tensor => tensor.Name.EndsWith("bias", StringComparison.Ordinal))?.Shape.FirstOrDefault();
        bool isNamed = TransposedName().IsMatch(module.Name);
        return first == second ? isNamed && first == Channels && module.Height is 2 or 4
            : bias is { } length ? length == second
            : Channels == first && Channels != second && second > 1 && (isNamed || module.Height is 2 or 4);
    }

    [GeneratedRegex(@"(^|_)(in|inst|instance)(_?norm)?\d*($|_)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex InstanceName();

    [GeneratedRegex(@"^(gn|group)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex GroupName();

    [GeneratedRegex(@"^(ln|layer)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex LayerName();

    [GeneratedRegex(@"deconv|transp|convt|tconv|up_?conv|(^|[._])up", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex TransposedName();
}
