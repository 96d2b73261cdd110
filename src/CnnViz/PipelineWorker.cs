using System.Collections.Concurrent;
using System.Management.Automation;
using System.Runtime.ExceptionServices;

namespace CnnViz;

/// <summary>
/// Lets the engine work on a thread of its own while the pipeline's thread writes what comes of it. However long one step of the
/// engine takes, Ctrl+C is answered at once; the step then ends unseen.
/// </summary>
/// <param name="cancellation">The cmdlet's token.</param>
internal sealed class PipelineWorker(CancellationToken cancellation)
{
    // The engine waits for a pipeline that is slower than it is, so that results do not pile up.
    private const int Capacity = 16;

    // A process that ends while libtorch computes crashes on its way out; so it waits for the step that is under way.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly ConcurrentDictionary<Thread, bool> s_running = new();
    private static readonly CancellationTokenSource s_exiting = new();

    // On the engine's thread: how to have something done on the pipeline's.
    [ThreadStatic]
    private static Action<Action>? t_call;

    static PipelineWorker() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        s_exiting.Cancel();
        DateTime deadline = DateTime.UtcNow + s_patience;
        foreach (Thread thread in s_running.Keys)
        {
            TimeSpan left = deadline - DateTime.UtcNow;
            thread.Join(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
    };

    /// <summary>
    /// Has something done on the pipeline's thread, the only one that may run scripts, and waits for it. For the engine's thread only.
    /// </summary>
    /// <exception cref="OperationCanceledException">The pipeline was stopped, or has ended.</exception>
    public static T OnPipeline<T>(Func<T> function)
    {
        Action<Action> call = t_call ?? throw new InvalidOperationException("This is no thread of a PipelineWorker.");
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        call(() =>
        {
            try
            {
                result = function();
            }
            catch (Exception exception) when (exception is not PipelineStoppedException)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        failure?.Throw();
        return result;
    }

    /// <summary>Runs through a sequence.</summary>
    /// <param name="make">Makes the sequence; called, and enumerated, on the worker's thread.</param>
    /// <param name="write">Called for each item on the calling thread. Items that it never sees are disposed, if they can be.</param>
    /// <param name="report">Called on the calling thread with the newest report of progress, when it changed.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Run<TItem, TReport>(
        Func<IProgress<TReport>, CancellationToken, IEnumerable<TItem>> make, Action<TItem> write, Action<TReport> report)
    {
        using var queue = new BlockingCollection<Message<TItem>>(Capacity);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, s_exiting.Token);
        var latest = new Latest<TReport>();
        ExceptionDispatchInfo? failure = null;
        CancellationToken stop = linked.Token;
        var thread = new Thread(() =>
        {
            try
            {
                t_call = action => Call(queue, action, stop);
                foreach (TItem item in make(latest, stop))
                {
                    if (!TryAdd(queue, new Message<TItem>(item, null), stop))
                    {
                        (item as IDisposable)?.Dispose();
                        return;
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The reader knows.
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
            finally
            {
                Complete(queue);
                s_running.TryRemove(Thread.CurrentThread, out _);
            }
        })
        {
            IsBackground = true,
            Name = "CnnViz engine",
        };

        s_running[thread] = true;
        thread.Start();
        try
        {
            while (!queue.IsCompleted)
            {
                if (queue.TryTake(out Message<TItem> message, 100, cancellation))
                {
                    message.Deliver(write);
                }

                if (latest.TryTake(out TReport value))
                {
                    report(value);
                }
            }
        }
        finally
        {
            // Also when the pipeline ends early, as behind Select-Object -First.
            linked.Cancel();
            while (queue.TryTake(out Message<TItem> unwanted))
            {
                (unwanted.Item as IDisposable)?.Dispose();
            }
        }

        failure?.Throw();
    }

    private static void Call<TItem>(BlockingCollection<Message<TItem>> queue, Action action, CancellationToken stop)
    {
        using var done = new ManualResetEventSlim();
        void Run()
        {
            action();
            done.Set();
        }

        if (!TryAdd(queue, new Message<TItem>(default, Run), stop))
        {
            throw new OperationCanceledException(stop);
        }

        done.Wait(stop);
    }

    private static bool TryAdd<TItem>(BlockingCollection<TItem> queue, TItem item, CancellationToken stop)
    {
        try
        {
            return queue.TryAdd(item, Timeout.Infinite, stop);
        }
        catch (Exception exception) when (exception is InvalidOperationException or OperationCanceledException)
        {
            // Nobody waits any more.
            return false;
        }
    }

    private static void Complete<TItem>(BlockingCollection<TItem> queue)
    {
        try
        {
            queue.CompleteAdding();
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
    }

    /// <summary>An item for the pipeline, or something to do on its thread.</summary>
    private readonly record struct Message<TItem>(TItem? Item, Action? Call)
    {
        public void Deliver(Action<TItem> write)
        {
            if (Call is null)
            {
                write(Item!);
            }
            else
            {
                Call();
            }
        }
    }

    private sealed class Latest<T> : IProgress<T>
    {
        private readonly object _lock = new();
        private T? _value;
        private bool _isNew;

        public void Report(T value)
        {
            lock (_lock)
            {
                (_value, _isNew) = (value, true);
            }
        }

        public bool TryTake(out T value)
        {
            lock (_lock)
            {
                bool isNew = _isNew;
                _isNew = false;
                value = _value!;
                return isNew;
            }
        }
    }
}
