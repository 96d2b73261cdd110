using System.Management.Automation;
using CnnViz.Ascent;
using CnnViz.Completion;
using CnnViz.Networks;

namespace CnnViz.Commands;

/// <summary>Invoke-ClassMaximization: models and their classes to pictures.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "ClassMaximization")]
[OutputType(typeof(FilterImage))]
public sealed class InvokeClassMaximizationCommand : BatchCommand
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

    private protected override RecipePurpose Purpose => RecipePurpose.Classes;

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
        CnnClasses classes = this.FindClasses(model, Layer is null ? null : WildcardPattern.Unescape(Layer), _names);
        CnnFilter[] units = this.ChooseClasses(classes, Class);
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
}
