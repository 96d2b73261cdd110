using CnnViz.Runtimes;

namespace CnnViz.Tests;

/// <summary>A test that needs libtorch.</summary>
public abstract class EngineTest
{
    static EngineTest() => NativeLibraries.EnsureLoaded();
}
