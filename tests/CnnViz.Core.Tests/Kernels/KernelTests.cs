using CnnViz.Import.Onnx;
using CnnViz.Networks.Graphs;
using CnnViz.Tests.Import;
using Google.Protobuf;
using TorchSharp;

namespace CnnViz.Tests.Kernels;

/// <summary>
/// Operations that are run by kernels give what libtorch gives, values and gradients. Kernels themselves are tested in CnnViz.Kernels.Tests.
/// </summary>
public sealed class KernelTests : EngineTest
{
    private const double Tolerance = 2e-5;

    [Theory]
    [InlineData("2,3,20,17", "y = Conv<pads=[3,3,3,3], strides=[2,2]>(x, float[64,3,7,7], float[64])")]
    [InlineData("1,16,11,12", "y = Conv<strides=[3,2], pads=[2,0,1,1], dilations=[2,3]>(x, float[20,16,3,2], float[20])")]
    [InlineData("2,64,6,6", "y = Conv<pads=[1,1,1,1], group=2>(x, float[24,32,3,3], float[24])")]
    [InlineData("2,4,9,10", "y = Conv<auto_pad=SAME_UPPER, strides=[2,2]>(x, float[6,4,2,4])")]
    [InlineData("2,20,9,10", "y = Conv<auto_pad=SAME_LOWER, strides=[2,2]>(x, float[6,20,2,4])")]
    [InlineData("1,64,13,31", "y = Conv<pads=[2,0,1,2]>(x, float[100,64,3,3], float[100])")]
    public void Convolutions(string image, string statements) => AssertSame(image, statements);

    [Theory]
    [InlineData("2,20,9,10", "y = MaxPool<kernel_shape=[3,3], strides=[2,2], ceil_mode=1>(x)")]
    [InlineData("2,4,9,10", "y = MaxPool<kernel_shape=[3,2], dilations=[2,3], pads=[1,0,1,1]>(x)")]
    [InlineData("2,20,9,10", "y = AveragePool<kernel_shape=[3,3], strides=[2,2], pads=[0,1,2,1]>(x)")]
    [InlineData("2,20,9,10", "y = AveragePool<kernel_shape=[3,3], strides=[2,2], pads=[1,1,1,1], count_include_pad=1, ceil_mode=1>(x)")]
    public void Pools(string image, string statements) => AssertSame(image, statements);

    [Theory]
    [InlineData("1,5,4,4", "y = LRN<size=4, alpha=1.5, bias=2.0>(x)")]
    [InlineData("2,20,9,10", "y = BatchNormalization(x, float[20], float[20], float[20], positive[20])")]
    [InlineData("2,20,9,10", "y = Relu(x)")]
    [InlineData("2,20,9,10", "y = Clip(x, -0.5, 0.5)")]
    public void Normalizations_and_rectifiers(string image, string statements) => AssertSame(image, statements);

    [Theory]
    [InlineData("2,20,9,10", "y = Conv<pads=[1,1,1,1], group=20>(x, float[20,1,3,3], float[20])")]
    [InlineData("1,24,9,10", "y = Conv<pads=[2,2,2,2], strides=[2,2], group=3>(x, float[12,8,5,5])")]
    [InlineData("2,20,5,6", "y = ConvTranspose<strides=[2,2]>(x, float[20,18,2,2], float[18])")]
    [InlineData("2,20,5,6", "y = ConvTranspose<strides=[2,3], pads=[1,0,1,2], output_padding=[1,0]>(x, float[20,6,3,4], float[6])")]
    [InlineData("1,16,5,6", "y = ConvTranspose<strides=[2,2], auto_pad=SAME_UPPER, group=2>(x, float[16,3,3,3])")]
    [InlineData("1,16,5,6", "y = ConvTranspose<strides=[3,3]>(x, float[16,3,2,2])")]
    public void Convolutions_of_other_kinds(string image, string statements) => AssertKernelsAlone(image, statements);

