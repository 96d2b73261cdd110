using CnnViz.Shell;

const string Usage = """
    usage: dotnet run --project src/CnnViz.Shell -- [--module MANIFEST] SCRIPT.ps1 [ARGUMENTS]
      --module MANIFEST   the module to load instead of this repository's
    """;

string? manifest = null;
string[] rest = args;
if (rest is ["--module", var given, ..])
{
    (manifest, rest) = (given, rest[2..]);
}

if (rest is [] or ["-h" or "--help" or "-?", ..])
{
    Console.Error.WriteLine(Usage);
    return rest.Length == 0 ? 64 : 0;
}

if (!File.Exists(rest[0]))
{
    Console.Error.WriteLine($"There is no script '{rest[0]}'.");
    return 64;
}

using var runner = new ScriptRunner(new ShellHost(Console.Out, Console.Error));
using var interrupt = new InterruptHandler(runner.Stop);
int exitCode = runner.Run(manifest ?? ScriptRunner.FindManifest(), rest[0], rest[1..]);
return interrupt.ExitCode ?? exitCode;
