namespace CnnViz.Import.PyTorch;

/// <summary>
/// Reads checkpoints as PyTorch writes them from 1.6 on: a zip archive with one folder, in which data.pkl holds the object,
/// data/0, data/1 and so on its storages, and byteorder the order of their bytes.
/// </summary>
internal static class ZipCheckpoint
{
    private const string PickleName = "data.pkl";
    private const int LargestPickle = 8 << 20;

    /// <summary>Reads the pickle, and finds the storages.</summary>
    /// <param name="file">The file; it is closed with the weights.</param>
    /// <returns>The weights; null where the archive is no checkpoint.</returns>
    /// <exception cref="ModelFormatException">The archive is damaged, is TorchScript, or asks for more than data.</exception>
    public static StateDict? TryRead(WeightFile file)
    {
        IReadOnlyDictionary<string, ZipEntry> entries = ZipDirectory.Read(file);
        string[] pickles = [.. entries.Keys.Where(name => name == PickleName || name.EndsWith("/" + PickleName, StringComparison.Ordinal))];
        if (pickles.Length == 0)
        {
            return null;
        }

        string folder = pickles.Length == 1
            ? pickles[0][..^PickleName.Length]
            : throw file.Damaged($"it has {pickles.Length} members {PickleName}");
        if (entries.ContainsKey(folder + "constants.pkl")
            || entries.Keys.Any(name => name.StartsWith(folder + "code/", StringComparison.Ordinal)))
        {
            throw new ModelFormatException(
                "CheckpointIsTorchScript",
                $"'{file.Name}' is a TorchScript archive, a program with its weights. CnnViz runs no code of a file.",
                "Load it with torch.jit.load where it was made, and save its state_dict(); or export the model to ONNX.");
        }

        var budget = new PickleBudget(file);
        byte[] pickle = ReadWhole(file, entries[pickles[0]], LargestPickle);
        var input = new PickleInput(file, new MemoryStream(pickle));
        var objects = new TorchObjects(file, budget);
        object? root = new PickleMachine(file, input, objects, budget).Load();
        return TorchStateDict.Make(file, root, objects, storage => Find(storage.Key), IsSwapped());

        IStoredBytes Find(string key) => entries.TryGetValue($"{folder}data/{key}", out ZipEntry? entry)
            ? ZipMember.Open(file, entry)
            : throw file.Damaged($"the storage {WeightFile.Quote(key)} is missing");

        bool IsSwapped() => entries.TryGetValue(folder + "byteorder", out ZipEntry? entry)
            && ReadWhole(file, entry, 16).AsSpan().SequenceEqual("big"u8);
    }

    private static byte[] ReadWhole(WeightFile file, ZipEntry entry, int largest)
    {
        if (entry.Length > largest)
        {
            throw file.TooLarge($"its member {WeightFile.Quote(entry.Name)} has {entry.Length} bytes");
        }

        ZipMember member = ZipMember.Open(file, entry);
        var bytes = new byte[member.Length];
        member.Read(0, bytes);
        return bytes;
    }
}
