using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;
using CnnViz.Runtimes;
using TorchSharp;

namespace CnnViz.Commands;

/// <summary>Import-TorchSharp: the types of the TorchSharp that CnnViz uses, for the session.</summary>
[Cmdlet(VerbsData.Import, "TorchSharp")]
[OutputType(typeof(Assembly))]
public sealed class ImportTorchSharpCommand : CnnVizCommand
{
    // Code that the session compiles (Add-Type) looks for what it refers to in the default load context.
    private static readonly Lazy<Assembly> s_torchSharp = new(() =>
    {
        Assembly assembly = typeof(torch).Assembly;
        AssemblyLoadContext.Default.Resolving += (_, wanted) => wanted.FullName == assembly.FullName ? assembly : null;
        return assembly;
    });

    /// <summary>Puts out the assembly.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void End() => this.Try("TorchSharp", () =>
    {
        this.OfferRuntime();
        NativeLibraries.EnsureLoaded();

        // Names in scripts are looked up in the default load context too, and in assemblies that were imported.
        InvokeCommand.InvokeScript(
            SessionState,
            InvokeCommand.NewScriptBlock("param($assembly) Import-Module -Assembly $assembly -Global"),
            s_torchSharp.Value);
        if (PassThru)
        {
            WriteObject(s_torchSharp.Value);
        }
    });
}
