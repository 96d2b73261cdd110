using CnnViz.Import.Onnx.Protocol;
using Google.Protobuf;

namespace CnnViz.Tests.Import;

/// <summary>Operators that pick and put values by their places.</summary>
public sealed class OnnxIndexingParityTests : OnnxOperatorParityTests
{
    [Theory]
    [InlineData(16, "i = Reshape({0,-1,2,3}, {1,1,2,2}); y = GatherElements<axis=1>(x, i)")]
    [InlineData(16, "i = Reshape({0,-1,1}, {3,1}); y = GatherND(x, i)")]
    [InlineData(16, "i = Reshape({0,1,1,-2}, {2,2}); y = GatherND(x, i)")]
    [InlineData(16, "i = Reshape({0,1,1,-2}, {2,2}); y = ScatterND(x, i, float[2,9,10])")]
    [InlineData(16, "i = Reshape({1,0}, {2,1}); y = ScatterND<reduction=add>(x, i, float[2,4,9,10])")]
    [InlineData(16, "i = Reshape({0,-1,2,3}, {1,1,2,2}); u = Slice(x, {0,0,0,0}, {1,1,2,2}, {0,1,2,3}); y = ScatterElements<axis=1>(x, i, u)")]
    [InlineData(16, "i = Reshape({0,-1,2,3}, {1,1,2,2}); u = Slice(x, {0,0,0,0}, {1,1,2,2}, {0,1,2,3}); y = ScatterElements<axis=1, reduction=add>(x, i, u)")]
    [InlineData(14, "y = CumSum(x, 1)")]
    [InlineData(14, "y = Trilu(x)")]
    [InlineData(14, "y = Trilu<upper=0>(x, -1)")]
    [InlineData(16, "g = Tanh(float[2,5,6,2]); y = GridSample<align_corners=1>(x, g)")]
    [InlineData(16, "g = Mul(float[2,5,6,2], 1.5); y = GridSample<padding_mode=border>(x, g)")]
    [InlineData(16, "g = Mul(float[2,5,6,2], 1.5); y = GridSample<padding_mode=reflection, mode=nearest>(x, g)")]
    [InlineData(13, "y = Hardmax<axis=1>(x)")]
    [InlineData(11, "y = Hardmax<axis=2>(x)")]
    [InlineData(13, "y = ReduceLogSumExp<axes=[1,2]>(x)")]
    [InlineData(13, "a = ArgMin<axis=1>(x); y = Cast<to=1>(a)")]
    [InlineData(13, "n = NonZero({1,0,1,1}); i = Squeeze(n, {0}); y = Gather<axis=1>(x, i)")]
    public void Agrees_with_onnx_runtime(int opset, string statements) => AssertSameAsOnnxRuntime(opset, statements, Image);

    [Theory]
    [InlineData("nchw, dc -> ndhw", "float[5,4]")]
    [InlineData("nchw,nchw->nc", "x")]
    [InlineData("...hw,w->...h", "float[10]")]
    public void Sums_by_the_names_of_axes_agree(string equation, string second)
    {
        ModelProto model = OnnxText.Parse(13, $"y = Einsum(x, {second})", 2, 4, 9, 10);
        model.Graph.Node[^1].Attribute.Add(new AttributeProto { Name = "equation", Type = 3, S = ByteString.CopyFromUtf8(equation) });
        AssertSameAsOnnxRuntime(model, "2,4,9,10");
    }

    [Theory]
    [InlineData("y = MeanVarianceNormalization(x)")]
    [InlineData("y = MeanVarianceNormalization<axes=[0,1,2,3]>(x)")]
    public void Statistics_of_one_image_agree(string statements) => AssertSameAsOnnxRuntime(13, statements, "1,4,9,10");
}
