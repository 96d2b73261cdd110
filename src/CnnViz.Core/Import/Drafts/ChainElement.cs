using CnnViz.Networks.Operators;

namespace CnnViz.Import.Drafts;

/// <summary>A layer of a drafted network.</summary>
/// <param name="Name">Its name.</param>
internal abstract record ChainElement(string Name)
{
    /// <summary>The layer that it takes from, where it is not the one before.</summary>
    public string? From { get; init; }
}

/// <summary>A layer with weights.</summary>
/// <param name="Name">Its name, which its weights begin with.</param>
/// <param name="Kind">Its kind in a description.</param>
/// <param name="Options">Its options in a description, but for those of its window.</param>
/// <param name="Module">Its weights.</param>
/// <param name="Guess">What of it is a guess; null where its weights tell all.</param>
internal sealed record WeightedElement(string Name, string Kind, string Options, WeightModule Module, string? Guess) : ChainElement(Name)
{
    /// <summary>Whether its kernel grew over that of the convolution before, at as many channels: the habit of those that halve the image.</summary>
    public bool IsLarger { get; init; }

    /// <summary>Whether it is the first convolution.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Whether it is a convolution, which has a window.</summary>
    public bool IsConvolution => Kind is "conv" or "convtranspose";
}

/// <summary>A layer without weights whose kind is known or guessed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its kind in a description.</param>
/// <param name="Guess">What of it is a guess; null where the file tells.</param>
internal sealed record FunctionElement(string Name, string Kind, string? Guess) : ChainElement(Name);

/// <summary>A place where the image may get smaller.</summary>
/// <param name="Name">The name of the pooling, if there is one.</param>
/// <param name="Pool">How much speaks against a pooling.</param>
/// <param name="None">How much speaks against none.</param>
internal sealed record PoolElement(string Name, double Pool, double None) : ChainElement(Name)
{
    /// <summary>Whether the habit of the whole network decides.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Whether the next convolution has more channels.</summary>
    public bool Grows { get; init; }

    /// <summary>Whether the dense layers follow.</summary>
    public bool IsLast { get; init; }

    /// <summary>Its number among these places.</summary>
    public int Ordinal { get; init; }

    /// <summary>The kind of pooling.</summary>
    public string Kind { get; init; } = "maxpool";

    /// <summary>The window of the pooling, once it is found; null for none.</summary>
    public Window? Window { get; init; }
}
