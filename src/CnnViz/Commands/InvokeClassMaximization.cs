using System.Management.Automation;
using CnnViz.Ascent;
using CnnViz.Completion;
using CnnViz.Networks;

namespace CnnViz.Commands;

/// <summary>Invoke-ClassMaximization: models and their classes to pictures.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "ClassMaximization")]
[OutputType(typeof(FilterImage))]
public sealed class InvokeClassMaximizationCommand : AscentCommand
{
    private IReadOnlyList<string>? _names;
    private PartProgress? _parts;

    /// <summary>Classes by name, with wildcards, or by number.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClassCompleter))]
    [NoObject]
    public string[] Class { get; set; } = [];

    /// <summary>The models; the one imported last, if none is given.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public CnnModel[]? Model { get; set; }

    /// <summary>Name of the layer whose units are the classes.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LayerNameCompleter))]
    public string? Layer { get; set; }

    /// <summary>A text file of class names, or a built-in list.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClassListCompleter))]
    public string? ClassName { get; set; }

    /// <summary>Raises the logarithm of the class's probability instead of the class's own value.</summary>
    [Parameter]
    public SwitchParameter Probability { get; set; }

    /// <inheritdoc />
    [Parameter]
    [RecipeArgument(RecipePurpose.Classes)]
    [ArgumentCompleter(typeof(RecipeCompleter))]
    [ValidateNotNull]
    public override Recipe Recipe { get; set; } = Recipe.Default(RecipePurpose.Classes);

    private protected override PartProgress Parts => _parts ??= new PartProgress(this, "Maximizing classes", "model");

    private protected override void Begin()
    {
        base.Begin();
        try
        {
            _names = this.ReadClassNames(ClassName);
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            ThrowTerminatingError(exception.ToErrorRecord(ClassName));
        }
    }

    private protected override void Process()
    {
        foreach (CnnModel model in this.ModelsOrLast(Model))
        {
            try
            {
                Maximize(model);
            }
            catch (Exception exception) when (exception.IsExpected())
            {
                WriteError(exception.ToErrorRecord(model));
            }
        }
    }

    private void Maximize(CnnModel model)
    {
        var classes = new CnnClasses(model, Layer is null ? null : WildcardPattern.Unescape(Layer), _names);
        if (classes.IsGuess)
        {
            WriteWarning(
                $"'{model.Name}' has no class names. Because it has 1000 classes, the names of ImageNet are assumed. "
                + "Use -ClassName ImageNet to confirm this, or give other names with -ClassName.");
        }

        // A class that is asked for twice, by a wildcard and by its number, is one.
        CnnFilter[] units = [.. Class.SelectMany(text => Find(classes, text)).Distinct()];
        if (units.Length == 0)
        {
            return;
        }

        WriteVerbose($"{model}: {units.Length} classes of {string.Join(", ", units.Select(unit => unit.Layer).Distinct())}.");
        CnnObjective[] objectives = [.. units.Select(unit => Probability ? new ProbabilityObjective(unit) : (CnnObjective)unit)];
        Maximize(
            model,
            $"Maximizing classes of {model.Name}",
            (progress, stop) => new ObjectiveAscent(objectives, Options).Run(progress, stop),
            Model?.Length ?? 1);
    }

    private IEnumerable<CnnFilter> Find(CnnClasses classes, string text)
    {
        if (WildcardPattern.ContainsWildcardCharacters(text))
        {
            return classes.Matching(Wildcards.Of(text).IsMatch);
        }

        try
        {
            return classes.Get(WildcardPattern.Unescape(text));
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            WriteError(exception.ToErrorRecord(text));
            return [];
        }
    }
}
