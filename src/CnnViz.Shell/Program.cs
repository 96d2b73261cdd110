using CnnViz.Shell;

if (args.Length == 0 || args[0] is "-h" or "--help" or "-?")
{
    Console.Error.WriteLine("usage: dotnet run --project src/CnnViz.Shell -- SCRIPT.ps1 [ARGUMENTS]");
    return args.Length == 0 ? 64 : 0;
}

if (!File.Exists(args[0]))
{
    Console.Error.WriteLine($"There is no script '{args[0]}'.");
    return 64;
}

using var runner = new ScriptRunner(new ShellHost(Console.Out, Console.Error));
using var interrupt = new InterruptHandler(runner.Stop);
int exitCode = runner.Run(args[0], args[1..]);
return interrupt.ExitCode ?? exitCode;
