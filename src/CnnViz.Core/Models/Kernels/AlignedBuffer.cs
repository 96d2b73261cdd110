using System.Runtime.InteropServices;

namespace CnnViz.Models.Kernels;

/// <summary>Native memory for maps; what is in it is arbitrary at first.</summary>
internal sealed unsafe class AlignedBuffer : SafeHandle
{
    // What a cache line holds.
    private const nuint Alignment = 64;

    private readonly long _bytes;

    /// <param name="values">Number of values.</param>
    /// <exception cref="OutOfMemoryException">There is not that much.</exception>
    public AlignedBuffer(long values)
        : base(0, ownsHandle: true)
    {
        Count = values;
        _bytes = Math.Max(1, values) * sizeof(float);
        SetHandle((nint)System.Runtime.InteropServices.NativeMemory.AlignedAlloc((nuint)_bytes, Alignment));
        GC.AddMemoryPressure(_bytes);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Number of values.</summary>
    public long Count { get; }

    /// <summary>The first value.</summary>
    public float* Values => (float*)handle;

    protected override bool ReleaseHandle()
    {
        System.Runtime.InteropServices.NativeMemory.AlignedFree((void*)handle);
        GC.RemoveMemoryPressure(_bytes);
        return true;
    }
}
