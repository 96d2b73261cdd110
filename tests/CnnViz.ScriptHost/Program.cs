using System.Management.Automation;
using System.Management.Automation.Runspaces;

if (args is not [var command])
{
    Console.Error.WriteLine("usage: COMMAND");
    return 2;
}

// No console: not every Windows has one.
using Runspace runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault());
runspace.Open();
using var shell = PowerShell.Create(runspace);
using var output = new PSDataCollection<PSObject>();
output.DataAdded += (_, added) => Console.WriteLine(output[added.Index]);
shell.Streams.Error.DataAdded += (_, added) => Write(shell.Streams.Error[added.Index]);
try
{
    shell.AddScript(command).Invoke(null, output);
    return shell.HadErrors ? 1 : 0;
}
catch (RuntimeException exception)
{
    Write(exception.ErrorRecord);
    return 1;
}

static void Write(ErrorRecord record) =>
    Console.Error.WriteLine($"{record.FullyQualifiedErrorId}: {record} {record.InvocationInfo?.PositionMessage}");
