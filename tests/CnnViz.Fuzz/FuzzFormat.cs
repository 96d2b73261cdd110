namespace CnnViz.Fuzz;

/// <summary>A format of files that is read.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Seeds">Makes sound files.</param>
/// <param name="Read">Reads an input: gets the folder that its files are in, and gives what they were, in a few words.</param>
internal sealed record FuzzFormat(string Name, Func<IEnumerable<FuzzInput>> Seeds, Func<string, string> Read)
{
    /// <summary>Bytes that any input may take.</summary>
    public long SpareMemory { get; init; } = 128L << 20;

    /// <summary>Bytes that each byte of an input may take: deflate makes at most 1,032 of one.</summary>
    public long MemoryPerByte { get; init; } = 1032;

    /// <summary>
    /// Whether what .NET allocates is bounded, and not only what is used of it: PureHDF asks for as much as a length in a file says, before it sees
    /// that the file ends.
    /// </summary>
    public bool BoundsAllocations { get; init; } = true;

    /// <summary>The most that an input may take: what .NET allocates while it is read, and by how much the process grows.</summary>
    public long MemoryFor(FuzzInput input) => SpareMemory + MemoryPerByte * input.Length;

    /// <inheritdoc />
    public override string ToString() => Name;
}
