using CnnViz.Import.Networks;
using TorchSharp;

namespace CnnViz.Import.TorchScript;

/// <summary>What does not become nodes: something in a module's text is not understood.</summary>
internal sealed class NotTranslatedException(string what) : Exception(what);

/// <summary>A module that text speaks of.</summary>
/// <param name="Path">Its name, with dots; empty for the whole.</param>
/// <param name="Class">Its class.</param>
internal sealed record ScriptModuleValue(string Path, ScriptClass Class)
{
    /// <summary>The name of what is within it.</summary>
    public string Within(string name) => Path.Length == 0 ? name : $"{Path}.{name}";
}

/// <summary>A function that text speaks of, by its full name.</summary>
internal sealed record ScriptFunctionValue(string Name);

/// <summary>A tensor that changes with the image.</summary>
/// <param name="Node">The node that gives it.</param>
/// <param name="Rank">How many dimensions it has.</param>
internal sealed record ScriptTensorValue(Value Node, int Rank);

/// <summary>A weight.</summary>
/// <param name="Tensor">It belongs to the loaded module.</param>
internal sealed record ScriptWeightValue(torch.Tensor Tensor)
{
    /// <summary>A copy for a network.</summary>
    public Weight ToWeight() => new(Tensor.shape, () => Tensor.detach().to(torch.ScalarType.Float32, copy: true));
}

/// <summary>The number of images, whatever it is.</summary>
internal sealed record BatchSize;
