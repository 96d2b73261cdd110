using CnnViz.Networks;

namespace CnnViz.Plans;

/// <summary>The model of a plan, with all that it takes to import it again as the same model.</summary>
public sealed record PlanModel
{
    /// <summary>Its name, which pictures carry.</summary>
    public required string Name { get; init; }

    /// <summary>Full path of its file where the plan was made; empty for a module of the session.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of that file, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>How a picture becomes its input, in words.</summary>
    public required string Preprocessing { get; init; }

    /// <summary>The same in numbers, where the user gave them; null where they are the file's.</summary>
    public Preprocessing? GivenPreprocessing { get; init; }

    /// <summary>The architecture that the user gave, a name or the path of a description; or null.</summary>
    public string? Architecture { get; init; }

    /// <summary>Height and width of the input, where the user gave them; or null.</summary>
    public IReadOnlyList<int>? InputSize { get; init; }

    /// <summary>Names of the classes, where the user gave them; or null.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Values of inputs beside the image, where the user gave them; or null.</summary>
    public IReadOnlyDictionary<string, float[]>? Inputs { get; init; }

    /// <summary>What a plan says of a model.</summary>
    public static PlanModel Of(CnnModel model) => new()
    {
        Name = model.Name,
        Path = model.Path,
        Sha256 = model.Sha256,
        Preprocessing = model.Preprocessing.ToString(),
        GivenPreprocessing = model.Preprocessing.Source == PreprocessingSource.Given ? model.Preprocessing : null,
        Architecture = model.Given.Architecture,
        InputSize = model.Given.InputSize is (int height, int width) ? new ValueList<int>([height, width]) : null,
        ClassNames = model.Given.ClassNames,
        Inputs = model.Given.Inputs.Count > 0 ? model.Given.Inputs : null,
    };

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
