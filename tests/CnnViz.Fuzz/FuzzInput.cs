namespace CnnViz.Fuzz;

/// <summary>One input: the file that is read, and those beside it.</summary>
/// <param name="Files">Names, relative to the folder of the input, and contents. The first is the one that is damaged most.</param>
internal sealed record FuzzInput(params (string Name, byte[] Content)[] Files)
{
    /// <summary>Bytes of all files.</summary>
    public long Length => Files.Sum(file => (long)file.Content.Length);

    /// <summary>The same with another content of one file.</summary>
    public FuzzInput With(int file, byte[] content) => new([.. Files.Select((old, i) => i == file ? (old.Name, content) : old)]);

    /// <summary>Writes the files into a folder that has those of another input.</summary>
    public void Write(string folder)
    {
        foreach ((string name, byte[] content) in Files)
        {
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);

            // To replace a file takes far longer than to remove it and make another.
            File.Delete(path);
            File.WriteAllBytes(path, content);
        }
    }
}
