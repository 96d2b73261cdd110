namespace CnnViz.Runtimes;

/// <summary>How far an installation is.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Done">Bytes that are done.</param>
/// <param name="Total">Bytes of this stage.</param>
internal readonly record struct RuntimeProgress(RuntimeStage Stage, long Done, long Total);

/// <summary>What is being done.</summary>
internal enum RuntimeStage
{
    /// <summary>The package comes from a source.</summary>
    Downloading,

    /// <summary>Its hash is compared.</summary>
    Checking,

    /// <summary>What is used of it is written to the cache.</summary>
    Unpacking,
}
