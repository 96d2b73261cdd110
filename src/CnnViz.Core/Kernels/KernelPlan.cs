using TorchSharp;

namespace CnnViz.Kernels;

/// <summary>
/// A part of a graph as kernels for images of one size, with a place in memory for each of its values. The images of a batch are divided among
/// the threads; where they cannot be, each map is.
/// </summary>
internal sealed unsafe class KernelPlan
{
    private readonly MapRegion _input;
    private readonly IReadOnlyList<PlannedKernel> _kernels;
    private readonly IReadOnlyList<MapRegion> _outputs;
    private readonly IReadOnlyList<MapBuffer> _buffers;
    private readonly bool[] _addsOutput;
    private readonly BufferPool _memory = new();

    /// <param name="input">Where the image goes.</param>
    /// <param name="kernels">The kernels in their order.</param>
    /// <param name="outputs">The values that are wanted.</param>
    /// <param name="buffers">All that has a place.</param>
    /// <param name="addsOutput">For each output whether its gradient is added to that of one before it.</param>
    public KernelPlan(
        MapRegion input,
        IReadOnlyList<PlannedKernel> kernels,
        IReadOnlyList<MapRegion> outputs,
        IReadOnlyList<MapBuffer> buffers,
        bool[] addsOutput)
    {
        (_input, _kernels, _outputs, _buffers, _addsOutput) = (input, kernels, outputs, buffers, addsOutput);
        foreach (MapBuffer buffer in buffers)
        {
            buffer.Offset = ImageSize;
            ImageSize += buffer.Size;
        }
    }

    /// <summary>Values of one image's maps; there are as many gradients.</summary>
    public long ImageSize { get; }

    /// <summary>Prepares the kernels, instead of one after the other on the way.</summary>
    public void Prepare() => WorkerTeam.Run((share, _) =>
    {
        // Every so many, as later ones take longer.
        for (int i = share.Part; i < _kernels.Count; i += share.Parts)
        {
            _kernels[i].Kernel.Prepare();
        }
    });

    /// <summary>Computes the outputs.</summary>
    /// <param name="images">N×C×H×W.</param>
    /// <returns>The values of all maps, for the way back, to be given to <see cref="Return"/>, and each output as N×C×H×W, the caller's to
    /// dispose.</returns>
    public (AlignedBuffer Values, torch.Tensor[] Outputs) Forward(torch.Tensor images)
    {
        int count = (int)images.shape[0];
        using torch.Tensor source = images.detach().contiguous();
        torch.Tensor[] outputs = [.. _outputs.Select(output => Empty(count, output.Shape))];
        var values = _memory.Rent(ImageSize * count);
        WorkerTeam.Run((share, team) =>
        {
            MapTransfer.Read(source, View(_input, values, count), false, share);
            Wait(team, count);
            foreach (PlannedKernel kernel in _kernels)
            {
                kernel.Kernel.Forward(Maps(kernel, values, null, count), share);
                Wait(team, count);
            }

            for (int i = 0; i < outputs.Length; i++)
            {
                MapTransfer.Write(View(_outputs[i], values, count), outputs[i], share);
            }
        });
        return (values, outputs);
    }

