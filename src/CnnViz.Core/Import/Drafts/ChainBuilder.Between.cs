namespace CnnViz.Import.Drafts;

// What stands between the layers with weights.
internal sealed partial class ChainBuilder
{
    // Activation, pooling, and flattening before a dense layer.
    private void AddTransition(WeightModule next)
    {
        if (_previous is null)
        {
            return;
        }

        bool flattens = next.Kind == WeightKind.Linear && _units is null;
        if (_namesFunctions)
        {
            AddNamedTransition(flattens);
            return;
        }

        int used = 0;
        ModuleNames.Gap? gap = ModuleNames.Between(_previous.Name, next.Name);
        if (!_isActivated && gap?.Count != 0 && !IsSeparable(next))
        {
            AddActivation(gap is { } places ? places.Name(used++) : $"{_previous.Name}.relu");
        }

        // A dense layer needs its input flat, so one of the places is that.
        int left = gap is { } known ? known.Count - used - (flattens && known.Count > used ? 1 : 0) : 0;
        if (_units is null && (gap is null || left > 0))
        {
            AddPlace(gap is { } named ? named.Name(used++) : $"{(_lastConvolution ?? _previous).Name}.pool", next, gap is not null, left);
        }

        if (flattens)
        {
            _chain.Add(new FunctionElement(gap is { } rest && rest.Count > used ? rest.Name(rest.Count - 1) : "flatten", "flatten", null));
        }
    }

    private void AddNamedTransition(bool flattens)
    {
        if (!_isActivated && !_namesActivations)
        {
            AddActivation($"{_previous!.Name}/relu");
        }

        if (flattens && _chain[^1] is not FunctionElement { Kind: "flatten" })
        {
            _chain.Add(new FunctionElement("flatten", "flatten", null));
        }
    }

    private void AddActivation(string name)
    {
        _chain.Add(new FunctionElement(name, "relu", "activation"));
        _isActivated = true;
    }

    private void AddPlace(string name, WeightModule next, bool isNamed, int left)
    {
        bool grows = next.Kind == WeightKind.Linear || next.Outputs > (next.IsDepthwise ? Channels : next.Inputs);
        bool isLast = next.Kind == WeightKind.Linear;
        if (isNamed)
        {
            // One that is left may be a dropout just as well where the activation stands elsewhere.
            bool isDoubtful = left == 1 && _previous!.Kind is WeightKind.BatchNorm && _chain[^1] is WeightedElement;
            AddPlace(name, isDoubtful ? 0.7 : 0.2, isDoubtful ? 0.6 : 0.9, isOpen: false, grows, isLast);
            return;
        }

        WeightModule last = _lastConvolution ?? _previous!;
        if (ModuleNames.SkipsNumber(last.Name, next.Name))
        {
            AddPlace(name, 0, 2, isOpen: false, grows, isLast);
        }
        else if (_skipsNumbers)
        {
            AddPlace(name, isLast ? 1 : 1.5, 0, isOpen: false, grows, isLast);
        }
        else if (IsSeparable(next) || (_isSeparable && !isLast))
        {
            AddPlace(name, 4, 0, isOpen: false, grows, isLast);
        }
        else if (ModuleNames.Stage(last.Name) is { } stage && ModuleNames.Stage(next.Name) is { } other)
        {
            bool isInside = stage == other && !isLast;
            AddPlace(name, isInside ? 1 : grows ? 0 : 0.5, isInside ? 0 : grows ? 0.7 : 0.4, isOpen: false, grows, isLast);
        }
        else
        {
            AddPlace(name, 0, 0, isOpen: true, grows, isLast);
        }
    }

    private void AddPlace(string name, double pool, double none, bool isOpen, bool grows, bool isLast) =>
        _chain.Add(new PoolElement(name, pool, none) { IsOpen = isOpen, Grows = grows, IsLast = isLast, Ordinal = _places++ });

    // A kernel for each channel, and one of 1×1 that mixes them, are one convolution in two parts.
    private bool IsSeparable(WeightModule next) =>
        _previous is { Kind: WeightKind.Conv2d } previous && next.Kind == WeightKind.Conv2d && Parent(previous) == Parent(next)
        && ((previous.IsDepthwise && next is { Height: 1, Width: 1 }) || (next.IsDepthwise && previous is { Height: 1, Width: 1 }));

    private static string Parent(WeightModule module) => module.Name[..(module.Name.LastIndexOf('.') + 1)];

    private static string? GuessOf(string kind) => kind switch
    {
        "relu" => "activation",
        "leakyrelu slope=0.3" => "slope",
        "pad padding=1" => "padding",
        "upsample scale=2" => "scale",
        _ => null,
    };

    // A layer without weights that the file names.
    private string? AddFunction(WeightModule module)
    {
        if (LayerNames.KindOf(module.Name) is not { } kind)
        {
            return "its name does not tell what it does";
        }

        switch (kind)
        {
            case "maxpool" or "avgpool":
                if (!_isActivated && !_namesActivations && _previous is not null)
                {
                    AddActivation($"{_previous.Name}/relu");
                }

                _chain.Add(new PoolElement(module.Name, 0, 50) { Kind = kind, Ordinal = _places++ });
                break;
            case "identity":
                break;
            default:
                if (!LayerNames.IsActivation(module.Name) && !_isActivated && !_namesActivations && _previous is not null)
                {
                    AddActivation($"{_previous.Name}/relu");
                }

                _isActivated |= LayerNames.IsActivation(module.Name);
                _chain.Add(new FunctionElement(module.Name, kind, GuessOf(kind)));
                break;
        }

        return null;
    }
}
