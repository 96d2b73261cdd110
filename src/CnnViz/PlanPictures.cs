using CnnViz.Ascent;
using CnnViz.Plans;

namespace CnnViz;

/// <summary>Pictures that a parameter means by the folder of a plan.</summary>
internal static class PlanPictures
{
    /// <summary>Does something with each picture of a plan's folder; what cannot be read is an error, and the next one comes.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="folder">The folder; null for none.</param>
    /// <param name="use">What is done; the picture is gone afterwards.</param>
    /// <exception cref="CnnVizException">It is no folder of a plan.</exception>
    public static void EachImage(this CnnVizCommand cmdlet, string? folder, Action<FilterImage> use)
    {
        if (folder is null)
        {
            return;
        }

        PlanFolder plan = PlanFolder.Open(cmdlet.ResolveOutput(folder));
        foreach ((int layer, long number) in plan.Finished().TakeWhile(_ => !cmdlet.Cancellation.IsCancellationRequested))
        {
            cmdlet.Try(plan.PathOf(layer, number), () =>
            {
                using FilterImage image = plan.ReadImage(layer, number);
                use(image);
            });
        }
    }
}
