namespace CnnViz.Ascent;

/// <summary>What the user asks of an ascent.</summary>
public sealed record AscentOptions
{
    /// <summary>The most pictures that climb at once if nobody says. More of them are hardly any faster.</summary>
    public const int UsualBatchSize = 8;

    /// <summary>The numbers of the ascent: a named recipe, with changes of the user's own.</summary>
    public Recipe Recipe { get; init; } = Recipe.Robust;

    /// <summary>Height and width of the finished picture in pixels; null for the recipe's.</summary>
    public (int Height, int Width)? Size { get; init; }

    /// <summary>Pixels that are cut off each side after the ascent, which runs on an image larger by as much; null for the recipe's.</summary>
    public int? Border { get; init; }

    /// <summary>Path of a picture to start from instead of noise.</summary>
    public string? InitialImage { get; init; }

    /// <summary>For <see cref="ImageParameter.Phase"/>: pictures that the magnitudes are taken from; null for those of natural images.</summary>
    public PictureSpectrum? Spectrum { get; init; }

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

    /// <summary>Steps from one snapshot to the next; 0 for none.</summary>
    public int SnapshotEvery { get; init; }

    /// <summary>Whether to go down instead of up.</summary>
    public bool Minimize { get; init; }
}
