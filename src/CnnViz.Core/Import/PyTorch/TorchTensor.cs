using TorchSharp;

namespace CnnViz.Import.PyTorch;

/// <summary>A storage that a pickle names: values of one type, which several tensors may share.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">Type of its values.</param>
/// <param name="Count">How many it should have.</param>
internal sealed record TorchStorage(string Key, torch.ScalarType Type, long Count);

/// <summary>A tensor that a pickle describes: a view of a storage, which it does not leave.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Offset">The value at which it begins.</param>
/// <param name="Sizes">Its sizes.</param>
/// <param name="Strides">For each dimension, how many values of the storage are from one to the next.</param>
/// <param name="Count">How many values it has.</param>
/// <param name="Span">How many values of the storage are from its first to its last, both included.</param>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Sizes, long[] Strides, long Count, long Span)
{
    /// <summary>Makes a tensor; null where it is none: where it leaves its storage, or is larger than CnnViz reads.</summary>
    public static TorchTensor? TryMake(TorchStorage storage, long offset, long[] sizes, long[] strides)
    {
        int size = TensorBytes.SizeOf(storage.Type);
        if (offset < 0
            || sizes.Length != strides.Length
            || strides.Any(stride => stride < 0)
            || !TensorBytes.TryCount(sizes, size, out long count))
        {
            return null;
        }

        // 128 bits, as a product of two numbers of the file may be beyond 64.
        Int128 span = count == 0 ? 0
            : sizes.Zip(strides).Aggregate(Int128.One, (sum, axis) => sum + (Int128)(axis.First - 1) * axis.Second);
        return offset + span <= storage.Count && TensorBytes.TryCount([(long)span], size, out _)
            ? new TorchTensor(storage, offset, sizes, strides, count, (long)span)
            : null;
    }

    /// <summary>Reads it.</summary>
    /// <param name="bytes">The bytes of its storage.</param>
    /// <param name="swap">Whether they have their most significant byte first.</param>
    /// <returns>A new contiguous tensor on the CPU, which the caller owns.</returns>
    public torch.Tensor Read(IStoredBytes bytes, bool swap)
    {
        long begin = Offset * TensorBytes.SizeOf(Storage.Type);
        if (IsContiguous)
        {
            return TensorBytes.Read(bytes, begin, Storage.Type, Sizes, swap);
        }

        using torch.Tensor flat = TensorBytes.Read(bytes, begin, Storage.Type, [Span], swap);
        using torch.Tensor view = flat.as_strided(Sizes, Strides);
        return view.contiguous();
    }

    private bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (int i = Sizes.Length - 1; i >= 0; i--)
            {
                if (Sizes[i] != 1 && Strides[i] != expected)
                {
                    return Count == 0;
                }

                expected *= Sizes[i];
            }

            return true;
        }
    }
}
