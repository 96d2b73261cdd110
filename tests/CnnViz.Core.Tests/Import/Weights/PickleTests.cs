using System.Text;
using CnnViz.Import;

namespace CnnViz.Tests.Import.Weights;

/// <summary>What pickles of checkpoints may hold, and what becomes of it.</summary>
public sealed class PickleTests : WeightFileTest
{
    private static PickleWriter Dict => new PickleWriter().Op('}');

    [Fact]
    public void Dictionaries_of_python_2_are_read()
    {
        // A list of pairs is what the class is called with; keys are byte strings.
        byte[] pickle = new PickleWriter()
            .Global("collections", "OrderedDict").Op(']').Op(']').Op('U').Raw(1, (byte)'w').Op('a').Vector("0", 2).Op('a').Op('a')
            .Raw(0x85).Op('R').Stop();
        using StateDict weights = ReadLegacy(pickle);
        Assert.Equal([0, 1], Values(weights, "w"));
        Assert.Equal("PyTorch", weights.Format);
    }

    [Theory]
    [InlineData("torch._utils", "_rebuild_parameter")]
    [InlineData("torch.nn.parameter", "Parameter")] // before PyTorch 0.4, with its state after it
    public void A_parameter_is_its_tensor(string module, string name)
    {
        byte[] pickle = Dict.Text("w").Global(module, name).Vector("0", 2).Raw(0x88).Op('}').Raw(0x87).Op('R')
            .Raw(0x88).Raw(0x89).Op('}').Raw(0x87).Op('b').Op('s').Stop();
        using StateDict weights = ReadLegacy(pickle);
        Assert.Equal([0, 1], Values(weights, "w"));
    }

    [Fact]
    public void What_is_of_no_use_is_passed_over()
    {
        PickleWriter pickle = Dict.Op('(').Text("w").Vector("0", 2);
        pickle.Text("floats").Op(']').Op('(').Op('G').Raw(new byte[8]).Op('G').Raw(new byte[8]).Op('e');
        pickle.Text("bytes").Op('B').Raw(BitConverter.GetBytes(20_000)).Raw(new byte[20_000]);
        pickle.Text("short bytes").Op('C').Raw(2, 0, 0);
        pickle.Text("long text").Text(new string('x', 10_000));
        pickle.Text("large").Raw(0x8a, 9).Raw(new byte[9]);
        pickle.Text("larger").Raw(0x8b, 4, 0, 0, 0).Raw(new byte[4]);
        pickle.Text("set").Raw(0x8f).Op('(').Number(1).Raw(0x90);
        pickle.Text("frozen set").Op('(').Number(1).Raw(0x91);
        pickle.Text("default").Global("collections", "defaultdict").Global("builtins", "set").Raw(0x85).Op('R')
            .Op('(').Number(1).Text("one").Op('u');
        pickle.Text("popped").Number(1).Number(2).Op('0').Op('(').Number(3).Op('1').Op('2').Op('0');
        pickle.Number(7).Text("a key that is no text").Op('u');
        using StateDict weights = ReadLegacy(pickle.Stop());
        Assert.Equal(["w"], Names(weights));
        Assert.Equal([0, 1], Values(weights, "w"));
    }

    [Fact]
    public void A_key_that_is_set_again_keeps_its_place()
    {
        byte[] pickle = Dict.Text("b").Raw(0x88).Op('s').Text("a").Vector("0", 2).Op('s').Text("b").Vector("0", 2).Op('s').Stop();
        using StateDict weights = ReadLegacy(pickle);
        Assert.Equal(["b", "a"], Names(weights));
    }

