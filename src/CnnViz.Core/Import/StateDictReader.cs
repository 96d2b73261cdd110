using CnnViz.Import.Modules;
using CnnViz.Import.PyTorch;
using CnnViz.Import.Safetensors;

namespace CnnViz.Import;

/// <summary>
/// Reads files of weights without a graph: PyTorch checkpoints, safetensors, the index of either in shards, and
/// what TorchSharp saves. What a file is, its content says and not its name. No file can run code or take more than its size explains.
/// </summary>
internal static class StateDictReader
{
    /// <summary>Reads a file of weights.</summary>
    /// <returns>Its tensors; the caller owns them.</returns>
    /// <exception cref="ModelFormatException">The file is not one, is damaged, or asks for code.</exception>
    public static StateDict Read(string path) => TryRead(path) ?? throw Foreign(path);

    /// <summary>Reads a file if it is one of weights.</summary>
    /// <returns>Its tensors, which the caller owns; null for a file of another kind.</returns>
    /// <exception cref="ModelFormatException">The file is one of weights, but is damaged or asks for code; or cannot be read at all.
    /// </exception>
    public static StateDict? TryRead(string path)
    {
        StateDict? whole = TryRead(path, file => TryReadOne(file) ?? TryReadIndex(file));
        return whole is null ? null : new StateDict(
            whole.Module is null ? KeyPrefix.Strip(whole.Tensors) : whole.Tensors, whole.Format, whole)
        {
            Module = whole.Module,
        };
    }

    private static StateDict ReadShard(string path) => TryRead(path, TryReadOne) ?? throw Foreign(path);

    private static StateDict? TryRead(string path, Func<WeightFile, StateDict?> read)
    {
        WeightFile file = WeightFile.Open(path);
        StateDict? weights = null;
        try
        {
            return weights = read(file);
        }
        finally
        {
            if (weights is null)
            {
                file.Dispose();
            }
        }
    }

    // Safetensors first: the length that they begin with may look like anything, but not like a length and JSON at once.
    private static StateDict? TryReadOne(WeightFile file) => Start(file) switch
    {
        [_, _, _, _, 0, 0, 0, 0, (byte)'{', ..] => SafetensorsReader.Read(file),
        [(byte)'P', (byte)'K', 3, 4, ..] => ZipCheckpoint.TryRead(file),
        [0x80, >= 2 and <= 5, ..] => LegacyCheckpoint.Read(file),
        _ => TorchSharpWeights.TryRead(file),
    };

    private static StateDict? TryReadIndex(WeightFile file) =>
        Start(file) is [(byte)'{', ..] ? ShardIndex.TryRead(file, ReadShard) : null;

    private static byte[] Start(WeightFile file) => file.Read(0, (int)Math.Min(file.Length, 40));

    private static ModelFormatException Foreign(string path)
    {
        using WeightFile file = WeightFile.Open(path);
        ReadOnlySpan<byte> start = Start(file);
        if (start.StartsWith("version https://git-lfs"u8))
        {
            return new ModelFormatException(
                "ModelIsPointer", $"'{file.Name}' is a Git LFS pointer, not the weights.", "Fetch the file itself with 'git lfs pull'.");
        }

        string kind = start switch
        {
            [(byte)'<', ..] => "it is a web page or XML",
            [(byte)'P', (byte)'K', ..] => "it is a zip archive without data.pkl",
            _ => "it begins neither as a PyTorch checkpoint nor as safetensors or what TorchSharp saves",
        };
        return new ModelFormatException(
            "NotAWeightFile", $"'{file.Name}' is no file of weights: {kind}.", "Check the file, or download it again.");
    }
}
