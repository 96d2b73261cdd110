using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CnnViz.Tests;

/// <summary>The shell and the loading of the module, each in a process of its own.</summary>
public sealed class ShellTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz-").FullName;

    public ShellTests() => TinyModel.Write(Path.Combine(_folder, "tiny.onnx"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Importing_loads_no_libtorch_and_importing_a_model_does()
    {
        (int code, string output, string error) = Run(
            """
            $loaded = { @([Diagnostics.Process]::GetCurrentProcess().Modules | Where-Object ModuleName -Match 'torch_cpu').Count }
            & $loaded
            $null = Import-CnnModel (Join-Path $args[0] tiny.onnx) -Preprocessing Unit
            & $loaded
            """.Replace("(Join-Path $args[0] tiny.onnx)", "\"$($args[0])/tiny.onnx\""),
            _folder);

        Assert.Equal((0, "0\n1\n", string.Empty), (code, output, error));
    }

    [Fact]
    public void Importing_again_and_in_another_runspace_works()
    {
        (int code, string output, string error) = Run(
            """
            $manifest = (Get-Module CnnViz).Path
            Import-Module $manifest -Force
            (Get-Command -Module CnnViz | ForEach-Object Name) -join ' '
            $other = [PowerShell]::Create([initialsessionstate]::CreateDefault2())
            $other.AddScript('Import-Module $args[0]; (Import-CnnModel $args[1] -Preprocessing Unit).Name').AddArgument($manifest).AddArgument("$($args[0])/tiny.onnx").Invoke()
            (Import-CnnModel "$($args[0])/tiny.onnx" -Preprocessing Unit).Name
            """,
            _folder);

        Assert.Equal(string.Empty, error);
        string manifest = File.ReadAllText(Path.Combine(TestFiles.Root, "CnnViz.psd1"));
        string cmdlets = string.Join(' ', Regex.Matches(manifest, @"^        '(\w+-\w+)'\s*$", RegexOptions.Multiline).Select(match => match.Groups[1].Value));
        Assert.StartsWith("Export-CnnModel ", cmdlets);
        Assert.Equal($"{cmdlets}\ntiny\ntiny\n", output);
        Assert.Equal(0, code);
    }

    [Fact]
    public void Runspaces_side_by_side_share_a_model()
    {
        (_, string output, string error) = Run(
            """
            $model = Import-CnnModel "$($args[0])/tiny.onnx" -Preprocessing Unit
            $manifest = (Get-Module CnnViz).Path
            0, 1, 2 | ForEach-Object -Parallel {
                Import-Module $using:manifest
                ($using:model | Get-CnnLayer conv1 | Invoke-FilterMaximization $_ -Steps 5).Filter
            } -ThrottleLimit 3 | Sort-Object
            """.Replace(" | Sort-Object", string.Empty),
            _folder);

        Assert.Equal(string.Empty, error);
        Assert.Equal(["0", "1", "2"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("'fine'", 0)]
    [InlineData("throw 'boom'", 1)]
    [InlineData("if (", 1)]
    [InlineData("Import-CnnModel nowhere.onnx; 'on it goes'", 0)]
    [InlineData("$ErrorActionPreference = 'Stop'; Import-CnnModel nowhere.onnx; exit 0", 1)]
    public void The_exit_code_is_that_of_pwsh(string script, int expected)
    {
        Assert.Equal(expected, Run(script).Code);
    }

    [Fact]
    public void Arguments_bind_as_in_pwsh()
    {
        (_, string output, _) = Run(
            """
            param([string] $Name, [switch] $Fast, [int[]] $Numbers)
            "$Name|$Fast|$Numbers|$($args -join ',')|$($PSScriptRoot.Length -gt 0)"
            """,
            "-Name", "it's", "-Fast:$true", "-Numbers", "3", "rest", "a b");

        Assert.Equal("it's|True|3|rest,a b|True\n", output);
    }

    [Fact]
    public void Errors_go_to_standard_error_and_verbose_lines_to_standard_output()
    {
        (_, string output, string error) = Run(
            "Import-CnnModel nowhere.onnx; Import-CnnModel \"$($args[0])/tiny.onnx\" -Preprocessing Unit -Verbose", _folder);

        Assert.Contains("There is no file 'nowhere.onnx'", error);
        Assert.Contains("VERBOSE: Imported tiny (ONNX, 3×32×32)", output);
        Assert.Matches(@"\ntiny +ONNX +3×32×32 +6 +Unit", output);
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public void A_package_works_elsewhere_without_a_package_cache()
    {
        string package = Path.Combine(_folder, "package", "CnnViz");
        using (var pack = new ChildProcess(
            "dotnet", ["msbuild", Path.Combine(TestFiles.Root, "src", "CnnViz"), "-t:PackModule", $"-p:PackFolder={package}", "-noLogo"]))
        {
            (int packed, string log, _) = pack.WaitForEnd(TimeSpan.FromMinutes(5));
            Assert.True(packed == 0, log);
        }

        string moved = Path.Combine(_folder, "moved");
        Directory.Move(Path.Combine(_folder, "package"), moved);
        Directory.CreateDirectory(Path.Combine(_folder, "empty"));
        (int code, string output, string error) = Run(
            """
            $model = Import-CnnModel "$($args[0])/tiny.onnx" -Preprocessing Unit
            $model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0 -Steps 2 | Export-FilterImage $args[0] -PassThru | ForEach-Object Name
            (Get-Module CnnViz).ModuleBase
            """,
            ["--module", Path.Combine(moved, "CnnViz", "CnnViz.psd1")],
            [_folder],
            ("NUGET_PACKAGES", Path.Combine(_folder, "empty")));

        Assert.Equal((0, string.Empty), (code, error));
        Assert.Equal($"conv1_0000.png\n{Path.Combine(moved, "CnnViz")}\n", output);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_folder, "empty")));
    }

    [SkippableFact]
    public void Ctrl_C_stops_at_once()
    {
        Skip.If(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        using ChildProcess process = ShellProcess.Start(
            Write("""
            'started'
            Import-CnnModel "$($args[0])/tiny.onnx" -Preprocessing Unit | Get-CnnLayer conv1 | Invoke-FilterMaximization -Steps 1000000 -Size 256
            'never'
            """),
            [],
            [_folder]);
        Assert.Equal("started\n", process.WaitForOutput(TimeSpan.FromMinutes(1)));
        Thread.Sleep(2000);

        var clock = Stopwatch.StartNew();
        using (var kill = new ChildProcess("kill", ["-INT", $"{process.Id}"]))
        {
            kill.WaitForEnd(TimeSpan.FromSeconds(10));
        }

        (int code, string output, _) = process.WaitForEnd(TimeSpan.FromSeconds(20));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 5);
        Assert.Equal((130, "started\n"), (code, output));
    }

    private (int Code, string Output, string Error) Run(string script, params string[] arguments) => Run(script, [], arguments);

    private (int Code, string Output, string Error) Run(
        string script, string[] options, string[] arguments, params (string Name, string Value)[] environment) =>
        ShellProcess.Run(Write(script), options, arguments, environment);

    private string Write(string script)
    {
        string path = Path.Combine(_folder, "script.ps1");
        File.WriteAllText(path, script);
        return path;
    }
}
