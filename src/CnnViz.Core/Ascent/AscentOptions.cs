namespace CnnViz.Ascent;

/// <summary>What the user asks of an ascent.</summary>
public sealed record AscentOptions
{
    /// <summary>The most pictures that climb at once if nobody says. More of them are hardly any faster.</summary>
    public const int UsualBatchSize = 8;

    /// <summary>The numbers of the ascent: a named recipe, with changes of the user's own.</summary>
    public Recipe Recipe { get; init; } = Recipe.Robust;

    /// <summary>The magnitudes of the recipe's pictures, which are read once for all ascents by these options; null for natural images'.</summary>
    internal PictureSpectrum? Spectrum =>
        Recipe.Spectrum is { } pictures ? (field?.Pictures == pictures ? field : field = new PictureSpectrum(pictures)) : null;

    /// <summary>Path of a picture to start from instead of noise.</summary>
    public string? InitialImage { get; init; }

    /// <summary>A picture to go on from instead of noise; null for none.</summary>
    internal FilterImage? Start { get; init; }

    /// <summary>Whether something else than noise is the start.</summary>
    internal bool HasStart => InitialImage is not null || Start is not null;

    /// <summary>Every picture's noise follows from this and what is maximized.</summary>
    public long Seed { get; init; }

    /// <summary>Pictures of each objective, with the seeds from <see cref="Seed"/> on.</summary>
    public int Count { get; init; } = 1;

    /// <summary>
    /// How many pictures climb at once; null for what takes the least time, which is <see cref="UsualBatchSize"/> or, of large pictures, fewer. A
    /// picture does not depend on the others of its batch; where libtorch runs a part of the network, its details depend on the size of the batch
    /// (libtorch rounds differently for another one, and thirty steps make much of little), and null stands for 1.
    /// </summary>
    public int? BatchSize { get; init; }

    /// <summary>
    /// Bytes that a batch may take, about, or it becomes smaller; null for three quarters of what is free. What one picture needs it gets in any
    /// case.
    /// </summary>
    public long? MemoryLimit { get; init; }

    /// <summary>The most threads that work at once; null for one on each processor. Kernels' pictures do not depend on it.</summary>
    public int? ThrottleLimit { get; init; }

    /// <summary>Steps from one snapshot to the next; 0 for none.</summary>
    public int SnapshotEvery { get; init; }

    /// <summary>Pictures that are not made again; null for none. A picture that begins with another one is always made.</summary>
    public ExistingPictures? Existing { get; init; }

    /// <summary>What the pictures of a batch have in common, 0…1, as <see cref="AlignedAscent"/> has it.</summary>
    internal double Alignment { get; init; }

    /// <summary>Which pictures are made, by the numbers of their filters and their seeds; null for all.</summary>
    internal Func<int, long, bool>? IsWanted { get; init; }

    /// <summary>Asked before each batch: whether it is still to be made; null for always.</summary>
    internal Func<bool>? GoesOn { get; init; }

    /// <summary>Whether to go down instead of up.</summary>
    public bool Minimize { get; init; }
}