    [Theory]
    [InlineData("os", "system", "CheckpointNotOnlyData", "'os.system'")]
    [InlineData("torch._utils", "_rebuild_qtensor", "CheckpointNotOnlyData", "'torch._utils._rebuild_qtensor'")]
    [InlineData("torch", "load", "CheckpointNotOnlyData", "'torch.load'")]
    [InlineData("builtins", "getattr", "CheckpointNotOnlyData", "'builtins.getattr'")]
    [InlineData("collections", "OrderedDict.__init__", "CheckpointNotOnlyData", "'collections.OrderedDict.__init__'")]
    [InlineData("\x1b[2J", "x", "CheckpointNotOnlyData", "'?[2J.x'")]
    [InlineData("torch.nn.modules.conv", "Conv2d", "CheckpointIsModule", "save the state_dict")]
    [InlineData("__main__", "Net", "CheckpointIsModule", "save the state_dict")]
    public void A_name_that_weights_do_not_need_is_refused(string module, string name, string errorId, string reason)
    {
        byte[] pickle = Dict.Text("w").Vector("0", 2).Op('s').Text("x").Global(module, name).Op('s').Stop();
        CnnVizException error = ReadFails(Legacy(pickle));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Advice);
    }

    [Fact]
    public void A_storage_type_cannot_be_called()
    {
        byte[] pickle = Dict.Text("w").Global("torch", "FloatStorage").Number(1 << 30).Raw(0x85).Op('R').Op('s').Stop();
        Assert.Contains("builds a tensor", ReadFails(Legacy(pickle)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, new long[] { 3 }, new long[] { 1 })] // one more than there are
    [InlineData(1, new long[] { 2 }, new long[] { 1 })]
    [InlineData(-1, new long[] { 2 }, new long[] { 1 })]
    [InlineData(0, new long[] { 2 }, new long[] { 2 })]
    [InlineData(0, new long[] { 2, 1 }, new long[] { 1 })]
    [InlineData(0, new long[] { -2, -1 }, new long[] { 1, 1 })]
    [InlineData(1, new long[] { 2 }, new long[] { -1 })]
    [InlineData(0, new long[] { 1L << 32, 1L << 32 }, new long[] { 0, 0 })]
    [InlineData(0, new long[] { 1L << 33 }, new long[] { 0 })]
    [InlineData(0, new long[] { 3, 3 }, new long[] { long.MaxValue, long.MaxValue })]
    [InlineData(3, new long[] { 0 }, new long[] { 1 })]
    [InlineData(long.MaxValue, new long[] { 1 }, new long[] { 1 })]
    [InlineData(0, new long[] { 0, long.MaxValue }, new long[] { 1, 1 })]
    public void A_tensor_that_leaves_its_storage_is_refused(long offset, long[] sizes, long[] strides)
    {
        byte[] pickle = Dict.Text("w").Tensor("0", 2, "FloatStorage", offset, sizes, strides).Op('s').Stop();
        Assert.Contains("does not fit", ReadFails(Legacy(pickle)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_file_cannot_fill_the_memory_with_views_of_one_storage()
    {
        // Each is within what a tensor may have; together they are 100 times the limit.
        PickleWriter pickle = Dict;
        for (int i = 0; i < 100; i++)
        {
            pickle.Text($"w{i}").Tensor("0", 2, "FloatStorage", 0, [16 << 20], [0]).Op('s');
        }

        Assert.Equal("CheckpointTooLarge", ReadFails(Legacy(pickle.Stop())).ErrorId);
    }

    [Theory]
    [InlineData("]2")] // empty lists; the same value over and over
    [InlineData("]")]
    [InlineData("}")]
    [InlineData("(")]
    [InlineData("K\u0001")]
    [InlineData("]\u0094")] // each kept
    [InlineData(")\u0085")]
    [InlineData("U\u0001a0")]
    public void A_pickle_of_millions_of_values_is_refused_within_bounds(string instructions)
    {
        byte[] unit = Encoding.Latin1.GetBytes(instructions);
        byte[] many = new byte[6_000_000 / unit.Length * unit.Length];
        for (int i = 0; i < many.Length; i++)
        {
            many[i] = unit[i % unit.Length];
        }

        string path = Write("many.pt", Legacy(new PickleWriter().Raw(many).Stop()));
        var memory = new MemoryWatch();
        Assert.Equal("CheckpointTooLarge", ReadFails(path).ErrorId);
        Assert.True(memory.Growth < 70 << 20, $"It took {memory.Growth} bytes.");
    }

    [Theory]
    [InlineData("t")]
    [InlineData("u")]
    [InlineData("1")]
    [InlineData("R")]
    [InlineData("N)R")]
    [InlineData("Na")]
    [InlineData("NNNs")]
    [InlineData("(N0N0R")]
    [InlineData("NQ")]
    [InlineData("b")]
    [InlineData("Nb")]
    [InlineData("}(Nu")]
    [InlineData("o")]
    [InlineData("N\u0093")]
    [InlineData("\u0082\u0001")]
    public void An_instruction_that_makes_no_sense_is_refused(string instructions)
    {
        byte[] pickle = new PickleWriter().Raw(Encoding.Latin1.GetBytes(instructions)).Stop();
        Assert.Equal("CheckpointDamaged", ReadFails(Legacy(pickle)).ErrorId);
    }

    private static byte[] Legacy(byte[] pickle) => WeightFiles.Legacy(pickle, ("0", 2, WeightFiles.Floats(2)));

    private StateDict ReadLegacy(byte[] pickle) => Read(Legacy(pickle));
}
