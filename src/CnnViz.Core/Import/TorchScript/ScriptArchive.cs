using System.Text;
using System.Text.RegularExpressions;
using CnnViz.Import.PyTorch;

namespace CnnViz.Import.TorchScript;

/// <summary>
/// The text of a TorchScript archive: a zip of one folder, with the modules' classes under code and the modules themselves in data.pkl.
/// Every member is checked before libtorch sees the file, and so is every function that the text names.
/// </summary>
internal sealed partial class ScriptArchive
{
    private const int LargestText = 8 << 20;
    private const int PieceLength = 1 << 20;

    private readonly Dictionary<string, ScriptClass> _classes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ScriptFunction> _functions = new(StringComparer.Ordinal);

    private ScriptArchive()
    {
    }

    /// <summary>Full name of the class of the whole; null where it is not found.</summary>
    public string? RootClass { get; private set; }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <returns>Null for a file of another kind.</returns>
    /// <exception cref="ModelFormatException">The file is damaged, or its program uses functions that it may not.</exception>
    public static ScriptArchive? TryRead(string path)
    {
        using WeightFile file = WeightFile.Open(path);
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
        if (constants is null || !entries.TryGetValue(folder + "data.pkl", out ZipEntry? pickle))
        {
            return null;
        }

        var archive = new ScriptArchive();
        foreach (ZipEntry entry in entries.Values)
        {
            Check(file, entry);
        }

        foreach (ZipEntry entry in entries.Values.Where(entry => entry.Name.StartsWith(folder + "code/", StringComparison.Ordinal)
            && entry.Name.EndsWith(".py", StringComparison.Ordinal)))
        {
            string source = Encoding.UTF8.GetString(ReadWhole(file, entry));
            ThrowIfUnknown(file, source);
            string place = entry.Name[(folder.Length + "code/".Length)..^".py".Length].Replace('/', '.');
            ScriptText.Read(source, place, archive._classes, archive._functions);
        }

        var budget = new PickleBudget(file);
        var objects = new TorchObjects(file, budget, name => archive.FindClass(name) is not null);
        object? root = new PickleMachine(file, new PickleInput(file, new MemoryStream(ReadWhole(file, pickle))), objects, budget).Load();
        new ScriptObjects(file, archive, storage => entries.TryGetValue($"{folder}data/{storage.Key}", out ZipEntry? entry)
            ? ZipMember.Open(file, entry)
            : throw file.Damaged($"the storage {WeightFile.Quote(storage.Key)} is missing")).Check(root);
        archive.RootClass = (root as TorchObject)?.Class;
        return archive;
    }

    /// <summary>The class of a full name, or null.</summary>
    public ScriptClass? FindClass(string name) => _classes.GetValueOrDefault(name);

    /// <summary>The function of a full name, or null.</summary>
    public ScriptFunction? FindFunction(string name) => _functions.GetValueOrDefault(name);

    private static void Check(WeightFile file, ZipEntry entry)
    {
        ZipMember member = ZipMember.Open(file, entry);
        if (entry.Length > Math.Max(LargestText, entry.StoredLength))
        {
            throw file.TooLarge($"its member {WeightFile.Quote(entry.Name)} has {entry.Length} bytes");
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
            throw file.Damaged($"the checksum of its member {WeightFile.Quote(entry.Name)} is wrong");
        }
    }

    private static byte[] ReadWhole(WeightFile file, ZipEntry entry)
    {
        if (entry.Length > LargestText)
        {
            throw file.TooLarge($"its member {WeightFile.Quote(entry.Name)} has {entry.Length} bytes");
        }

        var bytes = new byte[entry.Length];
        ZipMember.Open(file, entry).Read(0, bytes);
        return bytes;
    }

    // A name that libtorch does not know ends the process (TorchSharp 0.107 catches no torch::jit::ErrorReport), and some that it knows
    // reach for files.
    private static void ThrowIfUnknown(WeightFile file, string source)
    {
        string[] unknown = [.. Function().Matches(source).Select(match => match.Groups[1].Value).Where(name => !ScriptFunctions.IsKnown(name)).Distinct()];
        if (unknown.Length > 0)
        {
            throw new ModelFormatException(
                "ScriptFunctionUnknown",
                $"The program in '{file.Name}' uses functions that CnnViz does not let it use: {string.Join(", ", unknown.Select(WeightFile.Quote))}.",
                "Export the model to ONNX.");
        }
    }

    // torch.relu, ops.prim.NumToTensor; blanks and remarks may stand between.
    [GeneratedRegex(@"(?<![\w.])(?:torch|ops(?:\s|#.*)*\.(?:\s|#.*)*\w+)(?:\s|#.*)*\.(?:\s|#.*)*(\w+)")]
    private static partial Regex Function();
}
