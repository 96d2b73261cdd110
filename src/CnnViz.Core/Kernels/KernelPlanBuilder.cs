using CnnViz.Networks.Operators;

namespace CnnViz.Kernels;

/// <summary>Finds kernels for the operations of a graph, from the image on, as far as there are any, and places for their values.</summary>
internal sealed class KernelPlanBuilder
{
    private readonly Dictionary<int, Value> _values = [];
    private readonly List<(Kernel Kernel, Value[] Inputs, Value Output)> _kernels = [];
    private readonly List<MapBuffer> _buffers = [];
    private readonly Value _image;

    /// <param name="start">The node whose value is given.</param>
    /// <param name="shape">Its size.</param>
    public KernelPlanBuilder(int start, MapShape shape) => _values[start] = _image = new Value(shape);

    /// <summary>Whether a node's value is that of a kernel.</summary>
    public bool Has(int node) => _values.ContainsKey(node);

    /// <summary>Takes in an operation, if there is a kernel for it.</summary>
    /// <param name="node">Its node.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="inputs">The nodes whose values it gets.</param>
    /// <param name="isLastUse">Whether nothing else needs the value of the first of them.</param>
    /// <returns>False where there is none.</returns>
    public bool TryAdd(int node, Operator operation, IReadOnlyList<int> inputs, bool isLastUse)
    {
        if (!inputs.All(Has))
        {
            return false;
        }

        Value[] values = [.. inputs.Select(input => _values[input])];
        MapShape[] shapes = [.. values.Select(value => value.Shape)];
        if (operation is Concat { Axis: 1 or -3 } && shapes.All(shape => shape with { Channels = 0 } == shapes[0] with { Channels = 0 }))
        {
            _values[node] = Join(values);
            return true;
        }

        Kernel? kernel = operation is Rectifier ? new SumKernel(shapes[0]) : operation.CreateKernel(shapes);
        if (operation is Rectifier rectifier)
        {
            if (isLastUse && values[0].Source is { CanClamp: true, Range: null } source)
            {
                source.Range = rectifier.Range;
                _values[node] = values[0];
                return true;
            }

            kernel!.Range = rectifier.Range;
        }

        if (kernel is null)
        {
            return false;
        }

        _values[node] = Add(kernel, values);
        return true;
    }

    /// <summary>Puts everything in its place.</summary>
    /// <param name="outputs">The nodes whose values are wanted; all have kernels.</param>
    public KernelPlan Build(IReadOnlyList<int> outputs)
    {
        PlaceAll();
        foreach ((Kernel kernel, Value[] inputs, Value output) in _kernels)
        {
            Array.ForEach(inputs, input => Widen(input, kernel.Halo));
            Widen(output, kernel.GradientHalo);
        }

        var writes = new GradientWrites();
        GradientWrites.Write[] ofOutputs = [.. outputs.Select(output => writes.Add(_values[output].Region!.Value))];
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
            [.. outputs.Select(output => _values[output].Region!.Value)],
            _buffers,
            [.. ofOutputs.Select(write => write.Accumulates)]);

        static void Widen(Value value, int halo) => value.Region!.Value.Buffer.Halo = Math.Max(value.Region.Value.Buffer.Halo, halo);
    }

    // What all values were cut off to that the last write of their gradient is about; they are taken note of.
    private ValueRange? RangeOf(GradientWrites.Write write, HashSet<Kernel> passed)
    {
        MapRegion region = write.Region;
        Value[] values = [.. _kernels.Select(step => step.Output).Where(value =>
            value.Region!.Value is var own && own.Buffer == region.Buffer
            && own.FirstChannel < region.FirstChannel + region.Shape.Channels && region.FirstChannel < own.FirstChannel + own.Shape.Channels)];
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

    private Value Add(Kernel kernel, Value[] inputs)
    {
        var output = new Value(kernel.Output) { Source = kernel };
        _kernels.Add((kernel, inputs, output));
        return output;
    }

    // Values are joined where they are made, channels beside channels; only what is already joined elsewhere is copied.
    private Value Join(Value[] parts)
    {
        var joined = new Value(parts[0].Shape with { Channels = parts.Sum(part => part.Shape.Channels) });
        int channel = 0;
        foreach (Value part in parts)
        {
            Value own = part == _image || part.Whole is not null ? Add(new SumKernel(part.Shape), [part]) : part;
            own.Whole = joined;
            own.FirstChannel = channel;
            channel += part.Shape.Channels;
        }

        return joined;
    }

    private void PlaceAll()
    {
        Place(_image);
        foreach ((Kernel kernel, Value[] _, Value output) in _kernels)
        {
            Place(output);
            output.State = kernel.HasState ? Region(kernel.Output) : null;
        }
    }

    private MapRegion Place(Value value)
    {
        if (value.Region is { } known)
        {
            return known;
        }

        MapRegion region = value.Whole is { } whole
            ? Place(whole) with { FirstChannel = Place(whole).FirstChannel + value.FirstChannel, Shape = value.Shape }
            : Region(value.Shape);
        value.Region = region;
        return region;
    }

    private MapRegion Region(MapShape shape)
    {
        var buffer = new MapBuffer(shape);
        _buffers.Add(buffer);
        return new MapRegion(buffer, 0, shape);
    }

    // One value of the graph: what makes it, what it is a part of, and where it lies.
    private sealed class Value(MapShape shape)
    {
        public MapShape Shape => shape;

        public Kernel? Source { get; init; }

        public Value? Whole { get; set; }

        public int FirstChannel { get; set; }

        public MapRegion? Region { get; set; }

        public MapRegion? State { get; set; }
    }
}
