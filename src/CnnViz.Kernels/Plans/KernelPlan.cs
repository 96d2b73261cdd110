using System.Runtime.InteropServices;

namespace CnnViz.Kernels;

/// <summary>
/// Kernels for images of one size, with a place in memory for each of their values. The images of a batch are divided among the threads; where
/// they cannot be, each map is. It may be run by several threads at once.
/// </summary>
public sealed unsafe class KernelPlan
{
    private readonly MapRegion _input;
    private readonly IReadOnlyList<PlannedKernel> _kernels;
    private readonly IReadOnlyList<MapRegion> _outputs;
    private readonly MapBuffer[] _cleared;
    private readonly bool[] _addsOutput;
    private readonly BufferPool _memory = new();

    /// <param name="input">Where the image goes.</param>
    /// <param name="kernels">The kernels in their order.</param>
    /// <param name="outputs">The values that are wanted.</param>
    /// <param name="buffers">All that has a place.</param>
    /// <param name="addsOutput">For each output whether its gradient is added to that of one before it.</param>
    internal KernelPlan(
        MapRegion input,
        IReadOnlyList<PlannedKernel> kernels,
        IReadOnlyList<MapRegion> outputs,
        IReadOnlyList<MapBuffer> buffers,
        bool[] addsOutput)
    {
        (_input, _kernels, _outputs, _addsOutput) = (input, kernels, outputs, addsOutput);
        foreach (MapBuffer buffer in buffers)
        {
            buffer.Offset = ImageSize;
            ImageSize += buffer.Size;
        }

        _cleared = [.. buffers.Where(buffer => buffer.StartsAtZero)];
        Outputs = [.. outputs.Select(output => output.Shape)];
    }

    /// <summary>Whether this processor has instructions that the kernels are made for: AVX-512, AVX2 with FMA, AdvSimd or SSE.</summary>
    public static bool IsSupported => RegisterTile.IsSupported;

    /// <summary>The size of the image.</summary>
    public MapShape Image => _input.Shape;

    /// <summary>The sizes of the outputs, in the order in which they were asked for.</summary>
    public IReadOnlyList<MapShape> Outputs { get; }

    /// <summary>Values of one image's maps, in single precision; there are as many gradients.</summary>
    public long ImageSize { get; }

    /// <summary>Packs weights, instead of one kernel after the other on the first way.</summary>
    /// <param name="threads">Threads to do it on.</param>
    public void Prepare(int threads) => WorkerTeam.Run(threads, share =>
    {
        // Every so many, as later ones take longer.
        for (int i = share.Part; i < _kernels.Count; i += share.Parts)
        {
            _kernels[i].Kernel.Prepare();
        }
    });

    /// <summary>Computes the outputs.</summary>
    /// <param name="images">N×C×H×W values.</param>
    /// <param name="count">N, at least 1.</param>
    /// <param name="outputs">Get the outputs, N×C×H×W values each.</param>
    /// <param name="threads">Threads to do it on; the result does not depend on them.</param>
    /// <returns>What <see cref="Backward"/> needs, to be disposed.</returns>
    /// <exception cref="ArgumentException">Memory is not of the size that it must be.</exception>
    /// <exception cref="OutOfMemoryException">There is too little for all maps.</exception>
    public KernelRun Forward(PlainMaps images, int count, PlainMaps[] outputs, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        images.Check(count, Image, nameof(images));
        Check(outputs, count, nameof(outputs));
        AlignedBuffer values = _memory.Rent(ImageSize * count);
        var stages = new List<Action<Share>> { share => MapTransfer.Read(images, View(_input, values, count), false, share) };
        foreach (PlannedKernel planned in _kernels)
        {
            KernelMaps maps = Maps(planned, values, null, count);
            stages.Add(share => planned.Kernel.Forward(maps, share));
        }

        stages.Add(share =>
        {
            for (int i = 0; i < outputs.Length; i++)
            {
                MapTransfer.Write(View(_outputs[i], values, count), outputs[i], share);
            }
        });
        Run(stages, count, threads);
        return new KernelRun(this, values, count);
    }

