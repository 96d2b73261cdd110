using System.Runtime.InteropServices;

namespace CnnViz.Kernels;

/// <summary>Native memory for maps, all zero at first.</summary>
internal sealed unsafe class AlignedBuffer : SafeHandle
{
    // What a cache line holds.
    private const nuint Alignment = 64;

    private readonly long _bytes;

    /// <param name="values">Number of values; whoever reads a vector of the last of them finds memory.</param>
    /// <exception cref="OutOfMemoryException">There is not that much.</exception>
    public AlignedBuffer(long values)
        : base(0, ownsHandle: true)
    {
        Count = values;
        _bytes = (values + Lanes.Count) * sizeof(float);
        SetHandle((nint)NativeMemory.AlignedAlloc((nuint)_bytes, Alignment));
        NativeMemory.Clear((void*)handle, (nuint)_bytes);
        GC.AddMemoryPressure(_bytes);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Number of values.</summary>
    public long Count { get; }

    /// <summary>The first value.</summary>
    public float* Values => (float*)handle;

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        GC.RemoveMemoryPressure(_bytes);
        return true;
    }
}
