using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using CnnViz.Tests.Import;
using TorchSharp;

namespace CnnViz.Tests.Networks;

/// <summary>Receptive fields against what changes when pixels change.</summary>
public sealed class ReceptiveFieldTests : ReaderTest
{
    [Theory]
    [InlineData("y = Conv(x, float[2,2,3,3])")]
    [InlineData("y = Conv<pads=[2,2,2,2], strides=[2,2]>(x, float[2,2,5,5])")]
    [InlineData("y = Conv<pads=[0,1,2,3], strides=[2,3]>(x, float[2,2,4,3])")]
    [InlineData("y = Conv<dilations=[2,3], strides=[1,2]>(x, float[2,2,3,3])")]
    [InlineData("y = Conv<auto_pad=SAME_UPPER, strides=[2,2]>(x, float[2,2,3,3])")]
    [InlineData("y = Conv<auto_pad=SAME_LOWER, strides=[2,2]>(x, float[2,2,4,4])")]
    [InlineData("a = Pad(x, {0,0,3,1,0,0,1,2}); y = Conv(a, float[2,2,3,3])")]
    [InlineData("a = Pad<mode=edge>(x, {0,0,1,1,0,0,1,1}); y = Conv<strides=[2,2]>(a, float[2,2,3,3])")]
    [InlineData("a = AveragePool<kernel_shape=[3,3], strides=[2,2], ceil_mode=1>(x); y = Conv<pads=[1,1,1,1]>(a, float[2,2,3,3])")]
    [InlineData(
        "a = Conv<pads=[3,3,3,3], strides=[2,2]>(x, float[2,2,7,7]); b = Conv(a, float[2,2,1,1]);"
        + "c = Conv<pads=[2,2,2,2]>(a, float[2,2,5,5]); d = Concat<axis=1>(b, c); y = AveragePool<kernel_shape=[2,2], strides=[2,2]>(d)")]
    [InlineData("a = Conv<strides=[2,2]>(x, float[2,2,1,1]); b = Conv<pads=[1,1,1,1], strides=[2,2]>(x, float[2,2,3,3]); y = Add(a, b)")]
    public void The_patch_of_a_position_is_what_it_sees(string statements)
    {
        using CnnModel model = Load(OnnxText.Parse(13, statements, 1, 2, 20, 24));
        CnnLayer layer = model.GetLayer("y");
        for (int row = 0; row < layer.OutputShape.Height; row++)
        {
            for (int column = 0; column < layer.OutputShape.Width; column++)
            {
                ImagePatch patch = layer.ReceptiveField.PatchAt(row, column, 20, 24);
                if (Seen(model, layer, 2, row, column) is not { } rows || Seen(model, layer, 3, row, column) is not { } columns)
                {
                    // A window within the padding sees nothing; the pixels nearest to it stand for it.
                    Assert.True(patch is { Height: > 0, Width: > 0 } && (patch.Top == 0 || patch.Left == 0));
                    continue;
                }

                Assert.Equal(rows, (patch.Top, patch.Height));
                Assert.Equal(columns, (patch.Left, patch.Width));
            }
        }
    }

    [Theory]
    [InlineData("a = AveragePool<kernel_shape=[4,4], strides=[4,4]>(x); y = Resize<mode=nearest>(a, _, {1.0,1.0,2.0,2.0})", 4)]
    [InlineData("a = AveragePool<kernel_shape=[4,4], strides=[4,4]>(x); y = Resize<mode=linear>(a, _, {1.0,1.0,2.0,2.0})", 4)]
    [InlineData("a = AveragePool<kernel_shape=[2,2], strides=[2,2]>(x); y = ConvTranspose<strides=[2,2]>(a, float[2,2,2,2])", 2)]
    [InlineData("a = AveragePool<kernel_shape=[2,2], strides=[2,2]>(x); y = ConvTranspose<strides=[2,2], pads=[1,1,1,1]>(a, float[2,2,4,4])", 2)]
    public void Behind_an_upsampling_it_is_to_one_pixel_of_what_is_upsampled(string statements, int tolerance)
    {
        using CnnModel model = Load(OnnxText.Parse(13, statements, 1, 2, 20, 24));
        CnnLayer layer = model.GetLayer("y");
        for (int row = 0; row < layer.OutputShape.Height; row++)
        {
            ImagePatch patch = layer.ReceptiveField.PatchAt(row, 3, 20, 24);
            (int start, int length) = Seen(model, layer, 2, row, 3)!.Value;

            Assert.InRange(patch.Top, start - tolerance, start + tolerance);
            Assert.InRange(patch.Top + patch.Height, start + length - tolerance, start + length + tolerance);
        }
    }

    [Fact]
    public void A_dense_layer_sees_the_whole_image()
    {
        using CnnModel model = Load(OnnxText.Parse(13, "a = GlobalAveragePool(x); b = Flatten(a); y = Gemm(b, float[2,5], float[5])", 1, 2, 20, 24));

        Assert.Equal(new ImagePatch(0, 0, 20, 24), model.GetLayer("y").ReceptiveField.PatchAt(0, 0, 20, 24));
    }

    // The rows or columns of the image that change a position of the layer's map when they change; null for none.
    private static (int Start, int Length)? Seen(CnnModel model, CnnLayer layer, int axis, int row, int column)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        int size = axis == 2 ? 20 : 24;
        torch.Tensor images = torch.tensor(OnnxModelBuilder.Noise(2 * 20 * 24, 3)).reshape(1, 2, 20, 24).repeat(size + 1, 1, 1, 1);
        for (int i = 0; i < size; i++)
        {
            images.narrow(0, i, 1).narrow(axis, i, 1).add_(1);
        }

        torch.Tensor outputs = model.Graph.SubGraph(layer.Node).Run(images).narrow(2, row, 1).narrow(3, column, 1).flatten(1);
        float[] changes = (outputs - outputs[-1]).abs().amax([1]).ToFloats();
        int[] seen = [.. Enumerable.Range(0, size).Where(i => changes[i] > 1e-5)];
        return seen.Length == 0 ? null : (seen[0], seen[^1] - seen[0] + 1);
    }
}
