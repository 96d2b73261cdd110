using System.Management.Automation;
using CnnViz.Pictures;

namespace CnnViz;

/// <summary>Picture files that a parameter names, itself or by folders and wildcards.</summary>
internal static class PicturePaths
{
    /// <summary>The files; an error that ends the pipeline where there are none.</summary>
    /// <param name="cmdlet">The cmdlet whose parameter it is.</param>
    /// <param name="paths">Files or folders, with wildcards.</param>
    /// <returns>Full paths in the file system, each once; of a folder, the pictures in it.</returns>
    public static string[] ResolvePictures(this PSCmdlet cmdlet, string[] paths)
    {
        string[] files = [.. paths.SelectMany(path => Resolve(cmdlet, path)).Distinct()];
        if (files.Length == 0)
        {
            cmdlet.ThrowTerminatingError(ErrorRecords.PathNotFound(paths[0]));
        }

        return files;
    }

    private static IEnumerable<string> Resolve(PSCmdlet cmdlet, string path)
    {
        ProviderInfo provider;
        string[] found = [];
        try
        {
            found = [.. cmdlet.GetResolvedProviderPathFromPSPath(path, out provider)];
            if (provider.Name != "FileSystem")
            {
                cmdlet.ThrowTerminatingError(ErrorRecords.NotFileSystem(path));
            }
        }
        catch (ItemNotFoundException)
        {
            cmdlet.ThrowTerminatingError(ErrorRecords.PathNotFound(path));
        }

        return found.SelectMany(item => Directory.Exists(item) ? PictureFormats.FilesIn(item, recurse: false) : [item]);
    }
}
