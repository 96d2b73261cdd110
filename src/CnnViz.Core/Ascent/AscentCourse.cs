using System.Diagnostics;

namespace CnnViz.Ascent;

/// <summary>How far batches are that climb one after the other or side by side.</summary>
/// <param name="sizes">Pictures of each batch.</param>
/// <param name="steps">Steps of a batch.</param>
/// <param name="progress">Told of every step; or null.</param>
internal sealed class AscentCourse(IReadOnlyList<int> sizes, int steps, IProgress<AscentProgress>? progress)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly int[] _steps = new int[sizes.Count];

    /// <summary>Takes note of a batch's step. Any thread may call it.</summary>
    /// <param name="batch">Number of the batch.</param>
    /// <param name="target">What it raises.</param>
    /// <param name="step">Steps that it has taken.</param>
    /// <param name="activation">Mean activation over the batch; not a number before the first step.</param>
    public void Report(int batch, string target, int step, float activation)
    {
        AscentProgress report;
        lock (_steps)
        {
            _steps[batch] = step;
            int total = sizes.Sum();
            int done = sizes.Where((_, i) => _steps[i] == steps).Sum();
            double share = sizes.Select((size, i) => (double)size * _steps[i] / steps).Sum() / total;
            TimeSpan? remaining = share == 0 ? null : _clock.Elapsed * ((1 - share) / share);
            report = new AscentProgress(target, done, total, step, steps, activation, share, remaining);
        }

        progress?.Report(report);
    }

    /// <summary>Takes note that a batch is done, however few steps it took.</summary>
    public void Finish(int batch)
    {
        lock (_steps)
        {
            _steps[batch] = steps;
        }
    }
}
