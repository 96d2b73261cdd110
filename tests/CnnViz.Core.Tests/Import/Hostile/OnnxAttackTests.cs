using System.Text;
using CnnViz.Import.Onnx.Protocol;
using Google.Protobuf;
using DataType = CnnViz.Import.Onnx.Protocol.TensorProto.Types.DataType;

namespace CnnViz.Tests.Import.Hostile;

/// <summary>ONNX files that are small and mean much.</summary>
public sealed class OnnxAttackTests : HostileFileTest
{
    [Theory]
    [InlineData("a = Concat<axis=1>(LAST, LAST)", "x")]
    [InlineData("a = Concat<axis=2>(LAST, LAST)", "x")]
    [InlineData("a = Concat<axis=0>(LAST, LAST)", "x")]
    [InlineData("a = Add(LAST, LAST)", "x")]
    [InlineData("a = Concat<axis=0>(LAST, LAST)", "float[1000]")]
    [InlineData("a = Tile(LAST, {2})", "float[1000]")]
    [InlineData("a = Expand(float[1,1,1,1], {1,1,10000,10000})", "x")]
    [InlineData("a = ConstantOfShape({10000,10000})", "x")]
    [InlineData("a = Upsample(LAST, {1.0,1.0,2.0,2.0})", "x")]
    public void A_value_that_doubles_sixty_times_ends_soon(string step, string first)
    {
        // The last name is put into each step, and its result gets a name of its own.
        var statements = new StringBuilder($"v0 = Identity({first}); ");
        for (int i = 0; i < 60; i++)
        {
            statements.Append(step.Replace("LAST", $"v{i}").Replace("a =", $"v{i + 1} =")).Append("; ");
        }

        statements.Append(step.Contains("LAST") && first == "x" ? "y = Relu(v60)" : "s = ReduceMean<keepdims=0>(v60); y = Add(x, s)");
        Import("attack.onnx", OnnxText.Parse(step.Contains("Upsample") ? 9 : 13, statements.ToString(), 1, 3, 8, 8).ToByteArray());
    }

    [Fact]
    public void Functions_that_double_sixty_times_are_refused()
    {
        ModelProto model = OnnxText.Parse(13, "y = F0(x)", 1, 3, 8, 8);
        model.Graph.Node[^1].Domain = "own";
        for (int i = 0; i < 60; i++)
        {
            var function = new FunctionProto { Name = $"F{i}", Domain = "own", Input = { "in" }, Output = { "out" } };
            function.Node.Add(new NodeProto { OpType = $"F{i + 1}", Domain = "own", Input = { "in" }, Output = { "a" } });
            function.Node.Add(new NodeProto { OpType = $"F{i + 1}", Domain = "own", Input = { "a" }, Output = { "out" } });
            model.Functions.Add(function);
        }

        Assert.Equal("FunctionsEndless", Refused("attack.onnx", model.ToByteArray()));
    }

    [Fact]
    public void A_function_of_itself_is_refused()
    {
        ModelProto model = OnnxText.Parse(13, "y = F(x)", 1, 3, 8, 8);
        model.Graph.Node[^1].Domain = "own";
        var function = new FunctionProto { Name = "F", Domain = "own", Input = { "in" }, Output = { "out" } };
        function.Node.Add(new NodeProto { OpType = "F", Domain = "own", Input = { "in" }, Output = { "out" } });
        model.Functions.Add(function);
        Assert.Equal("FunctionsEndless", Refused("attack.onnx", model.ToByteArray()));
    }

    [Theory]
    [InlineData("a = Relu(b); b = Relu(a); y = Add(x, b)")]
    [InlineData("a = Add(x, a); y = Relu(a)")]
    [InlineData("y = Relu(y)")]
    public void Nodes_in_a_circle_are_refused(string statements) =>
        Assert.Equal("NodesCircular", Refused("attack.onnx", OnnxText.Parse(13, statements, 1, 3, 8, 8).ToByteArray()));

    [Theory]
    [InlineData(10)]
    [InlineData(3_000)]
    public void Graphs_within_graphs_end_soon(int depth)
    {
        // Each is the branch of the one around it; too deep for the library's writer.
        byte[] bytes = new GraphProto { Node = { new NodeProto { OpType = "Relu", Input = { "x" }, Output = { "y" } } } }.ToByteArray();
        for (int i = 0; i < depth && bytes.Length < 40_000_000; i++)
        {
            byte[] attribute = Field(6, bytes);
            byte[] node = [.. Field(2, "y"u8.ToArray()), .. Field(4, "If"u8.ToArray()), .. Field(5, [.. Field(1, "then_branch"u8.ToArray()), .. attribute])];
            bytes = [.. Field(1, node), .. Field(12, Field(1, "y"u8.ToArray()))];
        }

        ModelProto model = OnnxText.Parse(13, "y = Relu(x)", 1, 3, 8, 8);
        Import("attack.onnx", [.. model.ToByteArray(), .. Field(7, bytes)]);
    }

    [Fact]
    public void A_hundred_thousand_nodes_in_a_row_end_soon()
    {
        var model = new OnnxModelBuilder().Input("image", 1, 3, 8, 8).Node("Identity", ["image"], ["v0"]);
        for (int i = 0; i < 100_000; i++)
        {
            model.Node("Identity", [$"v{i}"], [$"v{i + 1}"]);
        }

        Import("attack.onnx", model.Output("v100000").ToBytes());
    }

    [Fact]
    public void A_file_beside_the_model_that_every_tensor_names_is_not_read_a_thousand_times()
    {
        Write("data.bin", new byte[4 << 20]);
        var model = new OnnxModelBuilder().Input("image", 1, 3, 8, 8);
        for (int i = 0; i < 1_000; i++)
        {
            model.Initializer(new TensorProto
            {
                Name = $"w{i}",
                DataType = (int)DataType.Float,
                Dims = { 349525, 3, 1, 1 },
                DataLocation = TensorProto.Types.DataLocation.External,
                ExternalData = { new StringStringEntryProto { Key = "location", Value = "data.bin" }, new StringStringEntryProto { Key = "length", Value = "4194300" } },
            });
            model.Node("Conv", ["image", $"w{i}"], [$"c{i}"]).Output($"c{i}");
        }

        Assert.NotNull(Import("attack.onnx", model.ToBytes()));
    }

    [Theory]
    [InlineData(1L << 31, 1L << 31)]
    [InlineData(long.MaxValue, 2)]
    [InlineData(1L << 62, 4)]
    [InlineData(-1, -1)]
    [InlineData(1L << 32, 1)]
    public void Shapes_whose_product_overflows_are_refused(long outputs, long inputs) => Assert.Equal(
        "TensorInvalid",
        Refused("attack.onnx", OnnxModelBuilder.Convolution(OnnxModelBuilder.Floats("weight", [1], outputs, inputs, 1, 1)).ToBytes()));

    [Fact]
    public void An_image_of_absurd_size_is_refused()
    {
        foreach (long[] shape in new long[][] { [1, 3, 1L << 40, 1L << 40], [1, 1L << 40, 8, 8], [1, 3, long.MaxValue, 8], [1L << 62, 3, 8, 8] })
        {
            var model = new OnnxModelBuilder().Input("image", shape).Initializer(OnnxModelBuilder.Floats("w", new float[12], 4, 3, 1, 1))
                .Node("Conv", ["image", "w"], ["y"]).Output("y");
            Import("attack.onnx", model.ToBytes());
        }
    }

    private static byte[] Field(int number, byte[] content)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteLength(content.Length);
        output.Flush();
        stream.Write(content);
        return stream.ToArray();
    }
}
