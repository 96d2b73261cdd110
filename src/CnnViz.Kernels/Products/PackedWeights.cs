namespace CnnViz.Kernels;

/// <summary>
/// Weights in the order in which a product reads them: panels of as many outputs as its registers hold, in a panel place by place of the
/// window, input by input.
/// </summary>
internal sealed unsafe class PackedWeights
{
    // What a cache line holds.
    private const int Alignment = 64;

    // Pinned, so that its address stays.
    private readonly float[] _values;

    /// <param name="taps">Places of the window.</param>
    /// <param name="depth">Inputs of a group at each of them.</param>
    /// <param name="lanes">Outputs of a group.</param>
    /// <param name="read">Reads the weights of an input of a group and an output, which counts through all groups, at all places.</param>
    /// <param name="groups">Groups of inputs and outputs.</param>
    public PackedWeights(int taps, int depth, int lanes, ReadTaps read, int groups = 1)
    {
        (Taps, Depth, Lanes) = (taps, depth, lanes);
        Panels = Divide(depth, lanes, groups, (long)taps * depth);
        long total = Panels.Sum(panel => panel.Width) * (long)taps * depth;
        _values = GC.AllocateArray<float>(checked((int)(total + Alignment / sizeof(float))), pinned: true);
        nint address = (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _values[0]);
        Values = (float*)((address + Alignment - 1) & ~(nint)(Alignment - 1));
        Span<float> weights = stackalloc float[taps];
        foreach (Panel panel in Panels)
        {
            for (int input = 0; input < depth; input++)
            {
                for (int lane = 0; lane < panel.Outputs; lane++)
                {
                    read(input, panel.First + lane, weights);
                    float* target = Values + panel.Offset + (long)input * panel.Width + lane;
                    for (int tap = 0; tap < taps; tap++)
                    {
                        target[(long)tap * depth * panel.Width] = weights[tap];
                    }
                }
            }
        }
    }

    public int Taps { get; }

    public int Depth { get; }

    /// <summary>Outputs of a group.</summary>
    public int Lanes { get; }

    public Panel[] Panels { get; }

    /// <summary>The first value; for as long as this object lives.</summary>
    public float* Values { get; }

    // Panels of equal width as far as possible: of one vector alone, a register has little to do for each weight that is read.
    private static Panel[] Divide(int depth, int lanes, int groups, long inputs)
    {
        var panels = new List<Panel>();
        long offset = 0;
        for (int group = 0; group < groups; group++)
        {
            int left = lanes;
            while (left > 0)
            {
                int vectors = (left + Kernels.Lanes.Count - 1) / Kernels.Lanes.Count;
                int width = Math.Min(RegisterTile.MostVectors, vectors is 4 ? 2 : vectors);
                int own = Math.Min(left, width * Kernels.Lanes.Count);
                panels.Add(new Panel((group + 1) * lanes - left, own, width, offset, group * depth));
                offset += width * Kernels.Lanes.Count * inputs;
                left -= own;
            }
        }

        return [.. panels];
    }

    /// <summary>Some of the outputs of a group.</summary>
    /// <param name="First">The first output.</param>
    /// <param name="Outputs">Number of outputs.</param>
    /// <param name="Vectors">Vectors that they fill.</param>
    /// <param name="Offset">Where its values begin.</param>
    /// <param name="Source">The group's first input.</param>
    public readonly record struct Panel(int First, int Outputs, int Vectors, long Offset, int Source)
    {
        public int Width => Vectors * Kernels.Lanes.Count;
    }
}

/// <summary>Reads weights.</summary>
/// <param name="input">The input.</param>
/// <param name="output">The output.</param>
/// <param name="taps">Gets those of all places of the window.</param>
internal delegate void ReadTaps(int input, int output, Span<float> taps);
