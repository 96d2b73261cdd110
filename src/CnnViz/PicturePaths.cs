using System.Management.Automation;
using CnnViz.Ascent;
using CnnViz.Pictures;

namespace CnnViz;

/// <summary>Picture files that a parameter names, itself or by folders and wildcards.</summary>
internal static class PicturePaths
{
    /// <summary>The files.</summary>
    /// <param name="session">The session in which the paths mean something.</param>
    /// <param name="paths">Files or folders, with wildcards.</param>
    /// <returns>Full paths in the file system, each once; of a folder, the pictures in it.</returns>
    /// <exception cref="CnnVizException">There are none, or a path is not in the file system.</exception>
    public static string[] ResolvePictures(this SessionState session, string[] paths)
    {
        string[] files = [.. paths.SelectMany(path => Resolve(session, path)).Distinct()];
        return files.Length > 0 ? files : throw NotFound(paths.FirstOrDefault());
    }

    /// <summary>A recipe whose pictures are full paths, as it may be used where the session is in another folder.</summary>
    /// <exception cref="CnnVizException">As above.</exception>
    public static Recipe WithFullPaths(this SessionState session, Recipe recipe) => recipe with
    {
        Spectrum = session.WithFullPaths(recipe.Spectrum),
        References = recipe.References with { Pictures = session.WithFullPaths(recipe.References.Pictures) },
    };

    private static PictureList? WithFullPaths(this SessionState session, PictureList? pictures) =>
        pictures is null ? null : new PictureList(session.ResolvePictures([.. pictures]));

    private static IEnumerable<string> Resolve(SessionState session, string path)
    {
        // A whole path is no pattern where there is such a file: those of a recipe are.
        if (Path.IsPathFullyQualified(path) && File.Exists(path))
        {
            return [path];
        }

        try
        {
            string[] found = [.. session.Path.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider)];
            return provider.Name == "FileSystem"
                ? found.SelectMany(item => Directory.Exists(item) ? PictureFormats.FilesIn(item, recurse: false) : [item])
                : throw new CnnVizException("NotFileSystem", $"'{path}' is not a path of the file system.", "Give a file or a folder.");
        }
        catch (Exception exception) when (exception is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ArgumentException)
        {
            throw NotFound(path);
        }
    }

    private static CnnVizException NotFound(string? path) => new("PathNotFound", $"There is no file '{path}'.", "Check the path.");
}
