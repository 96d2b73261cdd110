using CnnViz.Import;
using CnnViz.Import.Architectures;
using CnnViz.Networks.Graphs;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Tests.Import.Weights;

/// <summary>Checkpoints with objects of classes that weights do not need, and modules that were saved whole.</summary>
public sealed class StrangerTests : WeightFileTest
{
    public static TheoryData<string, byte[]> Strangers => new()
    {
        { "a class", new PickleWriter().Global("torch.optim.sgd", "SGD").Stop() },
        { "a call", new PickleWriter().Global("os", "system").Text("touch /tmp/x").Raw(0x85).Op('R').Stop() },
        { "a call of what a call gave", new PickleWriter().Global("a", "b").Op(')').Op('R').Op(')').Op('R').Stop() },
        { "an object with a state", new PickleWriter().Global("a", "B").Op(')').Raw(0x81).Op('}').Op('b').Stop() },
        { "an object with slots", new PickleWriter().Global("a", "B").Op(')').Raw(0x81).Op('N').Op('}').Raw(0x86).Op('b').Stop() },
        { "a dictionary of its own", new PickleWriter().Global("a", "Box").Op(')').Raw(0x81).Text("k").Number(1).Op('s').Stop() },
        { "a list of its own", new PickleWriter().Global("a", "Rows").Op(')').Raw(0x81).Number(1).Op('a').Stop() },
        { "an object by names", new PickleWriter().Global("a", "B").Op(')').Op('}').Raw(0x92).Stop() },
        { "an old object", new PickleWriter().Op('(').Global("a", "B").Number(1).Op('o').Stop() },
    };

    [Theory]
    [MemberData(nameof(Strangers))]
    public void Strangers_beside_the_weights_do_no_harm(string kind, byte[] pickle)
    {
        // Without the two bytes of the protocol and the stop.
        byte[] value = pickle[2..^1];
        byte[] file = new PickleWriter().Op('}')
            .Text("hyper_parameters").Op('}').Text("x").Raw(value).Op('s').Op('s')
            .Text("state_dict").Op('}').Text("w").Vector("0", 2).Op('s').Op('s').Stop();

        using StateDict weights = ReadLegacy(file);

        Assert.True(weights.Tensors is [{ Name: "w" }], kind);
    }

    [Theory]
    [MemberData(nameof(Strangers))]
    public void Strangers_among_the_weights_are_refused(string kind, byte[] pickle)
    {
        byte[] file = new PickleWriter().Op('}').Text("w").Vector("0", 2).Op('s').Text("x").Raw(pickle[2..^1]).Op('s').Stop();

        Assert.True(ReadFails(WeightFiles.Legacy(file, ("0", 2, WeightFiles.Floats(2)))).ErrorId == "CheckpointNotOnlyData", kind);
    }

    [Fact]
    public void A_tensor_with_attributes_is_a_tensor()
    {
        PickleWriter pickle = new PickleWriter().Op('}').Text("w").Global("torch._tensor", "_rebuild_from_type_v2").Op('(')
            .Global("torch._utils", "_rebuild_tensor_v2").Global("torch.nn.parameter", "Parameter").Op('(').Storage("0", 2).Number(0)
            .Numbers(2).Numbers(1).Raw(0x89).Op('}').Op('t').Op('}').Op('t').Op('R').Op('s');

        using StateDict weights = ReadLegacy(pickle.Stop());

        Assert.Equal([2L], Assert.Single(weights.Tensors).Shape);
    }

    [Fact]
    public void A_module_of_any_class_gives_its_weights()
    {
        byte[] pickle = Module(
            new PickleWriter(), "__main__", "Net", _ => { }, [("body", writer => Module(writer, "a", "Conv", _ => { }, [], ("weight", 2)))]).Stop();

        using StateDict weights = ReadLegacy(pickle);

        Assert.Equal("body.weight", Assert.Single(weights.Tensors).Name);
    }

    [Fact]
    public void A_module_that_holds_itself_has_no_weights()
    {
        byte[] pickle = Module(
            new PickleWriter(), "a", "Net", _ => { }, [("self", writer => writer.Raw((byte)'h', 7))], ("weight", 2), memo: 7).Stop();

        Assert.Equal("CheckpointNotOnlyData", ReadFails(WeightFiles.Legacy(pickle, ("0", 2, WeightFiles.Floats(2)))).ErrorId);
    }

