using System.Management.Automation;
using CnnViz.Plans;

namespace CnnViz.Commands;

/// <summary>Get-FilterPlan: how far the pictures of a plan are, and what came of each.</summary>
[Cmdlet(VerbsCommon.Get, "FilterPlan", DefaultParameterSetName = "Path")]
[OutputType(typeof(FilterPlanState), typeof(FilterPlanResult))]
public sealed class GetFilterPlanCommand : PathCommand
{
    /// <summary>Folders that Invoke-FilterPlan writes to, with wildcards.</summary>
    [Parameter(
        Mandatory = true,
        Position = 0,
        ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true,
        ParameterSetName = "Path")]
    [FilePath]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [NoObject]
    public override string[] Path { get; set; } = [];

    /// <summary>Puts out what came of each picture, instead of the figures of the whole.</summary>
    [Parameter]
    public SwitchParameter Result { get; set; }

    /// <inheritdoc />
    protected override void ProcessFile(string path)
    {
        PlanFolder folder = PlanFolder.Open(path);
        IEnumerable<object> Make(IProgress<int> progress, CancellationToken stop)
        {
            progress.Report(0);
            var report = new PlanReport(folder, stop);
            return Result ? report.Results(stop) : [report.State()];
        }

        const string activity = "Reading ledgers";
        this.RunEngine<object, int>(path, activity, Make, WriteObject, _ => new ProgressRecord(0, activity, path));
    }
}
