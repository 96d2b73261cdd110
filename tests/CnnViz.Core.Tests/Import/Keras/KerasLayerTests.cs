using CnnViz.Networks;

namespace CnnViz.Tests.Import.Keras;

/// <summary>Layers other than convolutions, poolings and activations.</summary>
public sealed class KerasLayerTests : KerasTest
{
    private static readonly Pixels s_image = Pixels.Wave(4, 5, 3);

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void A_batch_normalization_with_and_without_scale_and_center(bool scale, bool center)
    {
        (Pixels gamma, Pixels beta) = (Pixels.Positive(3), Pixels.Wave(3));
        (Pixels mean, Pixels variance) = (Pixels.Wave(3).Select(value => value / 2), Pixels.Positive(3).Select(value => value * 2));
        Pixels[] weights = [.. scale ? [gamma] : Array.Empty<Pixels>(), .. center ? [beta] : Array.Empty<Pixels>(), mean, variance];
        KerasFile file = new KerasFile(4, 5, 3).Add(
            "BatchNormalization",
            $"'axis':[3],'epsilon':0.01,'scale':{(scale ? "true" : "false")},'center':{(center ? "true" : "false")}",
            weights);
        Pixels expected = Pixels.Of(4, 5, 3, (row, column, channel) =>
            (s_image[row, column, channel] - mean.Values[channel]) / Math.Sqrt(variance.Values[channel] + 0.01)
            * (scale ? gamma.Values[channel] : 1) + (center ? beta.Values[channel] : 0));
        AssertOutput(expected, file, s_image);
    }

