using System.Globalization;
using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Pictures;

namespace CnnViz.Plans;

/// <summary>
/// Which pictures of a model's filters are to be made, and how. What a picture is follows from the plan alone, so machines that know nothing of one
/// another can each make a share of them.
/// </summary>
public sealed record FilterPlan
{
    /// <summary>Full path of its file; null where it has none yet.</summary>
    public string? Path { get; init; }

    /// <summary>The model.</summary>
    public required PlanModel Model { get; init; }

    /// <summary>The numbers of the ascents.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>The seed of each filter's first picture; those of further ones follow it.</summary>
    public long Seed { get; init; }

    /// <summary>Pictures of each filter.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Whether activations go down instead of up.</summary>
    public bool Minimize { get; init; }

    /// <summary>Format of the pictures' files.</summary>
    public PictureFormat Format { get; init; }

    /// <summary>The layers, in the order in which they were given.</summary>
    public required IReadOnlyList<PlanLayer> Layers { get; init; }

    /// <summary>How many pictures there are in all.</summary>
    public long Pictures => Layers.Sum(layer => (long)layer.Filters.Count * Count);

    /// <summary>What all pictures cost, in thousands of millions of multiplications; see <see cref="PlanLayer.Cost"/>.</summary>
    public double Cost => Layers.Sum(layer => layer.Cost * layer.Filters.Count * Count);

    /// <summary>The plan in a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="CnnVizException">There is none (PathNotFound), it cannot be read, or it is no plan that can be (PlanInvalid).</exception>
    public static FilterPlan Read(string path)
    {
        try
        {
            return PlanText.Read(path) with { Path = System.IO.Path.GetFullPath(path) };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileFailure.Of(exception, path, isWritten: false);
        }
    }

    /// <summary>Writes the plan, whole or not at all. The same plan gives the same bytes.</summary>
    /// <param name="path">Path of the file; one that is there is replaced.</param>
    /// <exception cref="CnnVizException">It cannot be written.</exception>
    public void Write(string path) => WholeFile.Write(path, stream => stream.Write(PlanText.Write(this)));

    /// <summary>Makes sure that a model is the plan's: by its file, and by what else pictures depend on.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="CnnVizException">It is another one (PlanModelMismatch), or has no such layer or filter.</exception>
    internal void Check(CnnModel model)
    {
        string? difference = model.Sha256 != Model.Sha256 ? $"its SHA-256 is {model.Sha256} instead of {Model.Sha256}"
            : model.Preprocessing.ToString() != Model.Preprocessing ? $"its preprocessing is {model.Preprocessing} instead of {Model.Preprocessing}"
            : model.Name != Model.Name ? $"its name, which pictures carry, is not '{Model.Name}'"
            : null;
        if (difference is not null)
        {
            throw new CnnVizException(
                "PlanModelMismatch",
                $"The model '{model.Name}' is not the one that the plan was made for: {difference}.",
                "Give the plan's model with -Model, or put its file beside the plan, under its own name.");
        }

        foreach (PlanLayer layer in Layers)
        {
            model.GetLayer(layer.Name).GetFilter(layer.Filters[^1]);
        }
    }

    /// <summary>Whether another plan is about the same pictures; where the model's file lies is no difference.</summary>
    internal bool IsSame(FilterPlan other) => PlanText.Write(this with { Model = Model with { Path = "x" } })
        .AsSpan().SequenceEqual(PlanText.Write(other with { Model = other.Model with { Path = "x" } }));

    /// <summary>Such as <c>resnet50: 26560 pictures of 53 layers</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Model.Name}: {Pictures} pictures of {Layers.Count} {(Layers.Count == 1 ? "layer" : "layers")}");
}
