namespace CnnViz.Import.TorchScript;

/// <summary>Something in a program is not understood: what it gives is not known, nor what is made of it.</summary>
internal sealed class NotTranslatedException(string what) : Exception(what);

/// <summary>An operation cannot run on an image of the size that is being tried.</summary>
/// <param name="message">What failed.</param>
/// <param name="wanted">The features that a dense layer wants; 0 where it is something else.</param>
/// <param name="given">The features that it is given.</param>
internal sealed class ScriptSizeException(string message, long wanted = 0, long given = 0) : Exception(message)
{
    /// <summary>The features that a dense layer wants; 0 where it is something else that failed.</summary>
    public long Wanted => wanted;

    /// <summary>The features that it is given.</summary>
    public long Given => given;
}

/// <summary>The first convolution wants an image of other channels.</summary>
internal sealed class ScriptChannelException(string message) : Exception(message);

/// <summary>A value of which nothing is known.</summary>
/// <param name="Reason">Why not.</param>
internal sealed record ScriptUnknown(string Reason);

/// <summary>A module, or a tuple with names.</summary>
/// <param name="Path">Its name, with dots; empty for the whole.</param>
/// <param name="Class">Its class.</param>
/// <param name="Attributes">Its attributes.</param>
internal sealed record ScriptObject(string Path, ScriptClass Class, Dictionary<string, object?> Attributes)
{
    /// <summary>The name of what is within it.</summary>
    public string Within(string name) => Path.Length == 0 ? name : $"{Path}.{name}";
}

/// <summary>An attribute that is still as the pickle has it.</summary>
internal sealed record ScriptPickled(object? Value, ScriptWeights Weights);

/// <summary>A function that text speaks of, by its full name.</summary>
internal sealed record ScriptFunctionValue(string Name);

/// <summary>Weights of a layer as libtorch packs them for quantized networks and for phones.</summary>
/// <param name="State">What its class has saved.</param>
internal sealed record ScriptPacked(object? State);
