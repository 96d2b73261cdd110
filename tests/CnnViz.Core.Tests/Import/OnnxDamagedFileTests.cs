using CnnViz.Import;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using Google.Protobuf;
using TorchSharp;

namespace CnnViz.Tests.Import;

/// <summary>Damage ends in a model that runs or in one clear error, and soon.</summary>
public sealed class OnnxDamagedFileTests : ReaderTest
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    [Fact]
    public void A_small_model_cut_anywhere_is_refused_or_runs()
    {
        byte[] whole = Victim();
        for (int length = 0; length < whole.Length; length += 7)
        {
            LoadOrFail(whole[..length], $"cut at {length}");
        }
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(100_000)]
    [InlineData(14_000_000)]
    [InlineData(-100)]
    [InlineData(-1)]
    public void A_real_model_that_is_cut_is_refused(int length)
    {
        byte[] whole = File.ReadAllBytes(TestFiles.Shared("models", "googlenet.onnx"));
        CnnVizException error = ReadFails(whole[..(length < 0 ? whole.Length + length : length)]);
        Assert.Equal("NotAnOnnxModel", error.ErrorId);
        Assert.Contains("test.onnx", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_model_with_random_damage_is_refused_or_runs(int seed)
    {
        var random = new Random(seed);
        byte[] whole = Victim();
        for (int i = 0; i < 400; i++)
        {
            LoadOrFail(Damage(whole, random), $"damage {i} of seed {seed}");
        }
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public void A_quantized_model_with_functions_and_branches_and_random_damage_is_refused_or_runs(int seed)
    {
        var random = new Random(seed);
        byte[] whole = QuantizedVictim();
        for (int i = 0; i < 400; i++)
        {
            LoadOrFail(Damage(whole, random), $"damage {i} of seed {seed}");
        }
    }

    [Theory]
    [InlineData(4L << 40)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public void Dimensions_that_the_file_cannot_fill_are_refused_before_memory_is_asked_for(long size)
    {
        var weights = OnnxModelBuilder.Floats("weight", OnnxModelBuilder.Noise(108, 1), size, 3, 3, 3);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Assert.Equal("TensorInvalid", ReadFails(OnnxModelBuilder.Convolution(weights).Model).ErrorId);
        Assert.True(GC.GetTotalAllocatedBytes(precise: true) - before < 10_000_000);
    }

    [Fact]
    public void An_empty_tensor_of_an_impossible_shape_is_refused()
    {
        TensorProto weights = OnnxModelBuilder.Floats("weight", [], 0, 1L << 62, 4, 3);
        Assert.Contains("test.onnx", ReadFails(OnnxModelBuilder.Convolution(weights).Model).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("c = ConstantOfShape({1000000,1000000}); y = Add(x, c)")]
    [InlineData("y = Tile(x, {1,1,1000000,1000000})")]
    [InlineData("y = Expand(x, {1000000,1000000,1,1,1,1})")]
    [InlineData("y = Pad(x, {0,0,1000000,1000000,0,0,0,0})")]
    [InlineData("y = Resize(x, _, {1.0,1.0,1000000.0,1000000.0})")]
    [InlineData("y = Resize(x, _, _, {1,3,1000000,1000000})")]
    [InlineData("r = Range(0, 1000000000000, 1); y = Gather(r, {0})")]
    [InlineData("y = ConvTranspose<strides=[1024,1024]>(x, float[3,100,4,4])")]
    [InlineData("y = MaxPool<kernel_shape=[1,1], pads=[1000000000,0,0,0]>(x)")]
    [InlineData("y = MaxPool<kernel_shape=[1,1], strides=[0,1]>(x)")]
    [InlineData("y = Conv<group=0>(x, float[3,3,1,1])")]
    public void Nodes_that_ask_for_absurd_sizes_are_refused(string statements)
    {
        var watch = new ProcessorWatch();
        Assert.ThrowsAny<CnnVizException>(() => Load(OnnxText.Parse(13, statements, 1, 3, 8, 8)).Dispose());
        Assert.True(watch.Elapsed < s_patience);
    }

    [Theory]
    [InlineData("y = Conv<kernel_shape=[1,3]>(x, float[4,3,3,3])", "NodeInvalid")]
    [InlineData("y = BatchNormalization(x, float[3], float[16], float[3], positive[3])", "NodeInvalid")]
    [InlineData("y = InstanceNormalization(x, float[3], float[4])", "NodeInvalid")]
    [InlineData("a = Relu(x); a = Sigmoid(x); y = Neg(a)", "ModelDamaged")]
    public void What_contradicts_itself_is_damaged(string statements, string errorId) =>
        Assert.Equal(errorId, ReadFails(OnnxText.Parse(13, statements, 1, 3, 8, 8)).ErrorId);

    [Fact]
    public void More_values_than_an_operator_takes_are_left_to_libtorch()
    {
        using CnnModel model = Load(OnnxText.Parse(13, "b = BatchNormalization(x, float[3], float[3], float[3], positive[3]); y = Relu(b, b, b)", 1, 3, 8, 8));
        Assert.All(Output(model.Graph), value => Assert.True(value >= 0));
    }

    [Fact]
    public void Ten_thousand_layers_of_one_name_take_no_longer_than_others()
    {
        var watch = new ProcessorWatch();
        var names = new UniqueNames(first: 2);
        string[] unique = [.. Enumerable.Range(0, 50_000).Select(_ => names.Add("conv"))];

        Assert.Equal(("conv", "conv_2", "conv_50000"), (unique[0], unique[1], unique[^1]));
        Assert.Equal(unique.Length, unique.Distinct().Count());
        Assert.True(watch.Elapsed < s_patience, $"{watch.Elapsed}");
    }

    // A network with an operator of each kind that reads sizes from the file.
    private static byte[] Victim() => OnnxText.Parse(
        13,
        "a = Conv<pads=[1,1,1,1]>(x, float[4,3,3,3], float[4]); b = Relu(a); c = MaxPool<kernel_shape=[2,2], strides=[2,2]>(b);"
        + "d = Resize<mode=linear>(c, _, {1.0,1.0,2.0,2.0}); e = Pad<mode=reflect>(d, {0,0,1,1,0,0,1,1}); n = Shape(e);"
        + "s = Slice(n, {0}, {2}); t = Concat<axis=0>(s, {-1}); r = Reshape(e, t); m = ReduceMean<axes=[2], keepdims=0>(r);"
        + "y = Gemm<transB=1>(m, float[5,4], float[5])",
        1, 3, 8, 8).ToByteArray();

    // Its nodes are out of order, too, and it has an input beside the image.
    private static byte[] QuantizedVictim()
    {
        ModelProto model = OnnxText.Parse(
            17,
            "q = QuantizeLinear(x, 0.01, {1}); d = DequantizeLinear(q, 0.01, {1}); w = Cast<to=3>(float[4,3,3,3]); v = DequantizeLinear<axis=0>(w, positive[4]);"
            + "a = Conv(d, v); b = Gate(a); c = Equal({1}, {1}); e = If(c); f = DynamicQuantizeLinear(e); g = ConvInteger(f, w2); y = NonMaxSuppression(g)",
            1, 3, 8, 8);
        model.Graph.Input.Add(OnnxModelBuilder.Value("meta", TensorProto.Types.DataType.Float, 1, 4));
        model.Graph.Initializer.Add(new TensorProto { Name = "w2", DataType = 3, Dims = { 1, 4, 1, 1 }, Int32Data = { 1, 2, 3, 4 } });
        var branch = new GraphProto { Node = { new NodeProto { OpType = "Relu", Input = { "b" }, Output = { "inner" } } } };
        branch.Output.Add(new ValueInfoProto { Name = "inner" });
        model.Graph.Node.Single(node => node.OpType == "If").Attribute.Add(new AttributeProto { Name = "then_branch", Type = 5, G = branch });
        model.Graph.Node.Single(node => node.OpType == "Gate").Domain = "own";
        var function = new FunctionProto { Name = "Gate", Domain = "own", Input = { "in" }, Output = { "out" } };
        function.Node.Add(new NodeProto { OpType = "Sigmoid", Input = { "in" }, Output = { "out" } });
        model.Functions.Add(function);
        NodeProto last = model.Graph.Node[^2];
        model.Graph.Node.Remove(last);
        model.Graph.Node.Insert(0, last);
        return model.ToByteArray();
    }

    private static byte[] Damage(byte[] whole, Random random)
    {
        byte[] damaged = [.. whole];
        switch (random.Next(4))
        {
            case 0: // some bits
                for (int i = random.Next(1, 4); i > 0; i--)
                {
                    damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                }

                return damaged;
            case 1: // a byte that says the most it can, as a length would
                damaged[random.Next(damaged.Length)] = random.Next(2) == 0 ? (byte)0xFF : (byte)0x7F;
                return damaged;
            case 2: // a piece missing
                int start = random.Next(damaged.Length);
                return [.. damaged[..start], .. damaged[Math.Min(damaged.Length, start + random.Next(1, 20))..]];
            default: // a piece twice
                int first = random.Next(damaged.Length);
                return [.. damaged[..Math.Min(damaged.Length, first + random.Next(1, 20))], .. damaged[first..]];
        }
    }

    private static void LoadOrFail(byte[] content, string what)
    {
        var watch = new ProcessorWatch();
        try
        {
            using CnnModel model = Load(content);
            using DisposeScope scope = torch.NewDisposeScope();
            Output(model.Graph);
        }
        catch (CnnVizException)
        {
            // What is wanted.
        }
        catch (Exception exception)
        {
            Assert.Fail($"{what}: {exception}");
        }

        Assert.True(watch.Elapsed < s_patience, $"{what} took {watch.Elapsed}");
    }
}
