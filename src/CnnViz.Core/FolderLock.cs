namespace CnnViz;

/// <summary>
/// Keeps a folder for one writer. The operating system holds the lock, and drops it with the process, however that ends; the empty file .lock
/// stays, and means nothing by itself.
/// </summary>
public sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a folder; makes the folder if need be.</summary>
    /// <param name="folder">Full path of the folder.</param>
    /// <exception cref="CnnVizException">Somebody else has it (FolderBusy).</exception>
    /// <exception cref="IOException">The folder cannot be made, or not be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public static FolderLock Take(string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            return new FolderLock(File.Open(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (FileFailure.IsInUse(exception))
        {
            throw new CnnVizException(
                "FolderBusy", $"Another command writes to '{folder}'.", "Wait until it has ended, or give another folder.", exception);
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose() => _file.Dispose();
}
