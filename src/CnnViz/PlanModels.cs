using CnnViz.Catalogue;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Plans;

namespace CnnViz;

/// <summary>The model of a plan, on a machine that may have it elsewhere.</summary>
internal static class PlanModels
{
    /// <summary>Imports the model.</summary>
    /// <param name="plan">The plan, which comes from a file.</param>
    /// <exception cref="CnnVizException">It is nowhere (PlanModelNotFound), cannot be read, or is another one (PlanModelMismatch).</exception>
    public static CnnModel Import(FilterPlan plan)
    {
        PlanModel model = plan.Model;
        string path = Find(plan, model.Path) ?? BuiltInModels.Find(model.Name) ?? throw NotFound(plan);
        CnnModel imported = ModelImporter.Import(path, new ImportOptions
        {
            Preprocessing = model.GivenPreprocessing,
            Architecture = model.Architecture is { } name ? Find(plan, name) ?? name : null,
            InputSize = model.InputSize is { } size ? (size[0], size[1]) : null,
            ClassNames = model.ClassNames,
            Inputs = model.Inputs ?? new Dictionary<string, float[]>(),
            Published = ModelCatalogue.Find(model.Name) is { } published && published.HasHash(model.Sha256) ? published : null,
        });
        try
        {
            plan.Check(imported);
            return imported;
        }
        catch
        {
            imported.Dispose();
            throw;
        }
    }

    // Where it was, or beside the plan.
    private static string? Find(FilterPlan plan, string path)
    {
        if (path.Length == 0)
        {
            return null;
        }

        // Of a path of another system, the part behind the last separator is the name.
        string name = path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
        string beside = Path.Combine(Path.GetDirectoryName(plan.Path)!, name);
        return File.Exists(path) ? path : File.Exists(beside) ? beside : null;
    }

    private static CnnVizException NotFound(FilterPlan plan) => new(
        "PlanModelNotFound",
        $"The model '{plan.Model.Name}' of the plan is not on this machine: there is neither '{plan.Model.Path}' nor a file of this name beside the plan.",
        "Put its file beside the plan, or give it with -Model.");
}
