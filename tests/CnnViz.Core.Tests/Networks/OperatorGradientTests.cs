using CnnViz.Import.Onnx;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using CnnViz.Tests.Import;
using Google.Protobuf;
using TorchSharp;
using Xunit.Sdk;

namespace CnnViz.Tests.Networks;

/// <summary>The gradient with respect to the image, which every ascent climbs by, is that of the function that is computed.</summary>
public sealed class OperatorGradientTests : EngineTest
{
    private const string Image = "2,4,9,10";
    private const double Step = 1e-2;
    private const double Tolerance = 1e-2;

    [Theory]
    [InlineData("y = Conv<pads=[0,1,2,3], strides=[2,1], group=2>(x, float[6,2,3,3], float[6])")]
    [InlineData("y = Conv<pads=[2,2,2,2], dilations=[2,2]>(x, float[6,4,3,3], float[6])")]
    [InlineData("y = Conv<auto_pad=SAME_UPPER, strides=[2,2]>(x, float[6,4,2,4])")]
    [InlineData("y = ConvTranspose<strides=[2,2], pads=[1,1,1,1]>(x, float[4,5,3,3], float[5])")]
    [InlineData("y = ConvTranspose<strides=[3,2], output_padding=[2,1], pads=[1,0,0,1], group=2>(x, float[4,3,3,3], float[6])")]
    [InlineData("y = MaxPool<kernel_shape=[3,3], strides=[2,2], ceil_mode=1>(x)")]
    [InlineData("y = MaxPool<kernel_shape=[3,2], dilations=[2,3], pads=[1,0,1,1]>(x)")]
    [InlineData("y = AveragePool<kernel_shape=[3,3], strides=[2,2], pads=[0,1,2,1]>(x)")]
    [InlineData("y = AveragePool<kernel_shape=[3,2], dilations=[2,3], pads=[1,1,2,0], ceil_mode=1>(x)")]
    [InlineData("y = LpPool<kernel_shape=[3,3], p=3, pads=[1,1,1,1]>(x)")]
    [InlineData("y = GlobalAveragePool(x)")]
    [InlineData("y = GlobalMaxPool(x)")]
    [InlineData("y = GlobalLpPool(x)")]
    public void Windows(string statements) => AssertGradient(statements);

    [Theory]
    [InlineData("y = BatchNormalization(x, float[4], float[4], float[4], positive[4])")]
    [InlineData("y = InstanceNormalization(x, float[4], float[4])")]
    [InlineData("y = GroupNormalization<num_groups=2>(x, float[2], float[2])")]
    [InlineData("y = LayerNormalization<axis=1>(x, float[4,9,10], float[4,9,10])")]
    [InlineData("y = LRN<size=3, alpha=0.5, bias=2.0>(x)")]
    [InlineData("y = LRN<size=5, alpha=0.5, beta=1.5>(x)")]
    [InlineData("y = Softmax<axis=1>(x)")]
    [InlineData("y = LogSoftmax<axis=1>(x)")]
    [InlineData("s = Relu(x); n = ReduceL2<axes=[1]>(s); y = Mul(n, x)")]
    public void Normalizations(string statements) => AssertGradient(statements);

    [Theory]
    [InlineData("Sigmoid")]
    [InlineData("Tanh")]
    [InlineData("Elu")]
    [InlineData("Celu<alpha=1.5>")]
    [InlineData("Selu")]
    [InlineData("Softplus")]
    [InlineData("Softsign")]
    [InlineData("Mish")]
    [InlineData("Gelu")]
    [InlineData("Gelu<approximate=tanh>")]
    [InlineData("HardSwish")]
    [InlineData("LeakyRelu<alpha=0.2>")]
    [InlineData("HardSigmoid")]
    [InlineData("Erf")]
    [InlineData("Exp")]
    public void Activations(string type) => AssertGradient($"y = {type}(x)");

    [Theory]
    [InlineData("mode=nearest, nearest_mode=floor")]
    [InlineData("mode=linear, coordinate_transformation_mode=align_corners")]
    [InlineData("mode=linear, antialias=1")]
    [InlineData("mode=cubic")]
    public void Resizes(string attributes)
    {
        AssertGradient($"y = Resize<{attributes}>(x, _, _, {{2,4,15,7}})");
        AssertGradient($"y = Resize<{attributes}>(x, _, {{1.0,1.0,0.5,2.0}})");
    }

