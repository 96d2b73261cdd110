using System.Management.Automation;
using CnnViz.Runtimes;

namespace CnnViz.Commands;

/// <summary>Uninstall-CnnRuntime: removes libtorch from the cache.</summary>
[Cmdlet(VerbsLifecycle.Uninstall, "CnnRuntime", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class UninstallCnnRuntimeCommand : CnnVizCommand
{
    /// <summary>Removes every version, not only the one that this version of the module uses.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    private protected override void End()
    {
        RuntimeCache cache = RuntimeCache.OfUser;
        foreach (string folder in Folders(cache).Where(Directory.Exists))
        {
            this.Try(folder, () =>
            {
                if (ShouldProcess(folder, "Remove libtorch"))
                {
                    cache.Remove(folder);
                    WriteVerbose($"Removed '{folder}'.");
                }
            });
        }
    }

    private IEnumerable<string> Folders(RuntimeCache cache) =>
        All ? Directory.Exists(cache.Root) ? Directory.GetDirectories(cache.Root) : []
        : RuntimePackage.OfThisModule is { } package ? [cache.FolderOf(package), .. cache.Leftovers]
        : cache.Leftovers;
}
