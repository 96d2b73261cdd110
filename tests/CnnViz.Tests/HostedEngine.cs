using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;

namespace CnnViz.Tests;

/// <summary>What a script left behind.</summary>
internal sealed record ScriptResult(
    IReadOnlyList<PSObject> Output,
    IReadOnlyList<ErrorRecord> Errors,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Verbose,
    IReadOnlyList<ProgressRecord> Progress)
{
    /// <summary>The one error.</summary>
    public ErrorRecord Error => Assert.Single(Errors);

    /// <summary>A property of each output.</summary>
    public object?[] Values(string property) => [.. Output.Select(item => item.Properties[property].Value)];

    /// <summary>Fails the test if there was an error.</summary>
    public ScriptResult Succeeded()
    {
        Assert.True(Errors.Count == 0, string.Join(Environment.NewLine, Errors.Select(error => error.ToString())));
        return this;
    }
}

/// <summary>A PowerShell engine with the module, a folder of its own as location, and a tiny model in it.</summary>
internal sealed class HostedEngine : IDisposable
{
    private readonly Runspace _runspace;

    public HostedEngine(PSHost? host = null)
    {
        Folder = Directory.CreateTempSubdirectory("cnnviz-").FullName;
        TinyModel.Write(Path.Combine(Folder, "tiny.onnx"));
        _runspace = host is null
            ? RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2())
            : RunspaceFactory.CreateRunspace(host, InitialSessionState.CreateDefault2());
        _runspace.Open();
        Run("Import-Module $args[0]; $null = $ExecutionContext.SessionState.Path.SetLocation($args[1])", Path.Combine(TestFiles.Root, "CnnViz.psd1"), Folder).Succeeded();
    }

    /// <summary>The location that scripts run in; gone afterwards.</summary>
    public string Folder { get; }

    public PowerShell Create()
    {
        PowerShell shell = PowerShell.Create();
        shell.Runspace = _runspace;
        return shell;
    }

    public ScriptResult Run(string script, params object[] arguments)
    {
        using PowerShell shell = Create();
        shell.AddScript(script);
        foreach (object argument in arguments)
        {
            shell.AddArgument(argument);
        }

        var thrown = new List<ErrorRecord>();
        PSObject[] output = [];
        try
        {
            output = [.. shell.Invoke()];
        }
        catch (RuntimeException exception)
        {
            thrown.Add(exception.ErrorRecord);
        }

        return new ScriptResult(
            output,
            [.. shell.Streams.Error, .. thrown],
            [.. shell.Streams.Warning.Select(record => record.Message)],
            [.. shell.Streams.Verbose.Select(record => record.Message)],
            [.. shell.Streams.Progress]);
    }

    /// <summary>Runs a script that would take long, stops it, and fails the test if that takes long.</summary>
    public void AssertStopsAtOnce(string script)
    {
        using PowerShell shell = Create();
        shell.AddScript(script);
        IAsyncResult running = shell.BeginInvoke();
        Thread.Sleep(1500);
        Assert.Equal(PSInvocationState.Running, shell.InvocationStateInfo.State);

        var clock = Stopwatch.StartNew();
        shell.Stop();

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.True(running.IsCompleted);
    }

    /// <summary>Imports the tiny model into <c>$model</c>.</summary>
    public HostedEngine WithModel()
    {
        Run("$global:model = Import-CnnModel tiny.onnx -Preprocessing Unit").Succeeded();
        return this;
    }

    public void Dispose()
    {
        _runspace.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