    [Theory]
    [InlineData("LeakyRelu<alpha=0.2>")]
    [InlineData("Elu<alpha=1.5>")]
    [InlineData("Celu<alpha=1.5>")]
    [InlineData("Selu")]
    [InlineData("HardSigmoid<alpha=0.3, beta=0.4>")]
    [InlineData("HardSwish")]
    [InlineData("Sigmoid")]
    [InlineData("Tanh")]
    [InlineData("Softplus")]
    [InlineData("Softsign")]
    [InlineData("Mish")]
    [InlineData("Gelu")]
    [InlineData("Gelu<approximate=tanh>")]
    [InlineData("Erf")]
    [InlineData("Exp")]
    [InlineData("Abs")]
    public void Functions(string operation)
    {
        AssertKernelsAlone("2,20,5,6", $"y = {operation}(x)");
        AssertKernelsAlone("2,20,5,6", $"f = Flatten(x); y = {operation}(f)");
    }

    [Theory]
    [InlineData("2,20,5,6", "y = PRelu(x, float[20,1,1])")]
    [InlineData("2,20,5,6", "y = PRelu(x, float[1])")]
    [InlineData("2,20,5,6", "y = InstanceNormalization(x, float[20], float[20])")]
    [InlineData("2,20,5,6", "y = GroupNormalization<num_groups=4>(x, float[20], float[20])")]
    [InlineData("2,20,5,6", "y = Softmax<axis=1>(x)")]
    [InlineData("2,20,5,6", "y = LogSoftmax<axis=-3>(x)")]
    [InlineData("2,20,5,6", "y = GlobalAveragePool(x)")]
    [InlineData("2,20,5,6", "y = GlobalMaxPool(x)")]
    [InlineData("2,20,5,6", "y = ReduceMean<keepdims=0>(x, {2,3})")]
    [InlineData("2,20,5,6", "y = Mul(x, float[20,1,1])")]
    [InlineData("2,20,5,6", "y = Sub(float[1,20,1,1], x)")]
    [InlineData("2,20,5,6", "a = Div(x, float[1]); y = Add(a, float[1])")]
    [InlineData("2,20,5,6", "s = Sigmoid(x); a = Mul(x, s); y = Sub(x, a)")]
    [InlineData("2,20,5,6", "g = GlobalAveragePool(x); a = Conv(g, float[6,20,1,1], float[6]); r = Relu(a); b = Conv(r, float[20,6,1,1]); s = HardSigmoid(b); y = Mul(s, x)")]
    [InlineData("2,20,5,6", "s = Shape<start=2>(x); g = GlobalAveragePool(x); n = Shape<start=0, end=2>(x); t = Concat<axis=0>(n, s); y = Resize<mode=linear>(g, _, _, t)")]
    [InlineData("2,20,5,6", "y = DepthToSpace<blocksize=2>(x)")]
    [InlineData("2,36,5,6", "a = DepthToSpace<blocksize=3, mode=CRD>(x); y = Relu(a)")]
    [InlineData("2,5,6,9", "y = SpaceToDepth<blocksize=3>(x)")]
    [InlineData("2,20,5,6", "a = Conv(x, float[1,20,1,1], float[1]); s = Sigmoid(a); y = Mul(x, s)")]
    [InlineData("2,20,5,6", "g = GlobalAveragePool(x); y = Add(x, g)")]
    [InlineData("2,20,5,6", "a = Slice(x, {0}, {1}, {2}); b = Slice(x, {2}, {3}, {3}); m = Add(a, b); y = Sub(m, x)")]
    [InlineData("2,20,5,6", "y = Slice(x, {3}, {17}, {1})")]
    [InlineData("2,20,5,6", "y = Slice(x, {1,-1}, {9,-9}, {2,3}, {2,-2})")]
    [InlineData("2,20,5,6", "y = Gather<axis=1>(x, {19,0,-4})")]
    [InlineData("2,20,5,6", "y = Pad(x, {0,0,1,2,0,0,0,1})")]
    [InlineData("2,20,5,6", "y = Pad<mode=reflect>(x, {0,0,2,1,0,0,2,1})")]
    [InlineData("2,20,5,6", "y = Pad(x, {0,2,0,-1,0,3,-1,0})")]
    [InlineData("2,20,5,6", "y = Resize<mode=nearest, coordinate_transformation_mode=asymmetric, nearest_mode=floor>(x, _, {1.0,1.0,2.0,2.0})")]
    [InlineData("2,20,5,6", "y = Resize<mode=linear>(x, _, _, {1,20,7,11})")]
    [InlineData("2,20,5,6", "y = Resize<mode=cubic, coordinate_transformation_mode=align_corners>(x, _, _, {1,20,8,4})")]
    [InlineData("2,20,5,6", "f = Flatten(x); y = Gemm<transB=1>(f, float[7,600], float[7])")]
    [InlineData("2,20,5,6", "m = GlobalAveragePool(x); f = Flatten(m); a = Gemm<transB=1>(f, float[9,20], float[9]); r = Relu(a); b = Gemm<transB=1>(r, float[8,9]); y = Softmax(b)")]
    [InlineData("2,20,5,6", "p = Transpose<perm=[0,2,3,1]>(x); n = LayerNormalization(p, float[20], float[20]); m = MatMul(n, float[20,40]); a = Add(m, float[40]); g = Gelu(a); o = MatMul(g, float[40,20]); s = Mul(o, float[20]); t = Transpose<perm=[0,3,1,2]>(s); y = Add(t, x)")]
    public void What_networks_of_today_are_made_of(string image, string statements) => AssertKernelsAlone(image, statements);

