using System.Text;
using CnnViz.Import.PyTorch;

namespace CnnViz.Import.TorchScript;

/// <summary>
/// A TorchScript archive: a zip of one folder, with the text of the modules' classes under code, the modules themselves in data.pkl, and
/// tensors that the text speaks of in constants.pkl.
/// </summary>
internal sealed class ScriptArchive : IDisposable
{
    private const int LargestText = 8 << 20;
    private const long LargestTexts = 64 << 20;
    private const int PieceLength = 1 << 20;

    private readonly Dictionary<string, ScriptClass> _classes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ScriptFunction> _functions = new(StringComparer.Ordinal);

    private readonly WeightFile _file;
    private readonly IReadOnlyDictionary<string, ZipEntry> _entries;
    private readonly string _folder;

    private ScriptArchive(WeightFile file, IReadOnlyDictionary<string, ZipEntry> entries, string folder)
    {
        (_file, _entries, _folder) = (file, entries, folder);
        ThrowIfTooLarge();
        foreach (ZipEntry entry in entries.Values)
        {
            CheckSum(entry);
        }

        ReadText();
        Data = ReadPickle("data.pkl", "data/");
        Constants = ReadPickle("constants.pkl", "constants/");
    }

    /// <summary>The module.</summary>
    public ScriptPickle Data { get; }

    /// <summary>A tuple of the tensors that the text calls CONSTANTS.</summary>
    public ScriptPickle Constants { get; }

    /// <summary>The file's name.</summary>
    public string Name => _file.Name;

    /// <summary>The file's bytes.</summary>
    public long Length => _file.Length;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <returns>Null for a file of another kind. The caller owns the archive, which is read as long as weights are.</returns>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    public static ScriptArchive? TryOpen(string path)
    {
        WeightFile file = WeightFile.Open(path);
        ScriptArchive? archive = null;
        try
        {
            return archive = TryOpen(file);
        }
        finally
        {
            if (archive is null)
            {
                file.Dispose();
            }
        }
    }

    /// <summary>The class of a full name, or null.</summary>
    public ScriptClass? FindClass(string name) => _classes.GetValueOrDefault(name);

    /// <summary>Whether a class is one of libtorch's own, which have no text.</summary>
    public static bool IsNative(string name) => name.StartsWith("__torch__.torch.classes.", StringComparison.Ordinal);

    /// <summary>The function of a full name, or null.</summary>
    public ScriptFunction? FindFunction(string name) => _functions.GetValueOrDefault(name);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static ScriptArchive? TryOpen(WeightFile file)
    {
        if (file.Length < 4 || !file.Read(0, 4).AsSpan().SequenceEqual("PK\x03\x04"u8))
        {
            return null;
        }

        IReadOnlyDictionary<string, ZipEntry> entries = ZipDirectory.Read(file);
        if (entries.Keys.Any(name => name.EndsWith("archive_format", StringComparison.Ordinal)
            || name.EndsWith("serialized_exported_program.json", StringComparison.Ordinal)
            || name.Contains("data/aotinductor/", StringComparison.Ordinal)))
        {
            throw new ModelFormatException(
                "ModelIsExportedProgram",
                $"'{file.Name}' is of torch.export. libtorch runs such programs only as machine code, which gives no gradients.",
                "Save the model with torch.jit.save(torch.jit.trace(model, image), path), or export it to ONNX.");
        }

        string? constants = entries.Keys.FirstOrDefault(name => name.EndsWith("/constants.pkl", StringComparison.Ordinal));
        string folder = constants?[..^"constants.pkl".Length] ?? string.Empty;
        return constants is not null && entries.ContainsKey(folder + "data.pkl") ? new ScriptArchive(file, entries, folder) : null;
    }


    private void ReadText()
    {
        foreach (ZipEntry entry in _entries.Values.Where(entry => entry.Name.StartsWith(_folder + "code/", StringComparison.Ordinal)
            && entry.Name.EndsWith(".py", StringComparison.Ordinal)))
        {
            string source = Encoding.UTF8.GetString(ReadWhole(entry));
            string place = entry.Name[(_folder.Length + "code/".Length)..^".py".Length].Replace('/', '.');
            try
            {
                ScriptText.Read(source, place, _classes, _functions);
            }
            catch (FormatException exception)
            {
                throw _file.Damaged(exception.Message);
            }
        }
    }

    private ScriptPickle ReadPickle(string name, string storages)
    {
        bool swap = _entries.TryGetValue(_folder + "byteorder", out ZipEntry? order)
            && ReadWhole(order).AsSpan().SequenceEqual("big"u8);
        var budget = new PickleBudget(_file);
        var objects = new TorchObjects(_file, budget, global => FindClass(global) is not null || IsNative(global));
        var input = new PickleInput(_file, new MemoryStream(ReadWhole(_entries[_folder + name])));
        return new ScriptPickle(
            new PickleMachine(_file, input, objects, budget).Load(),
            new ScriptWeights(_file, swap, key => _entries.TryGetValue(_folder + storages + key, out ZipEntry? member)
                ? ZipMember.Open(_file, member)
                : throw _file.Damaged($"the storage {WeightFile.Quote(key)} is missing")));
    }

    // Weights are stored as they are; what is packed is text.
    private void ThrowIfTooLarge()
    {
        long left = LargestTexts;
        foreach (ZipEntry entry in _entries.Values.Where(entry => entry.Length > entry.StoredLength))
        {
            left -= entry.Length;
            if (entry.Length > LargestText || left < 0)
            {
                throw _file.TooLarge($"its member {WeightFile.Quote(entry.Name)} has {entry.Length} bytes");
            }
        }
    }

    private void CheckSum(ZipEntry entry)
    {
        ZipMember member = ZipMember.Open(_file, entry);
        if (entry.Length != entry.StoredLength)
        {
            // To begin again for each piece would take longer. The whole is checked as it is read.
            member.Read(0, new byte[member.Length]);
            return;
        }

        uint checksum = 0;
        var piece = new byte[Math.Min(PieceLength, member.Length)];
        for (long offset = 0; offset < member.Length; offset += piece.Length)
        {
            Span<byte> part = piece.AsSpan(0, (int)Math.Min(piece.Length, member.Length - offset));
            member.Read(offset, part);
            checksum = Crc32.Compute(part, checksum);
        }

        if (checksum != entry.Checksum)
        {
            throw _file.Damaged($"the checksum of its member {WeightFile.Quote(entry.Name)} is wrong");
        }
    }

    private byte[] ReadWhole(ZipEntry entry)
    {
        if (entry.Length > LargestText)
        {
            throw _file.TooLarge($"its member {WeightFile.Quote(entry.Name)} has {entry.Length} bytes");
        }

        var bytes = new byte[entry.Length];
        ZipMember.Open(_file, entry).Read(0, bytes);
        return bytes;
    }
}
