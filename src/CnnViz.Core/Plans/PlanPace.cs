using System.Diagnostics;
using CnnViz.Ascent;

namespace CnnViz.Plans;

/// <summary>How far a share is.</summary>
/// <param name="Shard">Which share.</param>
/// <param name="Target">What the batch that is climbing raises.</param>
/// <param name="Step">Steps taken in this batch.</param>
/// <param name="Steps">Steps that a batch takes.</param>
/// <param name="Fraction">The finished share of the whole by its cost, 0…1.</param>
/// <param name="Remaining">Estimate of the time left; null before there is one.</param>
public readonly record struct PlanProgress(Shard Shard, string Target, int Step, int Steps, double Fraction, TimeSpan? Remaining);

/// <summary>Makes of the progress of a layer that of its share.</summary>
internal sealed class PlanPace(FilterPlan plan, IReadOnlyList<PlanPiece> share, Shard shard, IProgress<PlanProgress>? progress) : IProgress<AscentProgress>
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly double _total = share.Sum(piece => CostOf(plan, piece));
    private double _before;
    private double _ofLayer;

    // What was there already took no time.
    private double _found;
    private int _layer;
    private bool _isNew;

    /// <summary>Goes on to a layer.</summary>
    public void Begin(int layer)
    {
        _before += _ofLayer;
        _ofLayer = share.Where(piece => piece.Layer == layer).Sum(piece => CostOf(plan, piece));
        _found += _isNew ? _ofLayer : 0;
        (_layer, _isNew) = (layer, true);
    }

    /// <inheritdoc />
    public void Report(AscentProgress value)
    {
        double left = value.Total * plan.Layers[_layer].Cost;
        if (_isNew)
        {
            _found += Math.Max(0, _ofLayer - left);
            _isNew = false;
        }

        double done = _before + _ofLayer - left * (1 - value.Fraction);
        double made = done - _found;
        TimeSpan? remaining = made > 0 ? _clock.Elapsed * ((_total - done) / made) : null;
        progress?.Report(new PlanProgress(shard, value.Target, value.Step, value.Steps, Math.Clamp(done / _total, 0, 1), remaining));
    }

    private static double CostOf(FilterPlan plan, PlanPiece piece) => piece.Length * plan.Layers[piece.Layer].Cost;
}
