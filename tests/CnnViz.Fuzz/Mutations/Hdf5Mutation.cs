namespace CnnViz.Fuzz.Mutations;

/// <summary>Damage to HDF5 files: JSON in them is changed within its place, the rest as bytes.</summary>
internal static class Hdf5Mutation
{
    /// <summary>Blanks at the end of a text, which another text may take.</summary>
    public static string Room { get; } = new(' ', 600);

    /// <summary>Damages a file once.</summary>
    public static byte[] Mutate(byte[] content, Chance chance)
    {
        int start = content.AsSpan().IndexOf("{\""u8);
        int end = start < 0 ? -1 : content.AsSpan(start).IndexOf((byte)0) + start;
        if (end <= start || chance.OneIn(3))
        {
            return RawMutation.Mutate(content, chance);
        }

        byte[] text = JsonMutation.Mutate(content.AsSpan(start, end - start).TrimEnd((byte)' ').ToArray(), chance);
        if (text.Length > end - start)
        {
            return RawMutation.Mutate(content, chance);
        }

        byte[] changed = [.. content];
        changed.AsSpan(start, end - start).Fill((byte)' ');
        text.CopyTo(changed, start);
        return changed;
    }
}
