namespace CnnViz.Tests.Import.Keras;

/// <summary>Convolutions and poolings do what Keras defines, with its paddings and its order of weights.</summary>
public sealed class KerasConvolutionTests : KerasTest
{
    private static readonly Pixels s_image = Pixels.Wave(7, 8, 4);

    [Theory]
    [InlineData("valid", 1, 1, 1, 3, 3)]
    [InlineData("valid", 2, 1, 1, 3, 2)]
    [InlineData("same", 1, 1, 1, 2, 4)]
    [InlineData("same", 2, 1, 1, 3, 3)]
    [InlineData("same", 3, 1, 1, 2, 2)]
    [InlineData("same", 1, 2, 1, 3, 3)]
    [InlineData("valid", 1, 2, 1, 2, 3)]
    [InlineData("same", 2, 1, 2, 3, 3)]
    public void A_convolution(string padding, int stride, int dilation, int groups, int rows, int columns)
    {
        (Pixels kernel, Pixels bias) = (Pixels.Wave(rows, columns, 4 / groups, 6), Pixels.Wave(6));
        KerasFile file = new KerasFile(7, 8, 4).Add(
            "Conv2D",
            $"'padding':'{padding}','strides':[{stride},{stride}],'dilation_rate':[{dilation},{dilation}],'groups':{groups}",
            kernel,
            bias);
        AssertOutput(KerasReference.Conv(s_image, kernel, bias, stride, dilation, padding == "same", groups), file, s_image);
    }

    [Theory]
    [InlineData("valid", 1, 1, 1)]
    [InlineData("same", 2, 1, 1)]
    [InlineData("same", 1, 1, 3)]
    [InlineData("same", 1, 2, 2)]
    public void A_depthwise_convolution(string padding, int stride, int dilation, int multiplier)
    {
        (Pixels kernel, Pixels bias) = (Pixels.Wave(3, 2, 4, multiplier), Pixels.Wave(4 * multiplier));
        KerasFile file = new KerasFile(7, 8, 4).Add(
            "DepthwiseConv2D",
            $"'padding':'{padding}','strides':[{stride},{stride}],'dilation_rate':{dilation},'depth_multiplier':{multiplier}",
            kernel,
            bias);
        AssertOutput(KerasReference.Depthwise(s_image, kernel, bias, stride, dilation, padding == "same"), file, s_image);
    }

    [Fact]
    public void A_separable_convolution()
    {
        (Pixels depthwise, Pixels pointwise, Pixels bias) = (Pixels.Wave(3, 3, 4, 2), Pixels.Wave(1, 1, 8, 5), Pixels.Wave(5));
        KerasFile file = new KerasFile(7, 8, 4).Add("SeparableConv2D", "'padding':'same','strides':[2,2]", depthwise, pointwise, bias);
        Pixels between = KerasReference.Depthwise(s_image, depthwise, null, stride: 2, same: true);
        AssertOutput(KerasReference.Conv(between, pointwise, bias), file, s_image);
    }

    [Theory]
    [InlineData("same", 2, 3, null)]
    [InlineData("same", 2, 4, null)]
    [InlineData("same", 1, 2, null)]
    [InlineData("same", 3, 2, null)]
    [InlineData("valid", 2, 3, null)]
    [InlineData("valid", 3, 2, null)]
    [InlineData("same", 2, 3, 1)]
    [InlineData("same", 2, 4, 0)]
    [InlineData("valid", 2, 3, 1)]
    public void A_transposed_convolution(string padding, int stride, int size, int? outputPadding)
    {
        (Pixels kernel, Pixels bias) = (Pixels.Wave(size, size, 3, 4), Pixels.Wave(3));
        string more = outputPadding is null ? "null" : $"[{outputPadding},{outputPadding}]";
        KerasFile file = new KerasFile(7, 8, 4).Add(
            "Conv2DTranspose", $"'padding':'{padding}','strides':[{stride},{stride}],'output_padding':{more}", kernel, bias);
        AssertOutput(KerasReference.Transposed(s_image, kernel, bias, stride, padding == "same", outputPadding), file, s_image);
    }

    [Theory]
    [InlineData("MaxPooling2D", "valid", 2, 2)]
    [InlineData("MaxPooling2D", "same", 2, 2)]
    [InlineData("MaxPooling2D", "same", 3, 2)]
    [InlineData("AveragePooling2D", "valid", 3, 1)]
    [InlineData("AveragePooling2D", "same", 2, 2)]
    [InlineData("AveragePooling2D", "same", 3, 2)]
    [InlineData("AveragePooling2D", "same", 4, 1)]
    public void A_pooling(string layer, string padding, int size, int stride)
    {
        // Below zero, so that a padding of zeros would win.
        Pixels image = s_image.Select(value => value - 2);
        KerasFile file = new KerasFile(7, 8, 4).Add(
            layer, $"'padding':'{padding}','pool_size':[{size},{size}],'strides':[{stride},{stride}]");
        AssertOutput(KerasReference.Pool(image, size, stride, padding == "same", layer == "MaxPooling2D"), file, image);
    }

    [Fact]
    public void A_pooling_without_strides_has_those_of_its_size()
    {
        KerasFile file = new KerasFile(7, 8, 4).Add("MaxPooling2D", "'pool_size':[3,3],'strides':null");
        AssertOutput(KerasReference.Pool(s_image, 3, 3, same: false, max: true), file, s_image);
    }

    [Theory]
    [InlineData("GlobalAveragePooling2D", false)]
    [InlineData("GlobalAveragePooling2D", true)]
    [InlineData("GlobalMaxPooling2D", false)]
    [InlineData("GlobalMaxPooling2D", true)]
    public void A_global_pooling(string layer, bool keepDimensions)
    {
        KerasFile file = new KerasFile(7, 8, 4).Add(layer, $"'keepdims':{(keepDimensions ? "true" : "false")}");
        Pixels pooled = Pixels.Of(1, 1, 4, (_, _, channel) =>
        {
            double[] values = [.. s_image.Values.Where((_, i) => i % 4 == channel)];
            return layer == "GlobalMaxPooling2D" ? values.Max() : values.Average();
        });
        AssertOutput(keepDimensions ? pooled : new Pixels(pooled.Values, 4), file, s_image);
    }

    [Fact]
    public void A_kernel_for_other_channels_is_refused()
    {
        KerasFile file = new KerasFile(7, 8, 4).Add("Conv2D", string.Empty, Pixels.Wave(3, 3, 5, 2), Pixels.Wave(2));
        ModelFormatException error = Fails(file.ToHdf5());
        Assert.Equal("LayerInvalid", error.ErrorId);
        Assert.Contains("'layer'", error.Message, StringComparison.Ordinal);
    }
}
