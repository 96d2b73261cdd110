using System.Text;

namespace CnnViz.Fuzz;

/// <summary>The folders of the run of a format.</summary>
/// <param name="root">The folder that has them.</param>
internal sealed class RunFolders(string root)
{
    private const string What = "behaviour.txt";

    /// <summary>Where the inputs are read.</summary>
    public string Work { get; } = Directory.CreateDirectory(Path.Combine(Path.GetFullPath(root), "work")).FullName;

    /// <summary>Where findings are kept: a folder for each, with its files and what happened.</summary>
    public string Findings { get; } = Directory.CreateDirectory(Path.Combine(Path.GetFullPath(root), "findings")).FullName;

    /// <summary>The file of <see cref="CnnViz.Fuzz.Progress"/>.</summary>
    public string Progress { get; } = Path.Combine(Path.GetFullPath(root), "progress");

    private string Kept { get; } = Directory.CreateDirectory(Path.Combine(Path.GetFullPath(root), "kept")).FullName;

    /// <summary>Forgets earlier runs.</summary>
    public static void Clear(string root)
    {
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>Keeps an input that is a finding.</summary>
    public void Save(FuzzInput input, long number, string what)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Findings, $"{number:0000000}")).FullName;
        input.Write(Directory.CreateDirectory(Path.Combine(folder, "input")).FullName);
        File.AppendAllText(Path.Combine(folder, "what.txt"), what + "\n");
    }

    /// <summary>Keeps the input that a process has ended with.</summary>
    public void SaveCurrent(long number, string what)
    {
        string folder = Path.Combine(Work, "input");
        var regular = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        Save(new FuzzInput([.. Directory.EnumerateFiles(folder, "*", regular).Select(path => (Path.GetRelativePath(folder, path), File.ReadAllBytes(path)))]), number, what);
    }

    /// <summary>Keeps an input of which others are made, for the next process.</summary>
    public void Keep(FuzzInput input, long number, string behaviour)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Kept, $"{number:0000000}")).FullName;
        input.Write(folder);
        File.WriteAllText(Path.Combine(folder, What), behaviour, Encoding.Unicode);
    }

    /// <summary>Gives a corpus what earlier processes of this run kept.</summary>
    public void ReadKept(Corpus corpus)
    {
        foreach (string folder in Directory.EnumerateDirectories(Kept).Order(StringComparer.Ordinal))
        {
            if (File.Exists(Path.Combine(folder, What)))
            {
                corpus.Add(corpus.ReadAgain(folder), File.ReadAllText(Path.Combine(folder, What), Encoding.Unicode));
            }
        }
    }

    /// <summary>What there is in the folder of findings, the like together: how often, and the first of them.</summary>
    public IEnumerable<(string What, int Count, string Folder)> Summary() => Directory.EnumerateDirectories(Findings).Order(StringComparer.Ordinal)
        .Select(folder => (Folder: folder, What: File.ReadLines(Path.Combine(folder, "what.txt")).First()))
        .GroupBy(finding => new string([.. finding.What.Where(letter => !char.IsAsciiDigit(letter)).Take(80)]))
        .Select(group => (group.First().What, group.Count(), group.First().Folder));
}
