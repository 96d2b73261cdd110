using CnnViz;

// libtorch uses all cores by itself, and live tensors are counted for the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace CnnViz.Tests;

/// <summary>A test that needs libtorch.</summary>
public abstract class EngineTest
{
    static EngineTest() => NativeLibraries.EnsureLoaded();
}
