using System.Management.Automation;

namespace CnnViz;

/// <summary>A cmdlet that takes files by <c>-Path</c>, with wildcards, or by <c>-LiteralPath</c>.</summary>
public abstract class PathCommand : CnnVizCommand
{
    /// <summary>Paths that may have wildcards; each cmdlet says how they complete.</summary>
    public abstract string[] Path { get; set; }

    /// <summary>Paths that are taken as they are.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Called for each file.</summary>
    /// <param name="path">Full path in the file system.</param>
    protected abstract void ProcessFile(string path);

    /// <summary>What a path means that is no path but a name; null where it is none.</summary>
    /// <param name="name">What was given, without wildcards.</param>
    /// <returns>Full path in the file system.</returns>
    /// <exception cref="CnnVizException">It is a name, but there is no file for it.</exception>
    protected virtual string? FindByName(string name) => null;

    private protected override void Process()
    {
        bool literal = ParameterSetName == "LiteralPath";
        foreach (string path in literal ? LiteralPath : Path)
        {
            IEnumerable<string> files = [];
            this.Try(path, () => files = Resolve(path, literal));
            foreach (string file in files)
            {
                this.Try(file, () => ProcessFile(file));
            }
        }
    }

    private IEnumerable<string> Resolve(string path, bool literal)
    {
        if (!literal && !File.Exists(System.IO.Path.Combine(SessionState.Path.CurrentFileSystemLocation.Path, path))
            && FindByName(path) is { } named)
        {
            return [named];
        }

        try
        {
            ProviderInfo provider;
            IEnumerable<string> files = literal
                ? [SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _)]
                : GetResolvedProviderPathFromPSPath(path, out provider);
            if (provider.Name == "FileSystem")
            {
                return files;
            }

            WriteError(ErrorRecords.NotFileSystem(path));
        }
        catch (ItemNotFoundException)
        {
            WriteError(ErrorRecords.PathNotFound(path));
        }
        catch (Exception exception) when (exception is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            WriteError(exception.ToErrorRecord(path));
        }

        return [];
    }
}
