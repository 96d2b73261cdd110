using CnnViz.Import.Onnx;
using CnnViz.Networks.Graphs;
using CnnViz.Tests.Import;
using Google.Protobuf;
using TorchSharp;

namespace CnnViz.Tests.Networks;

/// <summary>Shapes without values are those of a run.</summary>
public sealed class SketchTests : EngineTest
{
    [Theory]
    [InlineData("y = Conv<pads=[1,2,0,1], strides=[2,3]>(x, float[5,4,3,2])")]
    [InlineData("y = Conv<auto_pad=SAME_UPPER, strides=[2,2], group=2, dilations=[1,2]>(x, float[6,2,3,3])")]
    [InlineData("y = ConvTranspose<strides=[2,3], pads=[1,0,0,2], output_padding=[1,0]>(x, float[4,3,3,3])")]
    [InlineData("y = ConvTranspose<strides=[2,2], group=2, auto_pad=SAME_LOWER>(x, float[4,3,4,4])")]
    [InlineData("y = MaxPool<kernel_shape=[3,3], strides=[2,2], ceil_mode=1>(x)")]
    [InlineData("y = AveragePool<kernel_shape=[3,2], strides=[2,1], pads=[1,0,1,0]>(x)")]
    [InlineData("a = GlobalAveragePool(x); y = Mul(x, a)")]
    [InlineData("a = BatchNormalization(x, positive[4], float[4], float[4], positive[4]); b = InstanceNormalization(a, float[4], float[4]); y = PRelu(b, float[4,1,1])")]
    [InlineData("y = Resize<mode=linear>(x, _, {1.0,1.0,2.0,1.5})")]
    [InlineData("s = Shape(x); a = Slice(s, {2}, {4}); b = Concat<axis=0>({2,4}, a); y = Resize(x, _, _, b)")]
    [InlineData("a = Relu(x); y = Concat<axis=-1>(x, a, x)")]
    [InlineData("a = Reshape({1.0,2.0}, {2,1,1,1}); b = Greater(x, a); c = Cast<to=1>(b); y = Sub(a, c)")]
    [InlineData("a = Reshape(x, {0,4,-1}); t = Transpose<perm=[0,2,1]>(a); y = MatMul(t, float[4,7])")]
    [InlineData("n = Shape(x); c = Gather(n, 2); d = Gather(n, 3); m = Mul(c, d); u = Unsqueeze<axes=[0]>(m); k = Concat<axis=0>({2,-1}, u); y = Reshape(x, k)")]
    [InlineData("a = Clip(x, 0.0, 1.0); b = Pow(a, {2.0}); c = Pad(b, {0,0,1,1,0,0,2,2}); y = ReduceMean<axes=[1]>(c)")]
    public void Shapes_and_types_are_those_of_a_run(string statements)
    {
        using Graph graph = OnnxReader.Read("test.onnx", OnnxText.Parse(statements.Contains("axes=[0]>(m)", StringComparison.Ordinal) ? 11 : 13, statements, 2, 4, 40, 30).ToByteArray()).Graph;
        int[] all = [.. Enumerable.Range(0, graph.Nodes.Count)];
        using torch.Tensor image = torch.rand(2, 4, 40, 30);
        var expected = new Dictionary<int, string>();
        graph.SubGraph(all).Run(image, (node, value) => expected[node] = $"{value.dtype} {string.Join('×', value.shape)}");
        var actual = new Dictionary<int, string>();
        graph.SubGraph(all).Sketch(image, (node, value) => actual[node] = $"{value.dtype} {string.Join('×', value.shape)}");
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData("y = Conv(x, float[5,3,3,2])")]
    [InlineData("y = Conv(x, float[5,4,31,51])")]
    [InlineData("a = Transpose<perm=[0,1,3,2]>(x); y = Add(x, a)")]
    [InlineData("y = MatMul(x, float[9,7])")]
    public void What_cannot_run_fails_too(string statements)
    {
        using Graph graph = OnnxReader.Read("test.onnx", OnnxText.Parse(13, statements, 2, 4, 40, 30).ToByteArray()).Graph;
        using torch.Tensor image = torch.rand(2, 4, 40, 30);
        Assert.Throws<ImageSizeException>(() => graph.SubGraph(graph.Nodes.Count - 1).Sketch(image, (_, _) => { }));
    }
}
