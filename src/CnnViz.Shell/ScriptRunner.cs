using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Text.RegularExpressions;
using Microsoft.PowerShell;

namespace CnnViz.Shell;

/// <summary>Runs one script as <c>pwsh -File</c> does: its streams to the host, its exit code to the caller.</summary>
internal sealed partial class ScriptRunner : IDisposable
{
    private readonly ShellHost _host;
    private readonly Runspace _runspace;
    private PowerShell? _running;

    public ScriptRunner(ShellHost host)
    {
        _host = host;
        InitialSessionState state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
        {
            state.ExecutionPolicy = ExecutionPolicy.Bypass;
        }

        _runspace = RunspaceFactory.CreateRunspace(host, state);
        _runspace.Open();
        Runspace.DefaultRunspace = _runspace;
    }

    /// <summary>Loads the module and runs a script.</summary>
    /// <param name="manifest">Path of the module's manifest.</param>
    /// <param name="path">Path of the script.</param>
    /// <param name="arguments">Its arguments: <c>-Name</c> and <c>-Name:value</c> are parameters, all else are values.</param>
    /// <returns>What the script exits with; 1 where an error ends it.</returns>
    public int Run(string manifest, string path, IReadOnlyList<string> arguments)
    {
        ScriptBlockAst parsed = Parser.ParseFile(Path.GetFullPath(path), out _, out ParseError[] errors);
        if (errors.Length > 0)
        {
            foreach (ParseError error in errors)
            {
                _host.UI.WriteErrorLine($"{path}:{error.Extent.StartLineNumber}: {error.Message}");
            }

            return 1;
        }

        bool ok = Invoke(shell => shell.AddCommand("Import-Module").AddParameter("Name", Path.GetFullPath(manifest)).AddParameter("ErrorAction", "Stop"))
            && Invoke(shell => shell.AddScript($"& $args[0] {string.Join(' ', arguments.Select(Quote))}").AddArgument(parsed.GetScriptBlock()));
        return _host.ExitCode ?? (ok ? 0 : 1);
    }

    /// <summary>Stops what is running; safe from any thread.</summary>
    public void Stop() => _running?.BeginStop(null, null);

    public void Dispose() => _runspace.Dispose();

    private bool Invoke(Func<PowerShell, PowerShell> build)
    {
        using PowerShell shell = PowerShell.Create(_runspace);
        build(shell);
        shell.Commands.Commands[^1].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.AddCommand("Out-Default");
        _running = shell;
        try
        {
            shell.Invoke();
            return true;
        }
        catch (PipelineStoppedException)
        {
            return false;
        }
        catch (RuntimeException exception)
        {
            WriteError(exception.ErrorRecord);
            return false;
        }
        finally
        {
            _running = null;
        }
    }

    private void WriteError(ErrorRecord error)
    {
        // The engine's own view, with the position.
        var record = PSObject.AsPSObject(error);
        record.Properties.Add(new PSNoteProperty("writeErrorStream", true));
        using PowerShell shell = PowerShell.Create(_runspace);
        shell.AddCommand("Out-Default").Invoke(new[] { record });
    }

    /// <summary>The manifest of the repository that this program was built in.</summary>
    public static string FindManifest()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string manifest = Path.Combine(folder.FullName, "CnnViz.psd1");
            if (File.Exists(manifest))
            {
                return manifest;
            }
        }

        throw new FileNotFoundException("There is no CnnViz.psd1 above this program.");
    }

    private static string Quote(string argument)
    {
        Match match = ParameterName().Match(argument);
        if (!match.Success)
        {
            return $"'{CodeGeneration.EscapeSingleQuotedStringContent(argument)}'";
        }

        string value = match.Groups["value"].Value;
        return !match.Groups["value"].Success ? argument
            : value is "$true" or "$false" ? argument
            : $"-{match.Groups["name"].Value}:'{CodeGeneration.EscapeSingleQuotedStringContent(value)}'";
    }

    [GeneratedRegex(@"^-(?<name>[A-Za-z_]\w*)(:(?<value>.+))?$", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex ParameterName();
}
