using CnnViz.Models;

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
            "BatchNormalization", $"'axis':[3],'epsilon':0.01,'scale':{(scale ? "true" : "false")},'center':{(center ? "true" : "false")}", weights);
        Pixels expected = Pixels.Of(4, 5, 3, (row, column, channel) =>
            (s_image[row, column, channel] - mean.Values[channel]) / Math.Sqrt(variance.Values[channel] + 0.01)
            * (scale ? gamma.Values[channel] : 1) + (center ? beta.Values[channel] : 0));
        AssertOutput(expected, file, s_image);
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

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_concatenation_along_any_axis(int axis)
    {
        KerasFile file = new KerasFile(4, 5, 3)
            .Add("Activation", "a", "'activation':'tanh'", ["eye"])
            .Add("Concatenate", "layer", $"'axis':{axis}", ["eye", "a"]);
        Pixels second = s_image.Select(value => Math.Tanh(value));
        Pixels expected = axis switch
        {
            1 => Pixels.Of(8, 5, 3, (r, c, k) => r < 4 ? s_image[r, c, k] : second[r - 4, c, k]),
            2 => Pixels.Of(4, 10, 3, (r, c, k) => c < 5 ? s_image[r, c, k] : second[r, c - 5, k]),
            _ => Pixels.Of(4, 5, 6, (r, c, k) => k < 3 ? s_image[r, c, k] : second[r, c, k - 3]),
        };
        AssertOutput(expected, file, s_image);
    }

    [Fact]
    public void A_dense_layer_after_flattening_has_its_rows_pixel_by_pixel()
    {
        (Pixels kernel, Pixels bias) = (Pixels.Wave(60, 7), Pixels.Wave(7));
        KerasFile file = new KerasFile(4, 5, 3).Add("Flatten").Add("Dropout", "'rate':0.5").Add("Dense", string.Empty, kernel, bias);
        AssertOutput(Dense(s_image, kernel, bias), file, s_image);
    }

    [Fact]
    public void What_stands_between_flattening_and_a_dense_layer_keeps_the_order()
    {
        Pixels[] statistics = [Pixels.Positive(60), Pixels.Wave(60), Pixels.Wave(60), Pixels.Positive(60)];
        (Pixels slope, Pixels kernel, Pixels bias) = (Pixels.Wave(60), Pixels.Wave(120, 7), Pixels.Wave(7));
        KerasFile file = new KerasFile(4, 5, 3)
            .Add("Flatten", "flat", string.Empty, ["eye"])
            .Add("BatchNormalization", "norm", "'epsilon':0.001", ["flat"], statistics)
            .Add("PReLU", "slope", string.Empty, ["norm"], slope)
            .Add("Concatenate", "both", string.Empty, ["slope", "flat"])
            .Add("Dense", "layer", string.Empty, ["both"], kernel, bias);
        float[] normal = [.. s_image.Values.Select((x, i) =>
            (float)((x - statistics[2].Values[i]) / Math.Sqrt(statistics[3].Values[i] + 0.001) * statistics[0].Values[i] + statistics[1].Values[i]))];
        float[] sloped = [.. normal.Select((x, i) => x > 0 ? x : x * slope.Values[i])];
        AssertOutput(Dense(new Pixels([.. sloped, .. s_image.Values], 120), kernel, bias), file, s_image);
    }

    [Fact]
    public void A_dense_layer_on_images_works_at_each_pixel()
    {
        (Pixels kernel, Pixels bias) = (Pixels.Wave(3, 2), Pixels.Wave(2));
        AssertOutput(
            KerasReference.Conv(s_image, kernel with { Shape = [1, 1, 3, 2] }, bias), new KerasFile(4, 5, 3).Add("Dense", string.Empty, kernel, bias), s_image);
    }

    [Theory]
    [InlineData("2,10,3", 2, 10, 3)]
    [InlineData("5,-1,4", 5, 3, 4)]
    public void A_reshape_takes_values_in_the_order_of_keras(string target, int rows, int columns, int channels) => AssertOutput(
        new Pixels(s_image.Values, rows, columns, channels), new KerasFile(4, 5, 3).Add("Reshape", $"'target_shape':[{target}]"), s_image);

    [Fact]
    public void A_reshape_to_a_list_of_positions_goes_through_dense_layers_and_softmax()
    {
        (Pixels kernel, Pixels bias) = (Pixels.Wave(3, 2), Pixels.Wave(2));
        KerasFile file = new KerasFile(4, 5, 3)
            .Add("Reshape", "'target_shape':[20,3]").Add("Dense", string.Empty, kernel, bias).Add("Activation", "'activation':'softmax'");
        Pixels scores = KerasReference.Conv(s_image, kernel with { Shape = [1, 1, 3, 2] }, bias);
        Pixels expected = Pixels.Of(4, 5, 2, (r, c, k) => Math.Exp(scores[r, c, k]) / (Math.Exp(scores[r, c, 0]) + Math.Exp(scores[r, c, 1])));
        AssertOutput(expected with { Shape = [20, 2] }, file, s_image);
    }

    [Fact]
    public void A_pooled_image_gates_the_channels_of_another()
    {
        // Squeeze and excitation, with and without the reshape between.
        Pixels kernel = Pixels.Wave(3, 3);
        KerasFile start = new KerasFile(4, 5, 3)
            .Add("GlobalAveragePooling2D", "pool", string.Empty, ["eye"])
            .Add("Dense", "gate", "'activation':'sigmoid','use_bias':false", ["pool"], kernel)
            .Add("Multiply", "first", string.Empty, ["eye", "gate"])
            .Add("Reshape", "pixel", "'target_shape':[1,1,3]", ["gate"])
            .Add("Multiply", "layer", string.Empty, ["first", "pixel"]);
        float[] means = [.. Enumerable.Range(0, 3).Select(k => s_image.Values.Where((_, i) => i % 3 == k).Average())];
        Pixels gate = Dense(new Pixels(means, 3), kernel, new Pixels(3)).Select(x => 1 / (1 + Math.Exp(-x)));
        AssertOutput(Pixels.Of(4, 5, 3, (r, c, k) => s_image[r, c, k] * gate.Values[k] * gate.Values[k]), start, s_image);
    }

    [Fact]
    public void A_permutation_of_an_image() => AssertOutput(
        Pixels.Of(5, 3, 4, (a, b, c) => s_image[c, a, b]), new KerasFile(4, 5, 3).Add("Permute", "'dims':[2,3,1]"), s_image);

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
            s_image.Select(x => (x - 0.5) / 2), new KerasFile(4, 5, 3).Add("Normalization", "'axis':[-1],'mean':[0.5,0.5,0.5],'variance':[[4,4,4]]"), s_image);
    }

    [Fact]
    public void A_layer_normalization()
    {
        (Pixels gamma, Pixels beta) = (Pixels.Positive(3), Pixels.Wave(3));
        Pixels expected = Pixels.Of(4, 5, 3, (r, c, k) =>
        {
            double[] values = [s_image[r, c, 0], s_image[r, c, 1], s_image[r, c, 2]];
            double mean = values.Average();
            return (values[k] - mean) / Math.Sqrt(values.Average(value => (value - mean) * (value - mean)) + 0.001) * gamma.Values[k] + beta.Values[k];
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

    private static Pixels Dense(Pixels x, Pixels kernel, Pixels bias)
    {
        int units = kernel.Shape[1];
        return new Pixels(
            [.. Enumerable.Range(0, units).Select(unit =>
                (float)(x.Values.Select((value, i) => (double)value * kernel.Values[i * units + unit]).Sum() + bias.Values[unit]))],
            units);
    }
}