    [Theory]
    [InlineData("y = Add(x, float[6])")]
    [InlineData("y = Mul(x, float[5,6])")]
    [InlineData("y = Softmax<axis=3>(x)")]
    [InlineData("y = Transpose<perm=[0,1,3,2]>(x)")]
    [InlineData("f = Flatten(x); n = LayerNormalization(f, float[600], float[600]); y = Add(n, float[600])")]
    [InlineData("p = Transpose<perm=[0,2,3,1]>(x); y = Flatten(p)")]
    [InlineData("p = Transpose<perm=[0,2,3,1]>(x); y = Softmax<axis=1>(p)")]
    [InlineData("f = Flatten(x); y = Softmax(f)")]
    [InlineData("r = Reshape(x, {0,10,10,6}); y = Relu(r)")]
    public void What_kernels_would_do_wrong_is_left_to_libtorch(string statements) => AssertSame("2,20,5,6", statements);

    [Theory]
    [InlineData("y = Conv(x, float[5,4,9,9])")]
    [InlineData("y = MaxPool<kernel_shape=[9,9]>(x)")]
    [InlineData("y = AveragePool<kernel_shape=[9,9]>(x)")]
    public void A_window_that_an_image_has_no_room_for_is_an_error_with_kernels_too(string statements)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Graph graph = Read("1,4,16,16", statements);

