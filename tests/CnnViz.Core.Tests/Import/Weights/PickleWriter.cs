using System.Text;

namespace CnnViz.Tests.Import.Weights;

/// <summary>Writes pickles instruction by instruction, good ones and others.</summary>
internal sealed class PickleWriter
{
    private readonly List<byte> _bytes = [];

    public PickleWriter(byte protocol = 2) => Raw(0x80, protocol);

    public PickleWriter Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleWriter Op(char op) => Raw((byte)op);

    public PickleWriter Text(string text) =>
        Op('X').Raw(BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text))).Raw(Encoding.UTF8.GetBytes(text));

    public PickleWriter Global(string module, string name) => Op('c').Raw(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));

    // As an 8-byte LONG1, which takes any number.
    public PickleWriter Number(long number) => Raw(0x8a, 8).Raw(BitConverter.GetBytes(number));

    public PickleWriter Numbers(params long[] numbers)
    {
        Op('(');
        foreach (long number in numbers)
        {
            Number(number);
        }

        return Op('t');
    }

    /// <summary>What torch writes for a storage.</summary>
    public PickleWriter Storage(string key, long count, string type = "FloatStorage") =>
        Op('(').Text("storage").Global("torch", type).Text(key).Text("cpu").Number(count).Op('t').Op('Q');

    /// <summary>What torch writes for a tensor.</summary>
    public PickleWriter Tensor(string key, long count, string type, long offset, long[] sizes, long[] strides) =>
        Global("torch._utils", "_rebuild_tensor_v2").Op('(').Storage(key, count, type).Number(offset).Numbers(sizes).Numbers(strides)
            .Raw(0x89).Global("collections", "OrderedDict").Op(')').Op('R').Op('t').Op('R');

    /// <summary>A vector that is the whole of a storage of floats.</summary>
    public PickleWriter Vector(string key, long count) => Tensor(key, count, "FloatStorage", 0, [count], [1]);

    public byte[] Stop() => [.. _bytes, (byte)'.'];
}