    [SkippableFact]
    public void A_sequence_of_modules_is_a_network()
    {
        using StateDict weights = StateDictReader.Read(TestFiles.Shared("models", "odd", "pt_module_sequential.pt"));
        Architecture? network = ModuleNetwork.TryMake(weights.Module!);

        using Graph graph = new ArchitectureMatch(network!, weights).Build();

        Assert.Equal(
            weights.Tensors.Where(tensor => tensor.Shape.Count == 4).Select(tensor => tensor.Name),
            graph.Nodes.Where(node => node.Operator is CnnViz.Networks.Operators.Convolution).Select(node => $"{node.Name}.weight"));
    }

    [Fact]
    public void A_sequence_runs_as_its_attributes_say()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        byte[] pickle = Module(new PickleWriter(), "torch.nn.modules.container", "Sequential", _ => { },
        [
            ("0", writer => Module(writer, "torch.nn.modules.conv", "Conv2d", Window(3, stride: 2, padding: 1), [], ("weight", 54))),
            ("1", writer => Module(writer, "torch.nn.modules.activation", "LeakyReLU", Slope, [])),
            ("2", writer => Module(writer, "torch.nn.modules.pooling", "MaxPool2d", Window(3, stride: 1, padding: 1), [])),
            ("3", writer => Module(writer, "torch.nn.modules.dropout", "Dropout2d", _ => { }, [])),
        ]).Stop();
        using StateDict weights = ReadLegacy(pickle);
        using Graph graph = new ArchitectureMatch(ModuleNetwork.TryMake(weights.Module!)!, weights).Build();
        torch.Tensor image = torch.linspace(-1, 1, 3 * 81).reshape(1, 3, 9, 9);
        torch.Tensor wanted = conv2d(image, weights.Tensors[0].Read(), strides: [2, 2], padding: [1, 1]);
        wanted = max_pool2d(leaky_relu(wanted, 0.25), 3, 1, 1);
        using var noGradients = torch.no_grad();

        Assert.True(graph.SubGraph([graph.Outputs[0]]).RunAll(image, false, CancellationToken.None)[0].allclose(wanted, rtol: 1e-4));
    }

    private StateDict ReadLegacy(byte[] pickle)
    {
        long count = pickle.AsSpan().IndexOf("LeakyReLU"u8) >= 0 ? 54 : 2;
        return Read(WeightFiles.Legacy(pickle, ("0", count, WeightFiles.Floats((int)count))));
    }

    private static void Slope(PickleWriter writer) =>
        writer.Text("negative_slope").Op('G').Raw(0x3f, 0xd0, 0, 0, 0, 0, 0, 0).Op('s');

    private static Action<PickleWriter> Window(long kernel, long stride, long padding) => writer =>
    {
        foreach ((string name, long value) in new[] { ("kernel_size", kernel), ("stride", stride), ("padding", padding), ("dilation", 1L) })
        {
            writer.Text(name).Numbers(value, value).Op('s');
        }

        writer.Text("groups").Number(1).Op('s').Text("ceil_mode").Raw(0x89).Op('s');
    };

    // A weight of 54 values is one of 2×3×3×3; any other is a vector.
    private static PickleWriter Module(
        PickleWriter writer,
        string module,
        string name,
        Action<PickleWriter> attributes,
        (string Name, Action<PickleWriter> Write)[] children,
        (string Name, long Count)? weight = null,
        byte? memo = null)
    {
        writer.Global(module, name).Op(')').Raw(0x81);
        if (memo is { } index)
        {
            writer.Raw((byte)'q', index);
        }

        writer.Op('}').Text("_parameters").Op('}');
        if (weight is { } tensor)
        {
            writer.Text(tensor.Name);
            _ = tensor.Count == 54
                ? writer.Tensor("0", 54, "FloatStorage", 0, [2, 3, 3, 3], [27, 9, 3, 1])
                : writer.Vector("0", tensor.Count);
            writer.Op('s');
        }

        writer.Op('s').Text("_modules").Op('}');
        foreach ((string child, Action<PickleWriter> write) in children)
        {
            writer.Text(child);
            write(writer);
            writer.Op('s');
        }

        writer.Op('s');
        attributes(writer);
        return writer.Op('b');
    }
}