    [Fact]
    public void A_flag_may_be_a_number()
    {
        (Pixels mean, Pixels variance) = (Pixels.Wave(3), Pixels.Positive(3));
        KerasFile file = new KerasFile(4, 5, 3)
            .Add("BatchNormalization", "'axis':3,'epsilon':0,'scale':1,'center':0", Pixels.Positive(3), mean, variance);
        AssertOutput(
            Pixels.Of(4, 5, 3, (row, column, channel) => (s_image[row, column, channel] - mean.Values[channel])
                / Math.Sqrt(variance.Values[channel]) * Pixels.Positive(3).Values[channel]),
            file,
            s_image);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_group_normalization(int groups)
    {
        Pixels image = Pixels.Wave(4, 5, 4);
        (Pixels gamma, Pixels beta) = (Pixels.Positive(4), Pixels.Wave(4));
        int size = groups < 0 ? 1 : 4 / groups;
        (double Mean, double Variance)[] statistics = [.. Enumerable.Range(0, 4 / size).Select(group =>
        {
            double[] values = [.. image.Values.Where((_, i) => i % 4 / size == group).Select(value => (double)value)];
            double mean = values.Average();
            return (mean, values.Average(value => (value - mean) * (value - mean)));
        })];
        Pixels expected = Pixels.Of(4, 5, 4, (row, column, channel) =>
            (image[row, column, channel] - statistics[channel / size].Mean) / Math.Sqrt(statistics[channel / size].Variance + 0.001)
            * gamma.Values[channel] + beta.Values[channel]);
        AssertOutput(expected, new KerasFile(4, 5, 4).Add("GroupNormalization", $"'groups':{groups},'axis':-1", gamma, beta), image);
    }

    [Fact]
    public void A_unit_normalization_makes_each_pixel_as_long_as_all_others()
    {
        double Length(int row, int column) => Math.Sqrt(Enumerable.Range(0, 3).Sum(channel => Math.Pow(s_image[row, column, channel], 2)));
        AssertOutput(
            Pixels.Of(4, 5, 3, (row, column, channel) => s_image[row, column, channel] / Length(row, column)),
            new KerasFile(4, 5, 3).Add("UnitNormalization", "'axis':[3]"),
            s_image);
    }

    [Theory]
    [InlineData("Identity")]
    [InlineData("RandomHeight")]
    [InlineData("Custom>FixedDropout")]
    public void What_only_trains_does_nothing(string layer) =>
        AssertOutput(s_image.Select(value => Math.Max(value, 0)), new KerasFile(4, 5, 3).Add(layer).Add("ReLU"), s_image);

    [Fact]
    public void Channels_are_turned_around_by_a_slice()
    {
        KerasFile file = new KerasFile(4, 5, 3).Add("SlicingOpLambda", "'function':'__operators__.getitem'");
        string slices = KerasFile.Json("[{'class_name':'__ellipsis__'},{'start':null,'stop':null,'step':-1}]");
        string config = file.Config().Replace("[\"eye\",0,0,{}]", $"[\"eye\",0,0,{{\"slice_spec\":{slices}}}]", StringComparison.Ordinal);
        AssertOutput(Pixels.Of(4, 5, 3, (row, column, channel) => s_image[row, column, 2 - channel]), file.ToHdf5(config), s_image);
        Assert.Contains("that takes a part", Remark(file.ToHdf5(config.Replace("-1}", "2}", StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'padding':1", 1, 1, 1, 1)]
    [InlineData("'padding':[2,1]", 2, 2, 1, 1)]
    [InlineData("'padding':[[1,0],[0,2]]", 1, 0, 0, 2)]
    public void A_zero_padding(string settings, int top, int bottom, int left, int right)
    {
        Pixels expected = Pixels.Of(4 + top + bottom, 5 + left + right, 3, (row, column, channel) =>
            row >= top && row < top + 4 && column >= left && column < left + 5 ? s_image[row - top, column - left, channel] : 0);
        AssertOutput(expected, new KerasFile(4, 5, 3).Add("ZeroPadding2D", settings), s_image);
    }

    [Theory]
    [InlineData("'cropping':[[1,0],[0,2]]", 1, 0, 0, 2)]
    [InlineData("'cropping':[1,2]", 1, 1, 2, 2)]
    public void A_cropping(string settings, int top, int bottom, int left, int right) => AssertOutput(
        Pixels.Of(4 - top - bottom, 5 - left - right, 3, (row, column, channel) => s_image[row + top, column + left, channel]),
        new KerasFile(4, 5, 3).Add("Cropping2D", settings),
        s_image);

    [Fact]
    public void Upsampling_repeats_pixels() => AssertOutput(
        Pixels.Of(8, 15, 3, (row, column, channel) => s_image[row / 2, column / 3, channel]),
        new KerasFile(4, 5, 3).Add("UpSampling2D", "'size':[2,3],'interpolation':'nearest'"),
        s_image);

    [Fact]
    public void Upsampling_blends_pixels_by_their_centers()
    {
        Pixels expected = Pixels.Of(8, 5, 3, (row, column, channel) =>
        {
            double at = Math.Clamp((row + 0.5) / 2 - 0.5, 0, 3);
            int first = Math.Min((int)at, 2);
            return s_image[first, column, channel] * (1 - (at - first)) + s_image[first + 1, column, channel] * (at - first);
        });
        AssertOutput(expected, new KerasFile(4, 5, 3).Add("UpSampling2D", "'size':[2,1],'interpolation':'bilinear'"), s_image);
    }

    [Theory]
    [InlineData("Add", 2)]
    [InlineData("Add", 3)]
    [InlineData("Subtract", 2)]
    [InlineData("Multiply", 3)]
    [InlineData("Average", 3)]
    [InlineData("Maximum", 3)]
    [InlineData("Minimum", 2)]
    public void A_merge_of_values(string layer, int count)
    {
        KerasFile file = new KerasFile(4, 5, 3)
            .Add("Activation", "a", "'activation':'tanh'", ["eye"])
            .Add("Activation", "b", "'activation':'relu'", ["eye"])
            .Add(layer, "layer", string.Empty, new[] { "a", "b", "eye" }[..count]);
        Pixels expected = s_image.Select(x =>
        {
            double[] values = new[] { Math.Tanh(x), Math.Max(x, 0), x }[..count];
            return layer switch
            {
                "Add" => values.Sum(),
                "Subtract" => values[0] - values[1],
                "Multiply" => values.Aggregate((p, q) => p * q),
                "Average" => values.Average(),
                "Maximum" => values.Max(),
                _ => values.Min(),
            };
        });
        AssertOutput(expected, file, s_image);
    }

    [Fact]
    public void Rescaling_and_normalization()
    {
        AssertOutput(
            Pixels.Of(4, 5, 3, (r, c, k) => s_image[r, c, k] * (k + 1) - 0.5),
            new KerasFile(4, 5, 3).Add("Rescaling", "'scale':[1.0,2.0,3.0],'offset':-0.5"),
            s_image);
        (Pixels mean, Pixels variance) = (Pixels.Wave(3), Pixels.Positive(3));
        Pixels expected = Pixels.Of(4, 5, 3, (r, c, k) => (s_image[r, c, k] - mean.Values[k]) / Math.Sqrt(variance.Values[k]));
        AssertOutput(expected, new KerasFile(4, 5, 3).Add("Normalization", "'axis':[-1]", mean, variance, new Pixels(1)), s_image);
        AssertOutput(
            s_image.Select(x => (x - 0.5) / 2),
            new KerasFile(4, 5, 3).Add("Normalization", "'axis':[-1],'mean':[0.5,0.5,0.5],'variance':[[4,4,4]]"),
            s_image);
    }

    [Fact]
    public void A_layer_normalization()
    {
        (Pixels gamma, Pixels beta) = (Pixels.Positive(3), Pixels.Wave(3));
        Pixels expected = Pixels.Of(4, 5, 3, (r, c, k) =>
        {
            double[] values = [s_image[r, c, 0], s_image[r, c, 1], s_image[r, c, 2]];
            double mean = values.Average();
            double variance = values.Average(value => (value - mean) * (value - mean));
            return (values[k] - mean) / Math.Sqrt(variance + 0.001) * gamma.Values[k] + beta.Values[k];
        });
        AssertOutput(expected, new KerasFile(4, 5, 3).Add("LayerNormalization", "'axis':[3],'epsilon':0.001", gamma, beta), s_image);
    }

    [Theory]
    [InlineData("SpatialDropout2D")]
    [InlineData("GaussianNoise")]
    [InlineData("RandomFlip")]
    public void What_only_training_needs_does_nothing(string layer)
    {
        KerasFile file = new KerasFile(4, 5, 3).Add(layer, "'rate':0.5");
        AssertOutput(s_image, file, s_image);
        using CnnModel model = Load(file);
        Assert.Equal(["eye"], model.Layers.Select(layer => layer.Name));
    }
}
