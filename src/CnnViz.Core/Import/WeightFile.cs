using Microsoft.Win32.SafeHandles;

namespace CnnViz.Import;

/// <summary>A file of weights that is read in pieces, none of which reaches beyond it.</summary>
internal sealed class WeightFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    private WeightFile(string path, SafeFileHandle handle)
    {
        FullPath = path;
        _handle = handle;
        Length = RandomAccess.GetLength(handle);
    }

    /// <summary>Full path of the file.</summary>
    public string FullPath { get; }

    /// <summary>Its name, for messages.</summary>
    public string Name => Path.GetFileName(FullPath);

    /// <summary>Its bytes when it was opened.</summary>
    public long Length { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelFormatException">It cannot be opened, or is empty.</exception>
    public static WeightFile Open(string path)
    {
        try
        {
            // A pipe has no length, and who opens it waits.
            if (new FileInfo(path).Length == 0)
            {
                throw new ModelFormatException("ModelEmpty", $"'{path}' is empty.", "Download or export it again.");
            }

            return new WeightFile(Path.GetFullPath(path), File.OpenHandle(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, exception);
        }
    }

    /// <summary>Fills a span with the bytes from an offset on.</summary>
    /// <exception cref="ModelFormatException">The range is not within the file, or the file cannot be read.</exception>
    public void Read(long offset, Span<byte> into)
    {
        if (offset < 0 || offset > Length - into.Length)
        {
            throw Damaged($"bytes {offset} to {(Int128)offset + into.Length} are asked for, and it has {Length}");
        }

        try
        {
            while (!into.IsEmpty)
            {
                int count = RandomAccess.Read(_handle, into, offset);
                if (count == 0)
                {
                    throw Damaged("it became shorter while it was read");
                }

                into = into[count..];
                offset += count;
            }
        }
        catch (IOException exception)
        {
            throw Unreadable(FullPath, exception);
        }
    }

    /// <summary>The bytes from an offset on. The range is checked before memory is asked for.</summary>
    /// <exception cref="ModelFormatException">The range is not within the file, or the file cannot be read.</exception>
    public byte[] Read(long offset, int count)
    {
        if (count > Length)
        {
            throw Damaged($"{count} bytes are asked for, and it has {Length}");
        }

        var bytes = new byte[count];
        Read(offset, bytes);
        return bytes;
    }

    /// <summary>The error for a file that contradicts itself.</summary>
    /// <param name="what">What is wrong, a clause without a full stop.</param>
    public ModelFormatException Damaged(string what) =>
        new("CheckpointDamaged", $"'{Name}' is damaged: {what}.", "Download or save it again.");

    /// <summary>The error for a file that may be sound, but is of a kind that is not read.</summary>
    /// <param name="what">What it has, a clause without a full stop.</param>
    public ModelFormatException Unsupported(string what) => new(
        "CheckpointUnsupported",
        $"'{Name}' is not of a kind that CnnViz reads: {what}.",
        "Load it where it was made, if you trust it, and save the state_dict again.");

    /// <summary>The error for a file that would take more memory than its size explains.</summary>
    /// <param name="what">What is too large, a clause without a full stop.</param>
    public ModelFormatException TooLarge(string what) => new(
        "CheckpointTooLarge",
        $"'{Name}' asks for too much memory: {what}.",
        "Load it where it was made, if you trust it, and save the state_dict alone.");

    /// <summary>A name out of a file, quoted for a message: short, and without characters that a terminal would obey.</summary>
    public static string Quote(string name)
    {
        string start = name.Length > 100 ? string.Concat(name.AsSpan(0, 97), "...") : name;
        return $"'{string.Concat(start.Select(character => char.IsControl(character) ? '?' : character))}'";
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static ModelFormatException Unreadable(string path, Exception exception) =>
        new("ModelUnreadable", $"'{path}' cannot be read: {exception.Message}", "Check the path.", exception);
}
