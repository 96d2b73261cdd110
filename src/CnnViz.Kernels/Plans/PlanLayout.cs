namespace CnnViz.Kernels;

/// <summary>
/// Gives the values of a plan their places: values that are joined lie beside each other from the first, and what is cut off is cut off where
/// it is made.
/// </summary>
internal sealed class PlanLayout
{
    private readonly Dictionary<MapValue, PlacedValue> _values = [];
    private readonly List<(Kernel Kernel, PlacedValue[] Inputs, PlacedValue Output)> _kernels = [];
    private readonly List<MapBuffer> _buffers = [];
    private readonly PlacedValue _image;
    private readonly PlacedValue[] _outputs;

    /// <param name="image">What is given.</param>
    /// <param name="steps">The operations in their order.</param>
    /// <param name="outputs">What is wanted.</param>
    public PlanLayout(MapValue image, IReadOnlyList<PlanStep> steps, IReadOnlyList<MapValue> outputs)
    {
        _values[image] = _image = new PlacedValue(image.Shape);
        ILookup<MapValue, MapValue> uses = steps.SelectMany(step => step.Inputs).Concat(outputs).ToLookup(value => value);
        foreach (PlanStep step in steps)
        {
            PlacedValue[] inputs = [.. step.Inputs.Select(input => _values[input])];
            _values[step.Output] = step switch
            {
                KernelStep { Kernel: var kernel } => Add(kernel, inputs),
                ClampStep clamp => Clamp(inputs[0], clamp.Range, isOnlyUse: uses[clamp.Input].Count() == 1),
                TakeStep take => new PlacedValue(take.Output.Shape) { Whole = inputs[0], FirstChannel = take.First },
                _ => Join(inputs),
            };
        }

        _outputs = [.. outputs.Select(output => _values[output])];
        PlaceAll();
    }

    /// <summary>The plan.</summary>
    public KernelPlan ToPlan()
    {
        var writes = new GradientWrites();
        GradientWrites.Write[] ofOutputs = [.. _outputs.Select(output => writes.Add(output.Region!.Value))];
        GradientWrites.Write[][] ofKernels = new GradientWrites.Write[_kernels.Count][];
        for (int i = _kernels.Count - 1; i >= 0; i--)
        {
            ofKernels[i] = [.. _kernels[i].Inputs.Select(input => writes.Add(input.Region!.Value))];
        }

        writes.Finish();
        var passed = new HashSet<Kernel>();
        PlannedWrite[][] planned = [.. _kernels.Zip(ofKernels, (step, own) =>
            own.Select(write => new PlannedWrite(write.Accumulates, step.Kernel.CanPass ? RangeOf(write, passed) : null)).ToArray())];
        return new KernelPlan(
            _image.Region!.Value,
            [.. _kernels.Zip(planned, (step, own) => new PlannedKernel(
                step.Kernel,
                [.. step.Inputs.Select(input => input.Region!.Value)],
                step.Output.Region!.Value,
                step.Output.State,
                own,
                passed.Contains(step.Kernel)))],
            [.. _outputs.Select(output => output.Region!.Value)],
            _buffers,
            [.. ofOutputs.Select(write => write.Accumulates)]);
    }

    private PlacedValue Add(Kernel kernel, PlacedValue[] inputs)
    {
        var output = new PlacedValue(kernel.Output) { Source = kernel };
        _kernels.Add((kernel, inputs, output));
        return output;
    }

    private PlacedValue Clamp(PlacedValue value, ValueRange range, bool isOnlyUse)
    {
        if (isOnlyUse && value.Source is { CanClamp: true, Range: null } source)
        {
            source.Range = range;
            return value;
        }

        return Add(new SumKernel(value.Shape) { Range = range }, [value]);
    }

    // Values are joined where they are made, channels beside channels; only what is already joined elsewhere is copied.
    private PlacedValue Join(PlacedValue[] parts)
    {
        var joined = new PlacedValue(parts[0].Shape with { Channels = parts.Sum(part => part.Shape.Channels) });
        int channel = 0;
        foreach (PlacedValue part in parts)
        {
            PlacedValue own = part == _image || part.Whole is not null ? Add(new SumKernel(part.Shape), [part]) : part;
            own.Whole = joined;
            own.FirstChannel = channel;
            channel += part.Shape.Channels;
        }

        return joined;
    }

    private void PlaceAll()
    {
        Place(_image);
        foreach ((Kernel kernel, PlacedValue[] inputs, PlacedValue output) in _kernels)
        {
            Array.ForEach(inputs, input => Place(input));
            Place(output);
            output.State = kernel.HasState ? NewRegion(kernel.Output) : null;
        }

        Array.ForEach(_outputs, output => Place(output));
        foreach ((Kernel kernel, PlacedValue[] inputs, PlacedValue output) in _kernels)
        {
            Array.ForEach(inputs, input => input.Widen(kernel.Halo));
            output.Widen(kernel.GradientHalo);
        }
    }

    private MapRegion Place(PlacedValue value)
    {
        if (value.Region is { } known)
        {
            return known;
        }

        MapRegion region = value.Whole is { } whole
            ? Place(whole) with { FirstChannel = Place(whole).FirstChannel + value.FirstChannel, Shape = value.Shape }
            : NewRegion(value.Shape);
        value.Region = region;
        return region;
    }

    private MapRegion NewRegion(MapShape shape)
    {
        var buffer = new MapBuffer(shape);
        _buffers.Add(buffer);
        return new MapRegion(buffer, 0, shape);
    }

    // What all values were cut off to that the last write of their gradient is about; they are taken note of.
    private ValueRange? RangeOf(GradientWrites.Write write, HashSet<Kernel> passed)
    {
        MapRegion region = write.Region;
        PlacedValue[] values = [.. _kernels.Select(step => step.Output).Where(value => value.Region!.Value.Overlaps(region))];
        bool isWhole = values.Sum(value => value.Shape.Channels) == region.Shape.Channels
            && values.All(value => value.Region!.Value.FirstChannel >= region.FirstChannel
                && value.Region!.Value.FirstChannel + value.Shape.Channels <= region.FirstChannel + region.Shape.Channels);
        if (!write.IsLast || !isWhole || values[0].Source!.Range is not { } range || values.Any(value => value.Source!.Range != range))
        {
            return null;
        }

        passed.UnionWith(values.Select(value => value.Source!));
        return range;
    }
}
