using System.Globalization;
using System.Numerics;

namespace CnnViz.Import.PyTorch;

/// <summary>
/// Reads checkpoints as PyTorch wrote them up to 1.5: pickles of a magic number, a version, facts of the machine, the object and the
/// keys of its storages; then the storages in the order of the keys, each a 64-bit count and the values.
/// </summary>
internal static class LegacyCheckpoint
{
    private const int CountBytes = 8;
    private const long Version = 1001;

    private static readonly BigInteger s_magic =
        BigInteger.Parse("1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Reads the pickles, and finds the storages.</summary>
    /// <param name="file">The file; it is closed with the weights.</param>
    /// <exception cref="ModelFormatException">The file is damaged, or asks for more than data.</exception>
    public static StateDict Read(WeightFile file)
    {
        var budget = new PickleBudget(file);
        var objects = new TorchObjects(file, budget);
        var input = new PickleInput(file, new FileSlice(file, 0, file.Length));
        var machine = new PickleMachine(file, input, objects, budget);
        if (machine.Load() is not BigInteger magic || magic != s_magic || machine.Load() is not Version)
        {
            throw objects.StrangerError() ?? new ModelFormatException(
                "NotAWeightFile",
                $"'{file.Name}' is a pickle that torch.save did not write.",
                "Save the state_dict: torch.save(model.state_dict(), path).");
        }

        if (machine.Load() is PickleDict facts && facts.TryGet("little_endian", out object? little) && little is false)
        {
            throw file.Unsupported("it comes from a machine with the most significant byte first");
        }

        object? root = machine.Load();
        if (machine.Load() is not List<object?> keys)
        {
            throw file.Damaged("the list of its storages is missing");
        }

        Dictionary<string, FileBytes> storages = FindStorages(file, objects, keys, input.Position);
        return TorchStateDict.Make(
            file,
            root,
            objects,
            storage => storages.TryGetValue(storage.Key, out FileBytes? bytes)
                ? bytes
                : throw file.Damaged($"the storage {WeightFile.Quote(storage.Key)} is missing"),
            swap: false);
    }

    private static Dictionary<string, FileBytes> FindStorages(
        WeightFile file, TorchObjects objects, List<object?> keys, long position)
    {
        var storages = new Dictionary<string, FileBytes>(StringComparer.Ordinal);
        foreach (object? key in keys)
        {
            if (key is not string name || objects.FindStorage(name) is not { } storage)
            {
                throw file.Damaged("the list of its storages has one that no tensor names");
            }

            long count = BitConverter.ToInt64(file.Read(position, CountBytes));
            position += CountBytes;
            int size = TensorBytes.SizeOf(storage.Type);
            if (count != storage.Count || count < 0 || count > (file.Length - position) / size)
            {
                throw file.Damaged($"the storage {WeightFile.Quote(name)} of {storage.Count} values is not there, or not all of it");
            }

            if (!storages.TryAdd(name, new FileBytes(file, position, count * size)))
            {
                throw file.Damaged($"the storage {WeightFile.Quote(name)} is there twice");
            }

            position += count * size;
        }

        return storages;
    }
}
