using System.Management.Automation;
using CnnViz.Ascent;

namespace CnnViz;

/// <summary>What the cmdlets share whose pictures do not depend on one another: several of each target, in batches, and none that is there.</summary>
public abstract class BatchCommand : AscentCommand
{
    /// <summary>Pictures of each target, from as many seeds.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int Count { get; set; } = new AscentOptions().Count;

    /// <summary>How many pictures climb at once.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int BatchSize { get; set; }

    /// <summary>Bytes that a batch may take.</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long MemoryLimit { get; set; }

    /// <summary>Photos that the pictures are to resemble; the recipe is Reference, then, if no other is given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [NoObject]
    public string[]? Reference { get; set; }

    /// <summary>Folders and files of pictures that are not made again.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [NoObject]
    public string[]? SkipExisting { get; set; }

    private protected override Recipe Usual =>
        Reference is null || IsBound(nameof(Recipe)) ? Recipe : Recipe.Get(nameof(Ascent.Recipe.Reference), Purpose);

    /// <summary>What recipes are for.</summary>
    private protected abstract RecipePurpose Purpose { get; }

    private protected override void Begin()
    {
        base.Begin();
        Options = Options with
        {
            Count = Count,
            BatchSize = IsBound(nameof(BatchSize)) ? BatchSize : null,
            MemoryLimit = IsBound(nameof(MemoryLimit)) ? MemoryLimit : null,
            Existing = SkipExisting is null ? null : ReadExisting(SkipExisting, Options.Recipe),
        };
    }

    private ExistingPictures ReadExisting(string[] paths, Recipe recipe)
    {
        if (InitialImage is not null || recipe.Spectrum is not null || recipe.References.Any)
        {
            var exception = new CnnVizException(
                "SkipExistingUnsupported",
                "Files do not say which pictures an ascent was given, so nobody can tell which of these pictures exist.",
                "Leave -SkipExisting out.");
            ThrowTerminatingError(exception.ToErrorRecord(paths));
        }

        return this.ReadExisting(paths);
    }
}
