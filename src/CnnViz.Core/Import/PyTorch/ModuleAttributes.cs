using CnnViz.Networks;

namespace CnnViz.Import.PyTorch;

/// <summary>The attributes of a module of PyTorch, such as its stride.</summary>
internal static class ModuleAttributes
{
    // No kernel, stride or padding exceeds it.
    private const long Largest = 1024;

    /// <summary>An attribute as the pickle has it; null where it is missing or None.</summary>
    public static object? Attribute(this TorchObject module, string name) =>
        module.State is PickleDict state && state.TryGet(name, out object? value) ? value : null;

    /// <summary>A whole number or two, for height and width; null where it is missing or something else.</summary>
    public static Extent? Size(this TorchObject module, string name, long least = 0) => module.Attribute(name) switch
    {
        long both when both >= least && both <= Largest => new(both, both),
        object?[] and [long height, long width] when Math.Min(height, width) >= least && Math.Max(height, width) <= Largest => new(height, width),
        _ => null,
    };

    /// <summary>A number; null where it is missing or something else.</summary>
    public static double? Number(this TorchObject module, string name) => module.Attribute(name) switch
    {
        double value when double.IsFinite(value) => value,
        long value => value,
        _ => null,
    };
}
