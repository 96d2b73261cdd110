using System.Runtime.ExceptionServices;
using CnnViz.Kernels;

namespace CnnViz.Ascent;

/// <summary>Parts of a batch on threads of their own: they never wait for one another, and what libtorch does is divided too.</summary>
internal static class ConcurrentAscents
{
    /// <summary>Makes a batch of pictures, which do not depend on one another. Parameters and results as of <see cref="GradientAscent.Climb"/>.</summary>
    public static AscentResult[] Climb(
        GradientAscent ascent, AscentTarget[] targets, Action<int, float> report, CancellationToken cancellation)
    {
        if (targets.Length == 1)
        {
            return ascent.Climb(targets, report, cancellation);
        }

        var results = new AscentResult?[targets.Length];
        var latest = new float[targets.Length];
        ExceptionDispatchInfo? failure = null;
        using IDisposable hold = LibtorchThreads.HoldToOne();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        WorkerTeam.Run(LibtorchThreads.Count, share =>
        {
            (int first, int last) = share.Of(targets.Length);
            if (first == last)
            {
                // There are more threads than pictures.
                return;
            }

            try
            {
                ascent.Climb(targets[first..last], Report, stop.Token).CopyTo(results, first);
            }
            catch (Exception exception)
            {
                // The others stop because of it, which is not why it failed.
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
                stop.Cancel();
            }

            // Only the caller's thread, which has the first part, tells the caller.
            void Report(int step, float activation)
            {
                latest.AsSpan(first..last).Fill(activation);
                if (share.Part == 0)
                {
                    report(step, latest.Average());
                }
            }
        });
        if (failure is not null)
        {
            Array.ForEach(results, result => result?.Dispose());
            failure.Throw();
        }

        return results!;
    }
}