    [Theory]
    [InlineData("y = PRelu(x, float[4,1,1])")]
    [InlineData("f = Flatten(x); y = Gemm<alpha=0.5>(f, float[360,5], float[5])")]
    [InlineData("t = Transpose<perm=[0,1,3,2]>(x); y = MatMul(x, t)")]
    [InlineData("e = Exp(x); p = Pow(e, 0.5); y = Div(x, p)")]
    [InlineData("y = Pow(x, 2.0)")]
    [InlineData("y = Max(x, float[4,1,1], 0.1)")]
    [InlineData("y = Pad<mode=reflect>(x, {0,0,1,2,0,0,3,4})")]
    [InlineData("y = Pad<mode=edge>(x, {0,1,1,0,0,0,0,2})")]
    [InlineData("y = Slice(x, {-1,1}, {-100,8}, {3,2}, {-2,3})")]
    [InlineData("a, b = Split<axis=1>(x, {1,3}); c = Mul(a, b); y = Concat<axis=1>(c, a)")]
    [InlineData("y = Gather<axis=1>(x, {2,0,2})")]
    [InlineData("y = DepthToSpace<blocksize=2>(x)")]
    [InlineData("y = ReduceProd<axes=[1]>(x)")]
    [InlineData("c = Greater(x, 0.1); y = Where(c, x, 0.1)")]
    public void Arithmetic_and_structure(string statements) => AssertGradient(statements);

    [Theory]
    [InlineData("z = Mul(x, 0.0); y = LpPool<kernel_shape=[3,3]>(z)")]
    [InlineData("z = Mul(x, 0.0); y = GlobalLpPool(z)")]
    [InlineData("z = Mul(x, 0.0); y = ReduceL2<axes=[1]>(z)")]
    [InlineData("z = Mul(x, 0.0); y = ReduceL1<axes=[1]>(z)")]
    [InlineData("z = Mul(x, 0.0); y = LRN<size=3>(z)")]
    [InlineData("z = Mul(x, 0.0); y = InstanceNormalization(z, float[4], float[4])")]
    public void The_gradient_is_finite_where_everything_is_zero(string statements)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Graph graph = Read(statements);
        torch.Tensor image = Noise([2, 4, 9, 10], 1);
        Assert.All(Gradient(graph, image).ToFloats(), value => Assert.True(float.IsFinite(value)));
    }

    // Along the gradient the function must rise by the gradient's square; along another direction by its projection.
    private static void AssertGradient(string statements)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Graph graph = Read(statements);
        torch.Tensor image = Noise([.. Image.Split(',').Select(long.Parse)], 1);
        torch.Tensor gradient = Gradient(graph, image);
        double length = gradient.norm().ToDouble();
        Assert.True(length > 0, $"{statements}: no gradient");
        torch.Tensor[] directions = [gradient / length, Unit(gradient / length + Unit(Noise(image.shape, 2)))];
        foreach (torch.Tensor direction in directions)
        {
            double expected = (gradient * direction).sum().ToDouble();
            double measured = (Value(graph, image + direction * Step) - Value(graph, image - direction * Step)) / (2 * Step);
            if (Math.Abs(measured - expected) > Tolerance * length)
            {
                throw new XunitException($"{statements}: the gradient says {expected}, the function {measured}");
            }
        }
    }

    private static torch.Tensor Gradient(Graph graph, torch.Tensor image)
    {
        torch.Tensor leaf = image.detach().clone().requires_grad_(true);
        Projection(graph, leaf).backward();
        return leaf.grad!;
    }

    private static double Value(Graph graph, torch.Tensor image)
    {
        using var noGradients = torch.no_grad();
        return Projection(graph, image).ToDouble();
    }

    // A random weighting of all outputs, summed in double precision.
    private static torch.Tensor Projection(Graph graph, torch.Tensor image)
    {
        torch.Tensor output = graph.SubGraph(graph.Nodes.Count - 1).Run(image).to(torch.float64);
        return (output * Noise(output.shape, 4)).sum();
    }

    private static Graph Read(string statements) =>
        OnnxReader.Read("test.onnx", OnnxText.Parse(20, statements, [.. Image.Split(',').Select(long.Parse)]).ToByteArray()).Graph;

    private static torch.Tensor Unit(torch.Tensor tensor) => tensor / tensor.norm();

    private static torch.Tensor Noise(long[] shape, int seed) =>
        torch.tensor(OnnxModelBuilder.Noise(shape.Aggregate(1L, (product, size) => product * size), seed)).reshape(shape);
}
