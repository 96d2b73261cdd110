namespace CnnViz.Build.Help;

/// <summary>Makes the help files of a documentation folder and an assembly.</summary>
internal static class HelpFiles
{
    /// <summary>Writes <c>ASSEMBLY-Help.xml</c> and an <c>about_*.help.txt</c> for each <c>about_*.md</c>.</summary>
    /// <param name="documentation">Folder with the about topics, and the cmdlets' pages in <c>cmdlets</c>.</param>
    /// <param name="assembly">Path of the assembly that has the cmdlets.</param>
    /// <param name="output">Folder to write to.</param>
    /// <returns>What is wrong; nothing is written unless this is empty.</returns>
    public static IReadOnlyList<string> Write(string documentation, string assembly, string output)
    {
        var problems = new List<string>();
        Dictionary<string, HelpPage> pages = ReadPages(Path.Combine(documentation, "cmdlets"), problems);
        IReadOnlyList<CmdletMetadata> cmdlets = CmdletReader.Read(Path.GetFullPath(assembly));
        problems.AddRange(Compare(cmdlets, pages, Path.Combine(documentation, "cmdlets")));
        Dictionary<string, string> topics = ReadTopics(documentation, problems);
        if (problems.Count > 0)
        {
            return problems;
        }

        Directory.CreateDirectory(output);
        MamlWriter.Write(
            Path.Combine(output, $"{Path.GetFileName(assembly)}-Help.xml"), cmdlets.Select(cmdlet => (cmdlet, pages[cmdlet.Name])));
        foreach ((string name, string text) in topics)
        {
            File.WriteAllText(Path.Combine(output, $"{name}.help.txt"), text);
        }

        return [];
    }

    private static Dictionary<string, HelpPage> ReadPages(string folder, List<string> problems)
    {
        var pages = new Dictionary<string, HelpPage>(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(folder, "*.md").Order(StringComparer.Ordinal))
        {
            if (TryRead(path, text => HelpPageReader.Read(text, link => File.ReadAllText(Path.Combine(folder, link))), problems) is not { } page)
            {
                continue;
            }

            if (page.Name != Path.GetFileNameWithoutExtension(path))
            {
                problems.Add($"{path}: error : the page is about {page.Name}");
                continue;
            }

            pages.Add(page.Name, page);
        }

        return pages;
    }

    private static IEnumerable<string> Compare(
        IReadOnlyList<CmdletMetadata> cmdlets, Dictionary<string, HelpPage> pages, string folder)
    {
        foreach (CmdletMetadata cmdlet in cmdlets)
        {
            string path = Path.Combine(folder, $"{cmdlet.Name}.md");
            if (pages.TryGetValue(cmdlet.Name, out HelpPage? page))
            {
                foreach (string problem in HelpChecks.Problems(page, cmdlet))
                {
                    yield return $"{path}: error : {problem}";
                }
            }
            else if (!File.Exists(path))
            {
                yield return $"{path}: error : the cmdlet {cmdlet.Name} has no page";
            }
        }

        foreach (string name in pages.Keys.Except(cmdlets.Select(cmdlet => cmdlet.Name)))
        {
            yield return $"{Path.Combine(folder, $"{name}.md")}: error : there is no cmdlet {name}";
        }
    }

    private static Dictionary<string, string> ReadTopics(string folder, List<string> problems)
    {
        var topics = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(folder, "about_*.md").Order(StringComparer.Ordinal))
        {
            if (TryRead(path, AboutTopic.ToText, problems) is { } text)
            {
                topics.Add(Path.GetFileNameWithoutExtension(path), text);
            }
        }

        return topics;
    }

    private static T? TryRead<T>(string path, Func<string, T> read, List<string> problems)
        where T : class
    {
        try
        {
            return read(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            problems.Add($"{path}: error : {exception.Message}");
            return null;
        }
    }
}
