using System.Management.Automation;
using CnnViz.Runtimes;

namespace CnnViz.Commands;

/// <summary>Install-CnnRuntime: libtorch to the cache.</summary>
[Cmdlet(VerbsLifecycle.Install, "CnnRuntime", SupportsShouldProcess = true)]
[OutputType(typeof(DirectoryInfo))]
public sealed class InstallCnnRuntimeCommand : CnnVizCommand
{
    private const string Activity = "Installing libtorch";

    /// <summary>The package's file, or the folder in which it is.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [NoObject]
    public string? Path { get; set; }

    /// <summary>Installs it again.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Puts out the folder.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void End() => this.Try("libtorch", () =>
    {
        TorchSystem system = TorchSystem.Of(TorchSystem.ThisRuntime);
        SystemFacts.OfThisMachine(system).Check(system.Runtime);
        if (RuntimePackage.OfThisModule is { } package)
        {
            Install(package, RuntimeCache.OfUser);
        }
        else
        {
            WriteVerbose("This module has libtorch beside it, so nothing is to be installed.");
        }
    });

    private void Install(RuntimePackage package, RuntimeCache cache)
    {
        string folder = cache.FolderOf(package);
        if (cache.Has(package) && !Force)
        {
            WriteVerbose($"'{folder}' is there, whole.");
        }
        else
        {
            string? file = FindFile(package);
            if (!ShouldProcess(folder, $"Install {package} ({package.Size}) from {file ?? "the NuGet sources of this machine"}"))
            {
                return;
            }

            Install(package, cache, file);
            WriteVerbose($"Installed {package} in '{folder}'; its SHA-512 is the one that this version was packed with.");
        }

        if (PassThru)
        {
            this.WriteItem(folder);
        }
    }

    private void Install(RuntimePackage package, RuntimeCache cache, string? file)
    {
        string session = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        if (Force && Directory.Exists(cache.FolderOf(package)))
        {
            cache.Remove(cache.FolderOf(package));
        }

        this.RunWork<RuntimeProgress>(
            Activity,
            (progress, stop) =>
            {
                var installer = new RuntimeInstaller(package, cache, progress, stop);
                if (file is null)
                {
                    installer.Install(new PackageFeeds(session));
                }
                else
                {
                    installer.Install(file);
                }
            },
            progress => progress.ToRecord(Activity));
    }

    private string? FindFile(RuntimePackage package)
    {
        if (Path is null)
        {
            return null;
        }

        string path = this.ResolveOutput(Path);
        string file = Directory.Exists(path) ? System.IO.Path.Combine(path, package.FileName) : path;
        return File.Exists(file) ? file : throw new CnnVizException(
            "PathNotFound", $"There is no file '{file}'.", $"Give the file {package.FileName}, or the folder in which it is.");
    }
}
