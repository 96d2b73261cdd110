using System.Collections.Concurrent;
using CnnViz.Pictures;
using TorchSharp;

namespace CnnViz.Quality;

/// <summary>Pictures of the world, to compare with. One that cannot be read is left out, and told once.</summary>
public sealed class NaturalImages
{
    private readonly ConcurrentQueue<(string Path, CnnVizException Failure)> _failures = new();
    private readonly ConcurrentDictionary<string, bool> _unreadable = new();

    /// <summary>Takes a list of files; none is read yet.</summary>
    /// <param name="paths">Paths of picture files.</param>
    public NaturalImages(IReadOnlyList<string> paths) => Paths = paths;

    /// <summary>Paths of the files.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Takes the failures to read a file that nobody has taken yet.</summary>
    public IEnumerable<(string Path, CnnVizException Failure)> TakeFailures()
    {
        while (_failures.TryDequeue(out (string, CnnVizException) failure))
        {
            yield return failure;
        }
    }

    /// <summary>Reads the pictures one by one, each resized to fill a size and cut around its centre.</summary>
    /// <returns>The path and C×H×W, 0…1; the caller's.</returns>
    internal IEnumerable<(string Path, torch.Tensor Picture)> Read(int channels, int height, int width)
    {
        foreach (string path in Paths)
        {
            if (TryRead(path, channels, height, width) is { } picture)
            {
                yield return (path, picture);
            }
        }
    }

    /// <summary>Reads one of the pictures again.</summary>
    /// <returns>C×H×W, 0…1; the caller's.</returns>
    /// <exception cref="CnnVizException">It cannot be read any more.</exception>
    internal static torch.Tensor Read(string path, int channels, int height, int width) => ImageFile.Read(path, channels, height, width);

    /// <summary>Reads one of them, as above; null where that is not possible.</summary>
    /// <returns>C×H×W, 0…1; the caller's.</returns>
    internal torch.Tensor? TryRead(string path, int channels, int height, int width)
    {
        try
        {
            return _unreadable.ContainsKey(path) ? null : Read(path, channels, height, width);
        }
        catch (CnnVizException exception)
        {
            _unreadable[path] = true;
            _failures.Enqueue((path, exception));
            return null;
        }
    }
}
