using System.Management.Automation;
using System.Reflection;
using TorchSharp;

namespace CnnViz.Commands;

/// <summary>Import-TorchSharp: the types of the TorchSharp that CnnViz uses, for the session.</summary>
[Cmdlet(VerbsData.Import, "TorchSharp")]
[OutputType(typeof(Assembly))]
public sealed class ImportTorchSharpCommand : PSCmdlet
{
    /// <summary>Puts out the assembly.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void EndProcessing() => this.Try("TorchSharp", () =>
    {
        NativeLibraries.EnsureLoaded();
        Assembly assembly = typeof(torch).Assembly;

        // Names in scripts are looked up in the default load context, and in assemblies that were imported.
        InvokeCommand.InvokeScript(
            SessionState, InvokeCommand.NewScriptBlock("param($assembly) Import-Module -Assembly $assembly -Global"), assembly);
        if (PassThru)
        {
            WriteObject(assembly);
        }
    });
}
