using NuGet.Common;
using NuGet.Configuration;
using NuGet.Protocol;
using NuGet.Protocol.Core.Types;
using NuGet.Versioning;

namespace CnnViz.Runtimes;

/// <summary>
/// The sources of packages that this machine is configured for, with their credentials and proxies, as <c>dotnet</c> has them: nuget.config of the
/// folder, of the user and of the machine. No address stands in the module.
/// </summary>
/// <param name="folder">The session's folder.</param>
internal sealed class PackageFeeds(string folder)
{
    /// <summary>Copies a package out of the first source that has it; NuGet's own folder of packages is the first.</summary>
    /// <param name="package">The package.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="CnnVizException">No source has it, or none can be reached.</exception>
    public void Copy(RuntimePackage package, Stream target, CancellationToken cancellation)
    {
        ISettings settings = LoadSettings();
        if (FindRestored(package, settings) is { } restored)
        {
            using FileStream source = File.OpenRead(restored);
            source.CopyTo(target);
            return;
        }

        var answers = new List<string>();
        foreach (PackageSource source in Sources(package, settings))
        {
            if (Ask(source, package, target, cancellation) is not { } answer)
            {
                return;
            }

            answers.Add($"{source.Name}: {answer}");
        }

        throw new CnnVizException(
            "RuntimeNotFound",
            answers.Count == 0 ? $"This machine has no source of NuGet packages, so '{package}' cannot be downloaded."
                : $"No source of NuGet packages of this machine has '{package}': {string.Join("; ", answers)}.",
            $"Check the network and nuget.config (dotnet nuget list source); or take the file {package.FileName} from a machine that has it, and run "
                + $"Install-CnnRuntime -Path {package.FileName}.");
    }

    private ISettings LoadSettings()
    {
        try
        {
            return Settings.LoadDefaultSettings(folder);
        }
        catch (NuGetConfigurationException exception)
        {
            throw new CnnVizException("NuGetConfigurationInvalid", $"NuGet's configuration cannot be read: {exception.Message}", "Mend the file.", exception);
        }
    }

    private static string? FindRestored(RuntimePackage package, ISettings settings)
    {
        string path = Path.Combine(
            SettingsUtility.GetGlobalPackagesFolder(settings), package.Id.ToLowerInvariant(), package.Version.ToLowerInvariant(), package.FileName);
        return File.Exists(path) && new FileInfo(path).Length == package.Length ? path : null;
    }

    private static IEnumerable<PackageSource> Sources(RuntimePackage package, ISettings settings)
    {
        var mapping = PackageSourceMapping.GetPackageSourceMapping(settings);
        IReadOnlyList<string>? allowed = mapping.IsEnabled ? mapping.GetConfiguredPackageSources(package.Id) : null;
        return PackageSourceProvider.LoadPackageSources(settings)
            .Where(source => source.IsEnabled && allowed?.Contains(source.Name, StringComparer.OrdinalIgnoreCase) != false);
    }

    // Null where the package came; else why it did not.
    private static string? Ask(PackageSource source, RuntimePackage package, Stream target, CancellationToken cancellation)
    {
        try
        {
            using var context = new SourceCacheContext { DirectDownload = true, NoCache = true };
            SourceRepository repository = Repository.Factory.GetCoreV3(source);
            FindPackageByIdResource? finder = repository.GetResourceAsync<FindPackageByIdResource>(cancellation).GetAwaiter().GetResult();
            bool hasCome = finder is not null
                && finder.CopyNupkgToStreamAsync(
                        package.Id, NuGetVersion.Parse(package.Version), target, context, NullLogger.Instance, cancellation)
                    .GetAwaiter().GetResult();
            return hasCome ? null : "not there";
        }
        catch (Exception exception) when (exception is NuGetProtocolException or HttpRequestException or InvalidOperationException)
        {
            cancellation.ThrowIfCancellationRequested();
            return (exception.InnerException ?? exception).Message.Split('\n')[0].TrimEnd('.', '\r');
        }
    }
}
