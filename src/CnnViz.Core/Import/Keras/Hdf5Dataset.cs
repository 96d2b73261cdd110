using System.Runtime.InteropServices;
using PureHDF;
using PureHDF.VOL.Native;
using TorchSharp;

namespace CnnViz.Import.Keras;

/// <summary>A tensor of an HDF5 file. Nothing is read before it is asked for.</summary>
/// <param name="file">The file.</param>
/// <param name="dataset">The dataset as PureHDF knows it.</param>
internal sealed class Hdf5Dataset(Hdf5File file, NativeDataset dataset)
{
    // A file of so many chunks for one tensor is none that a program wrote.
    private const ulong MostChunks = 1 << 20;

    /// <summary>Its sizes, outermost first.</summary>
    public IReadOnlyList<long> Shape { get; } = [.. dataset.Space.Dimensions.Select(size => checked((long)size))];

    /// <summary>Reads it as single-precision numbers; the caller owns the tensor.</summary>
    /// <exception cref="InvalidDataException">The file does not hold what it says, or keeps it in another file.</exception>
    public torch.Tensor Read()
    {
        bool isBrain = dataset.AttributeExists("dtype") && dataset.Attribute("dtype").Read<string>().TrimEnd('\0') == "bfloat16";
        torch.ScalarType type = (isBrain, dataset.Type.Class, dataset.Type.Size) switch
        {
            (true, _, 2) => torch.ScalarType.BFloat16,
            (false, H5DataTypeClass.FloatingPoint, 2) => torch.ScalarType.Float16,
            (false, H5DataTypeClass.FloatingPoint, 4) => torch.ScalarType.Float32,
            (false, H5DataTypeClass.FloatingPoint, 8) => torch.ScalarType.Float64,
            (_, var kind, var size) => throw new InvalidDataException($"a weight has numbers that are not known ({kind}, {size} bytes)"),
        };
        long bytes = CheckedBytes();
        file.Spend(bytes);
        torch.Tensor tensor = torch.empty([.. Shape], type);
        if (bytes > 0)
        {
            long before = file.Stream.DatasetBytes;
            file.Stream.HasWeightsOnly = dataset.Layout.Class == H5DataLayoutClass.Contiguous;
            Fill(tensor, type);
            file.Stream.HasWeightsOnly = false;
            ThrowIfElsewhere(file.Stream.DatasetBytes - before, bytes);
        }

        if (type == torch.ScalarType.Float32)
        {
            return tensor;
        }

        using (tensor)
        {
            return tensor.to(torch.ScalarType.Float32);
        }
    }

    private long CheckedBytes()
    {
        ulong[] shape = dataset.Space.Dimensions;
        int size = dataset.Type.Size;
        switch (dataset.Layout.Class)
        {
            case H5DataLayoutClass.Compact or H5DataLayoutClass.Contiguous:
                return file.CheckedSize(shape, size);
            case H5DataLayoutClass.Chunked:
                ThrowIfTooManyChunks(shape, dataset.Layout.Chunks, size);
                return file.CheckedSize(shape, size, isCompressed: true);
            default:
                throw new InvalidDataException("a weight is put together from others");
        }
    }

    private void ThrowIfTooManyChunks(ulong[] shape, ulong[] chunk, int size)
    {
        bool isFine = chunk.Length == shape.Length && file.CheckedSize(chunk, size, isCompressed: true) > 0;
        UInt128 count = 1;
        for (int i = 0; i < shape.Length && isFine; i++)
        {
            count *= (shape[i] + chunk[i] - 1) / chunk[i];
            isFine = count <= MostChunks;
        }

        if (!isFine)
        {
            throw new InvalidDataException("a weight is cut into impossible pieces");
        }
    }

    // Typed reads check the order of the bytes; of bfloat16 HDF5 knows nothing.
    private void Fill(torch.Tensor tensor, torch.ScalarType type)
    {
        switch (type)
        {
            case torch.ScalarType.Float16:
                dataset.Read(MemoryMarshal.Cast<byte, Half>(tensor.bytes));
                break;
            case torch.ScalarType.Float32:
                dataset.Read(MemoryMarshal.Cast<byte, float>(tensor.bytes));
                break;
            case torch.ScalarType.Float64:
                dataset.Read(MemoryMarshal.Cast<byte, double>(tensor.bytes));
                break;
            default:
                dataset.Read<byte[]>().CopyTo(tensor.bytes);
                break;
        }
    }

    // The format has links to other files and weights that lie in them. A file of one's own machine is nobody else's to name.
    private void ThrowIfElsewhere(long read, long bytes)
    {
        bool isHere = dataset.Layout.Class switch
        {
            H5DataLayoutClass.Contiguous => read == bytes,
            H5DataLayoutClass.Chunked => read > 0,
            _ => true,
        };
        if (!isHere)
        {
            throw new InvalidDataException("a weight is not in the file itself");
        }
    }
}
