using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace CnnViz.Build;

/// <summary>
/// Makes the package of a gallery the same bytes, whenever it is packed: the entries in order and of one time, and without the names that are made up each
/// time.
/// </summary>
internal static partial class PackageArchive
{
    // The first that an archive can say.
    private static readonly DateTimeOffset s_time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes a package anew.</summary>
    /// <param name="path">Path of the package, a <c>.nupkg</c>.</param>
    /// <exception cref="InvalidDataException">It is no archive.</exception>
    public static void Settle(string path)
    {
        List<(string Name, byte[] Content)> entries = Read(path);
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach ((string name, byte[] content) in entries.OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            ZipArchiveEntry entry = archive.CreateEntry(name, CompressionLevel.SmallestSize);
            entry.LastWriteTime = s_time;
            entry.ExternalAttributes = 0;
            using Stream stream = entry.Open();
            stream.Write(content);
        }
    }

    private static List<(string Name, byte[] Content)> Read(string path)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        return [.. archive.Entries.Select(entry => (MadeUpName().Replace(entry.FullName, "$1core$2"), Settled(entry)))];
    }

    private static byte[] Settled(ZipArchiveEntry entry)
    {
        using var memory = new MemoryStream();
        using (Stream stream = entry.Open())
        {
            stream.CopyTo(memory);
        }

        return Path.GetExtension(entry.FullName) switch
        {
            ".rels" => Encoding.UTF8.GetBytes(Numbered(MadeUpName().Replace(Encoding.UTF8.GetString(memory.ToArray()), "$1core$2"))),
            ".xml" when entry.FullName == "[Content_Types].xml" => Encoding.UTF8.GetBytes(Ordered(Encoding.UTF8.GetString(memory.ToArray()))),
            ".psmdcp" => Encoding.UTF8.GetBytes(Author().Replace(Encoding.UTF8.GetString(memory.ToArray()), "$1$2")),
            _ => memory.ToArray(),
        };
    }

    // The numbers of relations follow from the names.
    private static string Numbered(string relations)
    {
        int number = 0;
        return RelationId().Replace(relations, _ => $"Id=\"R{++number}\"");
    }

    // Extensions come in the order in which their files were found.
    private static string Ordered(string types)
    {
        var sorted = new Queue<string>(Extension().Matches(types).Select(match => match.Value).Order(StringComparer.Ordinal));
        return Extension().Replace(types, _ => sorted.Dequeue());
    }

    [GeneratedRegex("<Default [^>]*/>")]
    private static partial Regex Extension();

    [GeneratedRegex(@"(core-properties/)[^/""]+(\.psmdcp)")]
    private static partial Regex MadeUpName();

    [GeneratedRegex("Id=\"[^\"]+\"")]
    private static partial Regex RelationId();

    // The program and the system that packed it.
    [GeneratedRegex("(<lastModifiedBy>)[^<]*(</lastModifiedBy>)")]
    private static partial Regex Author();
}
