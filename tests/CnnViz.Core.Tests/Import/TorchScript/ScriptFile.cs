using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using CnnViz.Tests.Import.Weights;

namespace CnnViz.Tests.Import.TorchScript;

/// <summary>Writes TorchScript archives with text and weights of a test's own.</summary>
internal sealed class ScriptFile
{
    private readonly List<(string Key, byte[] Bytes)> _storages = [];
    private readonly Random _random = new(3);

    /// <summary>A module: its class, and its attributes: <see cref="ScriptFile.Weight"/>s, modules, and lists of whole numbers.</summary>
    internal sealed record Module(string Class, params (string Name, object Value)[] Attributes);

    /// <summary>A weight of random values, or of one value.</summary>
    internal sealed record Weight(long[] Shape, float? Value = null);

    /// <summary>A weight of whole numbers that stand for others: for all of it alike, or for each of its first dimension.</summary>
    internal sealed record Quantized(long[] Shape, bool ByChannel);

    /// <summary>Weights as one of libtorch's own classes keeps them.</summary>
    internal sealed record Packed(string Class, params object?[] State);

    /// <summary>The bytes of an archive.</summary>
    /// <param name="code">The text of all classes.</param>
    /// <param name="root">The module.</param>
    /// <param name="change">What becomes of the pickle; null for nothing.</param>
    public static byte[] Write(string code, Module root, Func<byte[], byte[]>? change = null)
    {
        var file = new ScriptFile();
        var pickle = new PickleWriter();
        file.Put(pickle, root);
        return WeightFiles.Archive(
            CompressionLevel.NoCompression,
            [
                ("net/data.pkl", change is null ? pickle.Stop() : change(pickle.Stop())),
                ("net/code/__torch__.py", Encoding.UTF8.GetBytes(code.ReplaceLineEndings("\n") + "\n")),
                .. file._storages.Select(storage => ($"net/data/{storage.Key}", storage.Bytes)),
                ("net/constants.pkl", new PickleWriter().Op(')').Stop()),

                // The newest: older ones give functions fewer parameters.
                ("net/version", "10\n"u8.ToArray()),
            ]);
    }

    /// <summary>A batch normalization's attributes.</summary>
    public static (string, object)[] Norm(long channels) =>
    [
        ("weight", new Weight([channels])), ("bias", new Weight([channels])),
        ("running_mean", new Weight([channels])), ("running_var", new Weight([channels], 2)),
    ];

    private void Put(PickleWriter pickle, object? value)
    {
        switch (value)
        {
            case null:
                pickle.Op('N');
                break;
            case Module inner:
                Put(pickle, inner);
                break;
            case Weight weight:
                Put(pickle, weight);
                break;
            case Quantized quantized:
                Put(pickle, quantized);
                break;
            case short[] numbers:
                string key = Store(MemoryMarshal.AsBytes<short>(numbers).ToArray());
                pickle.Tensor(key, numbers.Length, "ShortStorage", 0, [numbers.Length], [1]);
                break;
            case IReadOnlyList<long> numbers:
                Put(pickle, numbers);
                break;
            case string text:
                pickle.Text(text);
                break;
            case double number:
                pickle.Op('G').Raw([.. BitConverter.GetBytes(number).Reverse()]);
                break;
            case long number:
                pickle.Number(number);
                break;
            case object?[] list:
                // A list that may hold None has its type beside it.
                bool isTensors = list is not [Weight];
                pickle.Global("torch.jit._pickle", isTensors ? "build_tensorlist" : "restore_type_tag").Op(']').Op('(');
                Array.ForEach(list, item => Put(pickle, item));
                pickle.Op('e');
                (isTensors ? pickle.Raw(0x85) : pickle.Text("List[Optional[Tensor]]").Raw(0x86)).Op('R');
                break;
            case Packed packed:
                pickle.Global("__torch__.torch.classes.quantized", packed.Class).Op(')').Raw(0x81).Op('(');
                Array.ForEach(packed.State, item => Put(pickle, item));
                pickle.Op('t').Op('b');
                break;
        }
    }

    // (storage, offset, sizes, strides, (scheme, scale, zero point), requires_grad, hooks).
    private void Put(PickleWriter pickle, Quantized quantized)
    {
        long count = quantized.Shape.Aggregate(1L, (product, size) => product * size);
        string key = Store([.. Enumerable.Range(0, (int)count).Select(_ => (byte)_random.Next(256))]);
        pickle.Global("torch._utils", "_rebuild_qtensor").Op('(').Storage(key, count, "QInt8Storage").Number(0)
            .Numbers(quantized.Shape).Numbers(Strides(quantized.Shape)).Op('(');
        if (quantized.ByChannel)
        {
            long channels = quantized.Shape[0];
            double[] scales = [.. Enumerable.Range(0, (int)channels).Select(i => 0.01 + 0.002 * i)];
            pickle.Global("torch", "per_channel_affine")
                .Tensor(Store(MemoryMarshal.AsBytes<double>(scales).ToArray()), channels, "DoubleStorage", 0, [channels], [1])
                .Tensor(Store(new byte[8 * channels]), channels, "LongStorage", 0, [channels], [1])
                .Number(0);
        }
        else
        {
            pickle.Global("torch", "per_tensor_affine").Op('G').Raw([.. BitConverter.GetBytes(0.01).Reverse()]).Number(0);
        }

        pickle.Op('t').Raw(0x89).Global("collections", "OrderedDict").Op(')').Op('R').Op('t').Op('R');
    }

    private string Store(byte[] bytes)
    {
        _storages.Add(($"{_storages.Count}", bytes));
        return _storages[^1].Key;
    }

    private static long[] Strides(long[] shape) =>
        [.. shape.Select((_, i) => shape.Skip(i + 1).Aggregate(1L, (product, size) => product * size))];

    private void Put(PickleWriter pickle, Module module)
    {
        pickle.Global("__torch__", module.Class).Op(')').Raw(0x81).Op('}').Op('(').Text("training").Raw(0x89);
        foreach ((string name, object value) in module.Attributes)
        {
            pickle.Text(name);
            Put(pickle, value);
        }

        pickle.Op('u').Op('b');
    }

    // torch.jit._pickle.build_intlist([…]).
    private static void Put(PickleWriter pickle, IReadOnlyList<long> numbers)
    {
        pickle.Global("torch.jit._pickle", "build_intlist").Op(']').Op('(');
        foreach (long number in numbers)
        {
            pickle.Number(number);
        }

        pickle.Op('e').Raw(0x85).Op('R');
    }

    private void Put(PickleWriter pickle, Weight weight)
    {
        long count = weight.Shape.Aggregate(1L, (product, size) => product * size);
        float[] values = [.. Enumerable.Range(0, (int)count).Select(_ => weight.Value ?? (float)_random.NextDouble() - 0.4f)];
        string key = Store(MemoryMarshal.AsBytes<float>(values).ToArray());
        pickle.Tensor(key, count, "FloatStorage", 0, weight.Shape, Strides(weight.Shape));
    }
}
