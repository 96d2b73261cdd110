using System.Collections.Concurrent;
using CnnViz.Patterns.Drawing;

namespace CnnViz.Patterns.Training;

/// <summary>Paints batches on a thread of its own, a few ahead of where they are used. No picture comes twice.</summary>
internal sealed class BatchSource : IDisposable
{
    private const int Ahead = 4;

    private readonly BlockingCollection<Batch> _painted = new(Ahead);
    private readonly BlockingCollection<Batch> _free = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;

    /// <summary>Starts painting.</summary>
    /// <param name="seed">Names the series of pictures.</param>
    /// <param name="first">Number of the first batch to paint.</param>
    /// <param name="batchSize">Pictures in a batch.</param>
    /// <param name="pictureSize">Side of a picture in pixels.</param>
    public BatchSource(ulong seed, long first, int batchSize, int pictureSize)
    {
        var painter = new PatternPainter(pictureSize);
        for (int i = 0; i < Ahead + 2; i++)
        {
            _free.Add(new Batch(batchSize, painter.PictureLength));
        }

        _thread = new Thread(() => Paint(painter, seed, first)) { IsBackground = true, Name = "Painter" };
        _thread.Start();
    }

    /// <summary>The next batch; give it back with <see cref="Return"/>.</summary>
    public Batch Take() => _painted.Take(_stop.Token);

    /// <summary>Gives a batch back to be painted anew.</summary>
    public void Return(Batch batch) => _free.Add(batch);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _painted.Dispose();
        _free.Dispose();
        _stop.Dispose();
    }

    private void Paint(PatternPainter painter, ulong seed, long number)
    {
        try
        {
            for (; ; number++)
            {
                Batch batch = _free.Take(_stop.Token);
                for (int i = 0; i < batch.Count; i++)
                {
                    PatternLabel label = painter.Paint(seed, number * batch.Count + i, batch.Picture(i));
                    (batch.Patterns[i], batch.Hues[i]) = (label.Pattern, label.Hue);
                }

                _painted.Add(batch, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
