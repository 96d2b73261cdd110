using CnnViz.Import;
using CnnViz.Import.Onnx;
using Google.Protobuf;

namespace CnnViz.Tests.Import.Operators;

/// <summary>Resize and Upsample.</summary>
public sealed class OnnxResizeParityTests : OnnxOperatorParityTests
{
    private static readonly string[] s_coordinates = ["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"];

    // Larger, smaller, an awkward ratio, and one output row.
    private static readonly string[] s_sizes = ["{2,4,18,20}", "{2,4,5,4}", "{2,4,13,7}", "{2,4,1,25}"];

    private static readonly string[] s_scales = ["{1.0,1.0,2.0,2.0}", "{1.0,1.0,0.5,0.7}", "{1.0,1.0,1.3,0.6}", "{1.0,1.0,3.0,1.0}"];

    public static TheoryData<int, string> Modes()
    {
        var cases = new TheoryData<int, string>();
        foreach (string coordinates in s_coordinates)
        {
            string[] roundings = ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"];
            foreach (string attributes in roundings.Select(rounding => $"mode=nearest, nearest_mode={rounding}").Append("mode=linear"))
            {
                foreach (string size in s_sizes)
                {
                    cases.Add(13, $"y = Resize<{attributes}, coordinate_transformation_mode={coordinates}>(x, _, _, {size})");
                }

                foreach (string scale in s_scales)
                {
                    cases.Add(13, $"y = Resize<{attributes}, coordinate_transformation_mode={coordinates}>(x, _, {scale})");
                }
            }

            foreach (string attributes in new[] { "", ", cubic_coeff_a=-0.5", ", exclude_outside=1" })
            {
                cases.Add(13, $"y = Resize<mode=cubic{attributes}, coordinate_transformation_mode={coordinates}>(x, _, _, {s_sizes[0]})");
                cases.Add(13, $"y = Resize<mode=cubic{attributes}, coordinate_transformation_mode={coordinates}>(x, _, {s_scales[1]})");
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Every_mode_of_coordinates_and_rounding(int opset, string statements) =>
        AssertSameAsOnnxRuntime(opset, statements, Image);

    [Theory]
    [InlineData(7, "y = Upsample<mode=nearest, scales=[1.0,1.0,2.0,3.0]>(x)")]
    [InlineData(7, "y = Upsample<mode=linear, scales=[1.0,1.0,2.0,3.0]>(x)")]
    [InlineData(9, "y = Upsample<mode=nearest>(x, {1.0,1.0,2.0,1.5})")]
    [InlineData(9, "y = Upsample<mode=linear>(x, {1.0,1.0,2.0,1.5})")]
    [InlineData(9, "n = Shape(x); f = Cast<to=1>(n); d = Div({2.0,4.0,18.0,30.0}, f); y = Upsample<mode=linear>(x, d)")]
    [InlineData(10, "y = Resize<mode=nearest>(x, {1.0,1.0,2.0,1.5})")]
    [InlineData(10, "y = Resize<mode=nearest>(x, {1.0,1.0,0.5,0.4})")]
    [InlineData(10, "y = Resize<mode=nearest>(x, {1.0,1.0,2.0,0.4})")]
    [InlineData(10, "y = Resize<mode=linear>(x, {1.0,1.0,2.0,1.5})")]
    [InlineData(10, "y = Resize<mode=linear>(x, {1.0,1.0,0.5,0.4})")]
    [InlineData(11, "y = Resize<mode=nearest>(x, float[0], {1.0,1.0,2.0,2.0})")]
    [InlineData(11, "y = Resize<mode=linear>(x, float[0], float[0], {2,4,12,7})")]
    [InlineData(11, "y = Resize<mode=cubic>(x, float[0], {1.0,1.0,2.0,2.0})")]
    [InlineData(11, "y = Resize<mode=nearest, coordinate_transformation_mode=tf_half_pixel_for_nn>(x, float[0], {1.0,1.0,0.5,1.7})")]
    public void Older_versions(int opset, string statements, string image = Image) => AssertSameAsOnnxRuntime(opset, statements, image);

    [Theory]
    [InlineData(18, "y = Resize<mode=linear, axes=[2,3]>(x, _, _, {12,7})")]
    [InlineData(18, "y = Resize<mode=nearest, axes=[3,2]>(x, _, _, {12,7})")]
    [InlineData(18, "y = Resize<mode=linear, axes=[2,3]>(x, _, {2.0,0.5})")]
    [InlineData(19, "y = Resize<mode=linear, axes=[-1]>(x, _, _, {7})")]
    [InlineData(18, "y = Resize<mode=linear, antialias=1>(x, _, _, {2,4,5,4})")]
    [InlineData(18, "y = Resize<mode=linear, antialias=1>(x, _, _, {2,4,4,20})")]
    [InlineData(18, "y = Resize<mode=cubic, antialias=1>(x, _, _, {2,4,5,4})")]
    [InlineData(18, "y = Resize<mode=cubic, antialias=1, cubic_coeff_a=-0.5>(x, _, {1.0,1.0,0.4,0.7})")]
    [InlineData(18, "y = Resize<mode=cubic, antialias=1, exclude_outside=1>(x, _, _, {2,4,5,4})")]
    [InlineData(18, "y = Resize<mode=linear, antialias=1, exclude_outside=1>(x, _, _, {2,4,5,4})")]
    [InlineData(18, "y = Resize<mode=linear, antialias=1, coordinate_transformation_mode=align_corners>(x, _, _, {2,4,5,4})")]
    [InlineData(18, "y = Resize<mode=linear, antialias=1, coordinate_transformation_mode=asymmetric>(x, _, _, {2,4,5,4})")]
    [InlineData(18, "y = Resize<mode=linear, antialias=1, coordinate_transformation_mode=pytorch_half_pixel>(x, _, _, {2,4,5,4})")]
    [InlineData(19, "y = Resize<mode=linear, coordinate_transformation_mode=half_pixel_symmetric>(x, _, {1.0,1.0,0.7,1.3})")]
    [InlineData(18, "y = Resize<mode=linear, axes=[2,3], keep_aspect_ratio_policy=not_larger>(x, _, _, {12,14})")]
    [InlineData(18, "y = Resize<mode=linear, axes=[2,3], keep_aspect_ratio_policy=not_smaller>(x, _, _, {12,14})")]
    [InlineData(13,
        "n = Shape(x); s = Slice(n, {0}, {2}); h = Slice(n, {2}, {4}); d = Mul(h, {2});"
        + "z = Concat<axis=0>(s, d); y = Resize<mode=linear>(x, _, _, z)")]
    [InlineData(13,
        "a = MaxPool<kernel_shape=[2,2], strides=[2,2]>(x); n = Shape(x);"
        + "r = Resize<mode=nearest, nearest_mode=floor, coordinate_transformation_mode=asymmetric>(a, _, _, n); y = Add(x, r)")]
    [InlineData(13, "y = Resize<mode=linear>(x, _, _, {2,8,9,10})")]
    public void Newer_versions(int opset, string statements, string image = Image) => AssertSameAsOnnxRuntime(opset, statements, image);

    [Fact]
    public void What_crops_while_it_resizes_is_left_out()
    {
        ModelSource source = OnnxReader.Read("test.onnx", OnnxText.Parse(
            13, "y = Resize<coordinate_transformation_mode=tf_crop_and_resize>(x, float[8], {1.0,1.0,2.0,2.0})", 1, 3, 8, 8).ToByteArray());
        source.Graph.Dispose();
        Assert.Contains("tf_crop_and_resize", source.Remark, StringComparison.Ordinal);
    }
}
