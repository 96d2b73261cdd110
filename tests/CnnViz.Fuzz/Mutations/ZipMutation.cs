using System.IO.Compression;

namespace CnnViz.Fuzz.Mutations;

/// <summary>Damage to zip archives whose directory and checksums stay right: their members, and now and then the bytes of the archive itself.</summary>
internal static class ZipMutation
{
    private const int LargestMember = 1 << 20;
    private const int MostMembers = 200;

    /// <summary>Damages an archive once.</summary>
    /// <param name="content">The archive.</param>
    /// <param name="chance">Decides the damage.</param>
    /// <param name="mutate">Damages the content of a member, whose name is given.</param>
    public static byte[] Mutate(byte[] content, Chance chance, Func<string, byte[], Chance, byte[]> mutate)
    {
        List<(string Name, byte[] Content)>? members = chance.OneIn(6) ? null : TryRead(content);
        if (members is not { Count: > 0 })
        {
            return RawMutation.Mutate(content, chance);
        }

        int at = chance.Below(members.Count);
        (string name, byte[] member) = members[at];
        switch (chance.Below(12))
        {
            case 0:
                members.RemoveAt(at);
                break;
            case 1:
                members.Insert(chance.Below(members.Count), members[at]);
                break;
            case 2:
                members[at] = (chance.Of([chance.Word(), $"../{name}", $"/{name}", name.ToUpperInvariant(), $"{name}/", name.Replace('/', '\\'), chance.Of(members).Name]), member);
                break;
            case 3:
                members.Add((name, chance.Of(members).Content));
                break;
            case 4:
                // What deflate makes small.
                members[at] = (name, [.. member, .. new byte[chance.Repeats() * 50]]);
                break;
            default:
                members[at] = (name, mutate(name, member, chance));
                break;
        }

        byte[] whole = Write(members, chance.OneIn(3) ? CompressionLevel.Fastest : CompressionLevel.NoCompression);
        return chance.OneIn(8) ? RawMutation.Mutate(whole, chance) : whole;
    }

    private static List<(string, byte[])>? TryRead(byte[] content)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(content), ZipArchiveMode.Read);
            return zip.Entries.Count > MostMembers ? null : [.. zip.Entries.Select(entry => (entry.FullName, Read(entry)))];
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        var bytes = new byte[Math.Min(entry.Length, LargestMember)];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    private static byte[] Write(List<(string Name, byte[] Content)> members, CompressionLevel level)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in members.Where(member => member.Name.Length is > 0 and <= ushort.MaxValue))
            {
                using Stream member = zip.CreateEntry(name, level).Open();
                member.Write(content);
            }
        }

        return stream.ToArray();
    }
}