        Assert.Equal("LayerCannotRun", Assert.Throws<ImageSizeException>(() => graph.SubGraph(graph.Nodes.Count - 1).Run(Noise([1, 4, 12, 8], 1))).ErrorId);
    }

    [Theory]
    [InlineData("a = Conv(x, float[20,4,1,1]); b = Relu(a); c = Conv<pads=[1,1,1,1]>(b, float[24,20,3,3]); d = Relu(c); y = Concat<axis=1>(b, d, x)")]
    [InlineData("a = Conv(x, float[16,4,1,1]); b = Conv(a, float[16,16,1,1]); s = Add(a, b); r = Relu(s); t = Add(r, b, r); y = Relu(t)")]
    [InlineData("a = Conv(x, float[20,4,3,3]); s = Sigmoid(a); b = Conv(s, float[5,20,1,1]); c = Conv(a, float[5,20,1,1]); y = Mul(b, c)")]
    [InlineData("a = Conv(x, float[20,4,3,3]); r = Relu(a); f = Flatten(r); y = Gemm(f, float[1120,5], float[5])")]
    [InlineData("a = Conv(x, float[20,4,1,1]); b = Conv<pads=[1,1,1,1]>(a, float[18,20,3,3]); r = Relu(b); c = Concat<axis=1>(r, a); d = Relu(c); e = Conv(d, float[16,38,3,3]); f = Conv(d, float[17,38,3,3]); y = Concat<axis=1>(e, f)")]
    [InlineData("s = Sigmoid(x); y = Conv(s, float[5,4,3,3])")]
    [InlineData("n = BatchNormalization(x, float[4], float[4], float[4], positive[4]); r = Relu(n); y = Conv(r, float[5,4,3,3])")]
    public void Networks(string statements)
    {
        AssertSame("1,4,9,10", statements);
        AssertSame("2,4,9,10", statements);
        AssertSame("3,4,9,10", statements);
    }

    [Fact]
    public void Several_values_are_computed_together()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Graph graph = Read("2,4,9,10", "a = Conv(x, float[20,4,3,3]); b = Relu(a); y = Conv(b, float[5,20,3,3])");
        torch.Tensor image = Noise([2, 4, 9, 10], 1);
        int[] targets = [graph.Nodes.Count - 3, graph.Nodes.Count - 2, graph.Nodes.Count - 1];
        foreach ((torch.Tensor expected, torch.Tensor actual) in Run(graph, image, targets, false).Zip(Run(graph, image, targets, true)))
        {
            AssertClose(expected, actual);
        }
    }

    [Fact]
    public void Values_that_nothing_is_made_of_have_no_part_in_the_gradient()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Graph graph = Read("2,4,9,10", "a = Conv(x, float[20,4,3,3]); b = Relu(a); y = Conv(b, float[5,20,3,3])");
        int last = graph.Nodes.Count - 1;
        torch.Tensor image = Noise([2, 4, 9, 10], 1).requires_grad_();
        torch.Tensor expected = Run(graph, image, [last - 2], false)[1];
        torch.Tensor output;
        using (DisposeScope inner = torch.NewDisposeScope())
        {
            output = graph.SubGraph(last - 2, last).RunAll(image, redirectGradients: false, default)[0].MoveToOuterDisposeScope();
        }

        torch.Tensor weights = torch.stack([Noise(output.shape[1..], 4), Noise(output.shape[1..], 4)]);
        AssertClose(expected, torch.autograd.grad([(output * weights).sum()], [image])[0]);
    }

    private static void AssertSame(string image, string statements)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Graph graph = Read(image, statements);
        torch.Tensor input = Noise([.. image.Split(',').Select(long.Parse)], 1);
        int[] targets = [graph.Nodes.Count - 1];
        foreach ((torch.Tensor expected, torch.Tensor actual) in Run(graph, input, targets, false).Zip(Run(graph, input, targets, true)))
        {
            AssertClose(expected, actual);
        }
    }

    // Not even a part of it runs on libtorch.
    private static void AssertKernelsAlone(string image, string statements)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Graph graph = Read(image, statements);
        Assert.NotNull(graph.SubGraph(graph.Nodes.Count - 1).PrepareKernels(torch.zeros([.. image.Split(',').Select(long.Parse)])));
        AssertSame(image, statements);
    }

    // The targets' values, and the gradient of a random weighting of them all.
    private static torch.Tensor[] Run(Graph graph, torch.Tensor image, int[] targets, bool usesKernels)
    {
        torch.Tensor input = image.detach().clone().requires_grad_();
        var part = new SubGraph(graph, targets) { UsesKernels = usesKernels };
        torch.Tensor[] outputs = part.RunAll(input, redirectGradients: false, default);
        torch.Tensor score = outputs.Select(output =>
            (output * torch.stack([.. Enumerable.Repeat(Noise(output.shape[1..], 4), (int)output.shape[0])])).sum()).Aggregate((a, b) => a + b);
        return [.. outputs.Select(output => output.detach()), torch.autograd.grad([score], [input])[0]];
    }

    private static void AssertClose(torch.Tensor expected, torch.Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        double largest = expected.abs().max().ToDouble();
        Assert.True(largest > 0);
        Assert.True((expected - actual).abs().max().ToDouble() <= Tolerance * largest, $"{(expected - actual).abs().max().ToDouble() / largest}");
    }

    private static Graph Read(string image, string statements) =>
        OnnxReader.Read("test.onnx", OnnxText.Parse(20, statements, [.. image.Split(',').Select(long.Parse)]).ToByteArray()).Graph;

    private static torch.Tensor Noise(long[] shape, int seed) =>
        torch.tensor(OnnxModelBuilder.Noise(shape.Aggregate(1L, (product, size) => product * size), seed)).reshape(shape);
}
