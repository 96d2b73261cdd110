using System.Diagnostics;

namespace CnnViz.Fuzz;

/// <summary>
/// The folder of an input within others that are none of its business. What lies there are pipes: whoever opens one never comes back, which
/// shows. The working folder is empty, and stays so.
/// </summary>
internal sealed class Surroundings
{
    private const string Pipe = "outside.bin";

    private readonly string _root;
    private readonly string _workingFolder;
    private readonly HashSet<string> _before;

    /// <param name="root">A folder for them.</param>
    /// <param name="isWorkingFolder">Whether relative paths of this process are to begin there.</param>
    public Surroundings(string root, bool isWorkingFolder)
    {
        _root = Path.GetFullPath(root);
        Folder = Directory.CreateDirectory(Path.Combine(_root, "input")).FullName;
        string outside = Directory.CreateDirectory(Path.Combine(_root, "outside")).FullName;
        _workingFolder = Directory.CreateDirectory(Path.Combine(_root, "working")).FullName;
        if (!OperatingSystem.IsWindows())
        {
            MakePipe(Path.Combine(_root, Pipe));
            MakePipe(Path.Combine(outside, Pipe));
            MakePipe(Path.Combine(_workingFolder, Pipe));
            Link(Path.Combine(Folder, "link.bin"), link => File.CreateSymbolicLink(link, Path.Combine(_root, Pipe)));
            Link(Path.Combine(Folder, "linked"), link => Directory.CreateSymbolicLink(link, outside));
        }

        if (isWorkingFolder)
        {
            Environment.CurrentDirectory = _workingFolder;
        }

        _before = [.. Others()];
    }

    /// <summary>The folder of the input.</summary>
    public string Folder { get; }

    /// <summary>Texts that damaged files may have.</summary>
    public IReadOnlyList<string> Words =>
    [
        $"../{Pipe}", $"../../{Pipe}", $"a/../../{Pipe}", $"..\\{Pipe}", Path.Combine(_root, Pipe), Pipe, "link.bin", $"linked/{Pipe}", "../outside", "..", ".", "", "/",
        "/dev/zero", "file:///dev/zero", "http://127.0.0.1:9/x", @"\\server\share", @"C:\x", "CON", "a\0b", "\u202egpj.exe", new string('a', 5000), "<script>", "=1+1",
        "nan", "NaN", "Infinity", "-1", "1e999", "null", "x", "__import__('os').system('touch executed')", "$(touch executed)", "weight", "image", "self", "forward",
    ];

    /// <summary>What is there that was not, or the other way round; null for nothing.</summary>
    public string? Changes()
    {
        string[] changed = [.. Others().Except(_before).Concat(_before.Except(Others()))];
        return changed.Length == 0 ? null : $"files outside the input's folder changed: {string.Join(", ", changed)}";
    }

    private IEnumerable<string> Others() => Directory.EnumerateFileSystemEntries(_root)
        .Concat(Directory.EnumerateFileSystemEntries(_workingFolder))
        .Concat(Directory.EnumerateFileSystemEntries(Path.Combine(_root, "outside")));

    private static void Link(string path, Action<string> make)
    {
        if (!Path.Exists(path))
        {
            make(path);
        }
    }

    private static void MakePipe(string path)
    {
        if (!File.Exists(path))
        {
            using Process process = Process.Start("mkfifo", [path]);
            process.WaitForExit();
        }
    }
}