    /// <summary>Computes the images' gradient.</summary>
    /// <param name="values">The values of all maps.</param>
    /// <param name="count">Number of images.</param>
    /// <param name="gradients">The gradient of each output, N×C×H×W; null for zero.</param>
    /// <returns>N×C×H×W; the caller's to dispose.</returns>
    public torch.Tensor Backward(AlignedBuffer values, int count, IReadOnlyList<torch.Tensor?> gradients)
    {
        torch.Tensor[] sources =
        [
            .. gradients.Zip(_outputs, (gradient, output) =>
                gradient?.detach().contiguous() ?? torch.zeros(count, output.Shape.Channels, output.Shape.Height, output.Shape.Width)),
        ];
        torch.Tensor result = Empty(count, _input.Shape);
        AlignedBuffer memory = _memory.Rent(ImageSize * count);
        WorkerTeam.Run((share, team) =>
        {
            Clear(memory.Values, count, share);
            Wait(team, count);
            for (int i = 0; i < sources.Length; i++)
            {
                MapTransfer.Read(sources[i], View(_outputs[i], memory, count), _addsOutput[i], share);
                Wait(team, count);
            }

            foreach (PlannedKernel kernel in _kernels.Reverse())
            {
                KernelMaps maps = Maps(kernel, values, memory, count);
                if (kernel.Kernel.Range is { } range && !kernel.IsPassed)
                {
                    MapTransfer.Pass(range, maps.Output, maps.Gradient, share);
                    Wait(team, count);
                }

                for (int input = 0; input < kernel.Inputs.Count; input++)
                {
                    nint distance = (nint)(maps.Inputs[input].Image(0) - maps.InputGradients[input].Image(0));
                    PlannedWrite write = kernel.Writes[input];
                    kernel.Kernel.Backward(maps, input, new GradientWrite(write.Accumulates, write.Range, distance), share);
                }

                Wait(team, count);
            }

            MapTransfer.Write(View(_input, memory, count), result, share);
        });
        Array.ForEach(sources, source => source.Dispose());
        _memory.Return(memory);
        return result;
    }

    /// <summary>Takes back the values of a run that there is no way back for any more.</summary>
    public void Return(AlignedBuffer values) => _memory.Return(values);

    // Images that are divided evenly need nobody else's.
    private static void Wait(WorkerTeam? team, int images)
    {
        if (team is not null && images % team.Threads != 0)
        {
            team.Await();
        }
    }

    private KernelMaps Maps(PlannedKernel kernel, AlignedBuffer values, AlignedBuffer? gradients, int count) => new(
        [.. kernel.Inputs.Select(input => View(input, values, count))],
        View(kernel.Output, values, count),
        kernel.State is { } state ? View(state, values, count) : default,
        gradients is null ? default : View(kernel.Output, gradients, count),
        gradients is null ? [] : [.. kernel.Inputs.Select(input => View(input, gradients, count))]);

    private MapView View(MapRegion region, AlignedBuffer memory, int count) => region.View(memory.Values, ImageSize, count);

    // Of gradients that are only added to. What lies around maps nobody has written to.
    private void Clear(float* memory, int count, Share share)
    {
        MapBuffer[] buffers = [.. _buffers.Where(buffer => buffer.StartsAtZero)];
        (int first, int last) = share.Of(count * buffers.Length);
        for (int i = first; i < last; i++)
        {
            MapBuffer buffer = buffers[i % buffers.Length];
            new Span<float>(memory + i / buffers.Length * ImageSize + buffer.Offset, checked((int)buffer.Size)).Clear();
        }
    }

    private static torch.Tensor Empty(int count, MapShape shape) =>
        torch.empty([count, shape.Channels, shape.Height, shape.Width]);
}

/// <summary>A kernel and where it works.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Inputs">Where its inputs lie.</param>
/// <param name="Output">Where its result lies.</param>
/// <param name="State">Where it leaves what it needs on the way back; null for nowhere.</param>
/// <param name="Writes">How each input's gradient is written.</param>
/// <param name="IsPassed">Whether the result's gradient is zero where the result was cut off, by whoever wrote it last.</param>
internal sealed record PlannedKernel(
    Kernel Kernel, IReadOnlyList<MapRegion> Inputs, MapRegion Output, MapRegion? State, PlannedWrite[] Writes, bool IsPassed);

/// <summary>How a gradient is written.</summary>
/// <param name="Accumulates">Whether it is added to what is there.</param>
/// <param name="Range">What the value was cut off to, if nothing more is added; else null.</param>
internal sealed record PlannedWrite(bool Accumulates, ValueRange? Range);
