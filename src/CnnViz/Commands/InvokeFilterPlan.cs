using System.Diagnostics;
using System.Management.Automation;
using CnnViz.Networks;
using CnnViz.Plans;

namespace CnnViz.Commands;

/// <summary>Invoke-FilterPlan: the pictures of a plan, or of one share of them, to a folder.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "FilterPlan", SupportsShouldProcess = true)]
[OutputType(typeof(FilterPlanResult))]
public sealed class InvokeFilterPlanCommand : CnnVizCommand
{
    private const string Activity = "Making the pictures of a plan";

    private CnnModel? _imported;

    /// <summary>The plan's file.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [NoObject]
    public string? Plan { get; set; }

    /// <summary>The folder.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [NoObject]
    public string Path { get; set; } = string.Empty;

    /// <summary>Which share, from 0.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int ShardIndex { get; set; }

    /// <summary>How many shares there are.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int ShardCount { get; set; }

    /// <summary>The model, where it is not where the plan says.</summary>
    [Parameter]
    [ValidateNotNull]
    public CnnModel? Model { get; set; }

    /// <summary>The time after which no further batch is begun.</summary>
    [Parameter]
    public TimeSpan TimeLimit { get; set; }

    /// <summary>Goes on in the folder of another plan.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Begin() => this.OfferRuntime();

    private protected override void Process()
    {
        var clock = Stopwatch.StartNew();
        string path = this.ResolveOutput(Path);
        string planPath = Plan is null ? PlanFolder.PlanIn(path) : GetUnresolvedProviderPathFromPSPath(Plan);
        FilterPlan plan = FilterPlan.Read(planPath);
        Shard shard = Shard.Find(
            IsBound(nameof(ShardIndex)) ? ShardIndex : null, IsBound(nameof(ShardCount)) ? ShardCount : null, Environment.GetEnvironmentVariable);
        PlanFolder folder = PlanFolder.For(path, plan, Force);
        long share = PlanShares.Of(plan, shard).Sum(piece => piece.Length);
        WriteVerbose($"{plan}; {shard} has {share}.");
        if (!ShouldProcess(path, $"Make {share} of the {plan.Pictures} pictures of '{plan.Model.Name}' ({shard})"))
        {
            return;
        }

        bool IsTimeUp() => IsBound(nameof(TimeLimit)) && clock.Elapsed >= TimeLimit;
        this.RunEngine<FilterPlanResult, PlanProgress>(
            planPath,
            Activity,
            (progress, stop) => new PlanRun(folder, shard, Model ?? (_imported = PlanModels.Import(plan)), IsTimeUp).Run(progress, stop),
            Write,
            progress => new ProgressRecord(0, Activity, $"{progress.Shard}; {progress.Target}, step {progress.Step} of {progress.Steps}")
            {
                PercentComplete = (int)(100 * progress.Fraction),
                SecondsRemaining = ProgressRecords.Seconds(progress.Remaining),
            });
        if (IsTimeUp())
        {
            WriteVerbose("Time is up.");
        }
    }

    private protected override void Close()
    {
        _imported?.Dispose();
        _imported = null;
    }

    private void Write(FilterPlanResult result)
    {
        if (result.Failure is { } failure)
        {
            WriteError(failure.ToErrorRecord(result));
        }

        WriteObject(result);
    }
}
