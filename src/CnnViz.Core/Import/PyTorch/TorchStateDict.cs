namespace CnnViz.Import.PyTorch;

/// <summary>Makes a state dict of what a checkpoint's pickle held.</summary>
internal static class TorchStateDict
{
    private const long Allowance = 64 << 20;

    /// <summary>Makes it.</summary>
    /// <param name="file">The file; it is closed with the weights.</param>
    /// <param name="root">What the pickle held.</param>
    /// <param name="objects">What made it, for errors.</param>
    /// <param name="find">Finds the bytes of a storage; throws where there are none.</param>
    /// <param name="swap">Whether values have their most significant byte first.</param>
    /// <exception cref="ModelFormatException">There are no weights, a storage is missing or of another size than the pickle says, or
    /// the tensors would take much more memory than the file's size explains.</exception>
    public static StateDict Make(WeightFile file, object? root, TorchObjects objects, Func<TorchStorage, IStoredBytes> find, bool swap)
    {
        var storages = new Dictionary<string, IStoredBytes>(StringComparer.Ordinal);
        var tensors = new List<StateTensor>();
        long left = file.Length + Allowance;
        FoundWeights weights = StateDictSearch.Find(file, root, objects);
        foreach ((string key, TorchTensor tensor) in weights.Tensors)
        {
            TorchStorage storage = tensor.Storage;
            int size = TensorBytes.SizeOf(storage.Type);
            if (!storages.TryGetValue(storage.Key, out IStoredBytes? bytes))
            {
                storages.Add(storage.Key, bytes = find(storage));
                if (bytes.Length / size != storage.Count)
                {
                    throw file.Damaged(
                        $"the storage of {WeightFile.Quote(key)} has {bytes.Length} bytes for {storage.Count} values of {size} bytes");
                }
            }

            left -= Math.Max(tensor.Count * size, bytes.Effort(tensor.Offset * size, tensor.Span * size));
            if (left < 0)
            {
                throw file.TooLarge($"its tensors have many times the {file.Length} bytes of the file");
            }

            tensors.Add(new StateTensor(key, storage.Type, tensor.Sizes, () => tensor.Read(bytes, swap)));
        }

        return new StateDict(tensors, "PyTorch", file) { Module = weights.Module };
    }
}
