using System.Reflection;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace CnnViz.TestHost;

/// <summary>Runs the tests of an assembly in this process.</summary>
internal sealed class TestRun : LongLivedMarshalByRefObject, IMessageSink, IDisposable
{
    private readonly List<ITestCase> _cases = [];
    private readonly ManualResetEventSlim _isDone = new();
    private int _passed;
    private int _failed;
    private int _skipped;

    /// <summary>Runs tests, writes what failed, and how many passed, failed and were skipped.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="parts">Parts of the names of the tests that run; all run, if there are none.</param>
    /// <returns>Whether some passed and none failed.</returns>
    public static bool Run(Assembly assembly, IReadOnlyCollection<string> parts)
    {
        using var run = new TestRun();
        using var framework = new XunitTestFramework(run);
        using ITestFrameworkDiscoverer discoverer = framework.GetDiscoverer(Reflector.Wrap(assembly));
        discoverer.Find(includeSourceInformation: false, run, new UsualOptions());
        run.Wait();
        using ITestFrameworkExecutor executor = framework.GetExecutor(assembly.GetName());
        executor.RunTests(
            run._cases.Where(test => parts.Count == 0 || parts.Any(test.DisplayName.Contains)), run, new UsualOptions());
        run.Wait();
        Console.WriteLine($"{run._passed} passed, {run._failed} failed, {run._skipped} skipped");
        return run is { _passed: > 0, _failed: 0 };
    }

    public bool OnMessage(IMessageSinkMessage message)
    {
        switch (message)
        {
            case ITestCaseDiscoveryMessage found:
                _cases.Add(found.TestCase);
                break;
            case ITestPassed:
                Interlocked.Increment(ref _passed);
                break;
            case ITestSkipped:
                Interlocked.Increment(ref _skipped);
                break;
            case ITestFailed failed:
                Interlocked.Increment(ref _failed);
                Console.WriteLine($"{failed.Test.DisplayName}: {string.Join("; ", failed.Messages)}\n{string.Join('\n', failed.StackTraces)}");
                break;
            case IErrorMessage error:
                Interlocked.Increment(ref _failed);
                Console.WriteLine(string.Join("; ", error.Messages));
                break;
            case IDiscoveryCompleteMessage or ITestAssemblyFinished:
                _isDone.Set();
                break;
        }

        return true;
    }

    public void Dispose() => _isDone.Dispose();

    private void Wait()
    {
        _isDone.Wait();
        _isDone.Reset();
    }
}
