using System.Management.Automation;
using CnnViz.Ascent;
using CnnViz.Completion;
using CnnViz.Networks;

namespace CnnViz.Commands;

/// <summary>New-CnnObjective: what an ascent is to raise.</summary>
[Cmdlet(VerbsCommon.New, "CnnObjective", DefaultParameterSetName = "Layer")]
[OutputType(typeof(CnnObjective))]
public sealed class NewCnnObjectiveCommand : CnnVizCommand
{
    /// <summary>The layer that it looks at.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = "Layer")]
    [Parameter(ValueFromPipeline = true, ParameterSetName = "Filter")]
    [Parameter(ValueFromPipeline = true, ParameterSetName = "Direction")]
    [Parameter(ValueFromPipeline = true, ParameterSetName = "Caricature")]
    [Parameter(ValueFromPipeline = true, ParameterSetName = "Likeness")]
    [Parameter(ValueFromPipeline = true, ParameterSetName = "Diversity")]
    [Parameter(ValueFromPipeline = true, ParameterSetName = "ScriptBlock")]
    [LayerArgument]
    [ArgumentCompleter(typeof(LayerNameCompleter))]
    [ValidateNotNull]
    public CnnLayer[] Layer { get; set; } = [];

    /// <summary>Filters of the layer by number.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Filter")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FilterCompleter))]
    public int[] Filter { get; set; } = [];

    /// <summary>Filters, and all that names one: activations, pictures, rows with Layer and Filter.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    [ValidateNotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>The model of the filters, where they do not name one of the session's.</summary>
    [Parameter(ParameterSetName = "InputObject")]
    [ValidateNotNull]
    public CnnModel? Model { get; set; }

    /// <summary>The logarithm of the filter's softmax probability in its layer.</summary>
    [Parameter(ParameterSetName = "Filter")]
    [Parameter(ParameterSetName = "InputObject")]
    public SwitchParameter Probability { get; set; }

    /// <summary>One value a filter.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Direction")]
    [ValidateNotNullOrEmpty]
    public float[] Direction { get; set; } = [];

    /// <summary>A picture whose activations are exaggerated.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Caricature")]
    [ValidateNotNullOrEmpty]
    public string Caricature { get; set; } = string.Empty;

    /// <summary>A picture that the layer is to see as before.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Likeness")]
    [ValidateNotNullOrEmpty]
    public string Likeness { get; set; } = string.Empty;

    /// <summary>How far the pictures of a batch differ.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Diversity")]
    public SwitchParameter Diversity { get; set; }

    /// <summary>Computes the objective of the activations.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "ScriptBlock")]
    [ValidateNotNull]
    public ScriptBlock ScriptBlock { get; set; } = ScriptBlock.Create(string.Empty);

    /// <summary>The power of the cosine.</summary>
    [Parameter(ParameterSetName = "Direction")]
    [Parameter(ParameterSetName = "Caricature")]
    [ValidateRange(0.0, 16.0)]
    public double CosinePower { get; set; }

    /// <summary>Row and column of one neuron.</summary>
    [Parameter(ParameterSetName = "Layer")]
    [Parameter(ParameterSetName = "Filter")]
    [Parameter(ParameterSetName = "InputObject")]
    [Parameter(ParameterSetName = "Direction")]
    [ValidateCount(2, 2)]
    [ValidateRange(0, 65535)]
    public int[]? Position { get; set; }

    /// <summary>The neuron in the middle.</summary>
    [Parameter(ParameterSetName = "Layer")]
    [Parameter(ParameterSetName = "Filter")]
    [Parameter(ParameterSetName = "InputObject")]
    [Parameter(ParameterSetName = "Direction")]
    public SwitchParameter Center { get; set; }

    /// <summary>Top, left, height and width as shares of the map.</summary>
    [Parameter(ParameterSetName = "Layer")]
    [Parameter(ParameterSetName = "Filter")]
    [Parameter(ParameterSetName = "InputObject")]
    [Parameter(ParameterSetName = "Direction")]
    [ValidateCount(4, 4)]
    [ValidateRange(0.0, 1.0)]
    public double[]? Region { get; set; }

    private protected override void Begin()
    {
        this.RequireInput(Layer.Length + InputObject.Length, "NoLayer", "Get-CnnLayer conv1 | New-CnnObjective -Filter 3");
        int areas = (Position is null ? 0 : 1) + (Region is null ? 0 : 1) + (Center ? 1 : 0);
        if (areas > 1 || (areas == 1 && Probability))
        {
            var exception = new CnnVizException(
                "ObjectiveAmbiguous",
                "An objective can have only one of -Position, -Center, -Region and -Probability.",
                "Give one of them.");
            ThrowTerminatingError(exception.ToErrorRecord(null));
        }
    }

    private protected override void Process()
    {
        foreach (CnnLayer layer in Layer)
        {
            foreach (int filter in ParameterSetName == "Filter" ? Filter : [0])
            {
                TryWrite(layer, () => Make(layer, filter));
            }
        }

        foreach (PSObject input in InputObject)
        {
            TryWrite(input, () => input.BaseObject is CnnLayer layer && !Probability ? Make(layer, 0) : Make(NamedFilter.Find(input, Model)));
        }
    }

    private void TryWrite(object target, Func<CnnObjective> make) => this.Try(target, () => WriteObject(make()));

    private CnnObjective Make(CnnFilter filter) => Probability ? new ProbabilityObjective(filter) : new FilterObjective(filter, Area());

    private CnnObjective Make(CnnLayer layer, int filter) => ParameterSetName switch
    {
        "Filter" => Make(layer.GetFilter(filter)),
        "Direction" => new DirectionObjective(layer, Direction, CosinePower, Area()),
        "Caricature" => new CaricatureObjective(layer, FullPath(Caricature), CosinePower),
        "Likeness" => new LikenessObjective(layer, FullPath(Likeness)),
        "Diversity" => new DiversityObjective(layer),
        "ScriptBlock" => new ScriptObjective(layer, ScriptBlock),
        _ => new LayerObjective(layer, Area()),
    };

    private MapArea Area() => (Position, Region) switch
    {
        ([int row, int column], _) => MapArea.Position(row, column),
        (_, [double top, double left, double height, double width]) => MapArea.Region(top, left, height, width),
        _ => Center ? MapArea.Center : MapArea.Whole,
    };

    private string FullPath(string path)
    {
        string full = GetUnresolvedProviderPathFromPSPath(path);
        return File.Exists(full)
            ? full
            : throw new CnnVizException("PathNotFound", $"There is no file '{path}'.", "Check the path.");
    }
}
