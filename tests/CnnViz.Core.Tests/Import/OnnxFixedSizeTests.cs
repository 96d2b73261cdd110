using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Tests.Import;

/// <summary>Graphs that were exported for one image of one size take several of another.</summary>
public sealed class OnnxFixedSizeTests : ReaderTest
{
    // Each image of a batch is computed by itself, but the libraries may add up in another order.
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData("a = Reshape(x, {1,2,3,8,8}); b = Transpose<perm=[0,2,1,3,4]>(a); c = Reshape(b, {1,6,8,8}); y = Conv(c, float[4,6,3,3])")]
    [InlineData(
        "a = Reshape(x, {-1,2,3,8,8}); b = Transpose<perm=[0,2,1,3,4]>(a); c = Reshape(b, {-1,6,8,8});"
        + "y = Conv(c, float[4,6,3,3])")]
    [InlineData("a = GlobalAveragePool(x); b = Reshape(a, {1,6}); c = Gemm(b, float[6,6]); d = Reshape(c, {1,6,1,1}); y = Mul(x, d)")]
    [InlineData("a = GlobalAveragePool(x); b = Reshape(a, {1,-1}); y = Gemm(b, float[6,5], float[5])")]
    [InlineData("a = ReduceMean<axes=[2,3], keepdims=0>(x); b = Unsqueeze(a, {2,3}); y = Expand(b, {1,6,3,3})")]
    [InlineData("a = GlobalAveragePool(x); b = Flatten(a); c = Unsqueeze(b, {2}); d = Reshape(c, {1,6}); y = Softmax(d)")]
    [InlineData("n = Shape(x); s = Slice(n, {2}, {4}); t = Mul(s, {2}); z = Concat<axis=0>({1,6}, t); y = Resize<mode=linear>(x, _, _, z)")]
    public void A_batch_of_another_size_gives_what_its_images_give_one_by_one(string statements)
    {
        using CnnModel model = Load(OnnxText.Parse(13, statements, 1, 6, 8, 8));
        foreach ((int height, int width) in new[] { (8, 8), (12, 10) })
        {
            AssertBatchIsItsImages(model, height, width);
        }
    }

    [Theory]
    [InlineData(
        "a = Conv<pads=[1,1,1,1]>(x, float[4,6,3,3]); b = Relu(a);"
        + "c = Resize<mode=nearest>(b, _, _, {1,4,16,16}); y = Conv(c, float[2,4,3,3])")]
    [InlineData("a = Flatten(x); y = Gemm(a, float[384,5], float[5])")]
    [InlineData("a = Reshape(x, {1,384}); y = Gemm(a, float[384,5], float[5])")]
    [InlineData("a = Reshape(x, {1,6,64}); b = Transpose<perm=[0,2,1]>(a); c = MatMul(a, b); d = MatMul(c, a); y = Reshape(d, {1,6,8,8})")]
    [InlineData("a = Reshape(x, {1,6,64}); b = Softmax<axis=2>(a); y = Reshape(b, {1,6,8,8})")]
    public void A_batch_of_the_same_size_gives_what_its_images_give_one_by_one(string statements)
    {
        using CnnModel model = Load(OnnxText.Parse(13, statements, 1, 6, 8, 8));
        AssertBatchIsItsImages(model, 8, 8);
    }

    private static void AssertBatchIsItsImages(CnnModel model, int height, int width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor batch = torch.tensor(OnnxModelBuilder.Noise(3 * 6 * height * width, 9)).reshape(3, 6, height, width);
        SubGraph network = model.Graph.SubGraph(model.Graph.Nodes.Count - 1);
        torch.Tensor together = network.Run(batch);
        torch.Tensor oneByOne = torch.cat([.. Enumerable.Range(0, 3).Select(i => network.Run(batch.narrow(0, i, 1)))]);
        Assert.Equal(oneByOne.shape, together.shape);
        Assert.True(OnnxRuntimeReference.WorstError(oneByOne.ToFloats(), together.ToFloats()) < Tolerance);
    }
}