    /// <summary>Computes the images' gradient.</summary>
    /// <param name="run">A run of this plan.</param>
    /// <param name="gradients">The gradient of each output, N×C×H×W values; null for zero.</param>
    /// <param name="images">Gets the images' gradient, N×C×H×W values.</param>
    /// <param name="threads">Threads to do it on; the result does not depend on them.</param>
    /// <exception cref="ArgumentException">Memory is not of the size that it must be, or the run is another plan's.</exception>
    /// <exception cref="ObjectDisposedException">The run has been disposed.</exception>
    /// <exception cref="OutOfMemoryException">There is too little for all gradients.</exception>
    public void Backward(KernelRun run, PlainMaps?[] gradients, PlainMaps images, int threads)
    {
        (AlignedBuffer values, int count) = (run.Values, run.Count);
        images.Check(count, Image, nameof(images));
        Check(gradients, count, nameof(gradients));
        if (run.Plan != this)
        {
            throw new ArgumentException("The run is another plan's.", nameof(run));
        }

        AlignedBuffer memory = _memory.Rent(ImageSize * count);
        var stages = new List<Action<Share>> { share => Clear(memory.Values, count, share) };
        for (int i = 0; i < gradients.Length; i++)
        {
            (PlainMaps? gradient, MapView target, bool adds) = (gradients[i], View(_outputs[i], memory, count), _addsOutput[i]);
            stages.Add(share => ReadGradient(gradient, target, adds, share));
        }

        foreach (PlannedKernel planned in _kernels.Reverse())
        {
            AddWayBack(planned, Maps(planned, values, memory, count), stages);
        }

        stages.Add(share => MapTransfer.Write(View(_input, memory, count), images, share));
        Run(stages, count, threads);
        _memory.Return(memory);
    }

    /// <summary>Takes back the values of a run that there is no way back for any more.</summary>
    internal void Return(AlignedBuffer values) => _memory.Return(values);

    private static void AddWayBack(PlannedKernel planned, KernelMaps maps, List<Action<Share>> stages)
    {
        if (planned.Kernel.Range is { } range && !planned.IsPassed)
        {
            stages.Add(share => MapTransfer.Pass(range, maps.Output, maps.Gradient, share));
        }

        stages.Add(share =>
        {
            for (int input = 0; input < planned.Inputs.Count; input++)
            {
                nint distance = (nint)(maps.Inputs[input].Image(0) - maps.InputGradients[input].Image(0));
                PlannedWrite write = planned.Writes[input];
                planned.Kernel.Backward(maps, input, new GradientWrite(write.Accumulates, write.Range, distance), share);
            }
        });
    }

    private static void ReadGradient(PlainMaps? gradient, MapView target, bool adds, Share share)
    {
        if (gradient is { } given)
        {
            MapTransfer.Read(given, target, adds, share);
        }
        else if (!adds)
        {
            MapTransfer.Clear(target, share);
        }
    }

    // Images that are divided evenly need nobody else's, from the first stage to the last.
    private static void Run(List<Action<Share>> stages, int images, int threads)
    {
        if (images % threads == 0)
        {
            WorkerTeam.Run(threads, share => stages.ForEach(stage => stage(share)));
        }
        else
        {
            WorkerTeam.Run(threads, stages);
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
        (int first, int last) = share.Of(count * _cleared.Length);
        for (int i = first; i < last; i++)
        {
            MapBuffer buffer = _cleared[i % _cleared.Length];
            NativeMemory.Clear(memory + i / _cleared.Length * ImageSize + buffer.Offset, (nuint)(buffer.Size * sizeof(float)));
        }
    }

    private void Check(PlainMaps[] maps, int count, string name) => Check([.. maps.Select(map => (PlainMaps?)map)], count, name);

    private void Check(PlainMaps?[] maps, int count, string name)
    {
        if (maps.Length != Outputs.Count)
        {
            throw new ArgumentException($"The plan has {Outputs.Count} outputs, not {maps.Length}.", name);
        }

        for (int i = 0; i < maps.Length; i++)
        {
            maps[i]?.Check(count, Outputs[i], name);
        }
    }
}
