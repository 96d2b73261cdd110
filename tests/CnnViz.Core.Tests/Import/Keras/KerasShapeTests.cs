namespace CnnViz.Tests.Import.Keras;

/// <summary>Where values change their shape, or dense layers count them, Keras's order of dimensions counts.</summary>
public sealed class KerasShapeTests : KerasTest
{
    private static readonly Pixels s_image = Pixels.Wave(4, 5, 3);

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
        float[][] s = [.. statistics.Select(values => values.Values)];
        float[] normal = [.. s_image.Values.Select((x, i) => (float)((x - s[2][i]) / Math.Sqrt(s[3][i] + 0.001) * s[0][i] + s[1][i]))];
        float[] sloped = [.. normal.Select((x, i) => x > 0 ? x : x * slope.Values[i])];
        AssertOutput(Dense(new Pixels([.. sloped, .. s_image.Values], 120), kernel, bias), file, s_image);
    }

    [Fact]
    public void A_dense_layer_on_images_works_at_each_pixel()
    {
        (Pixels kernel, Pixels bias) = (Pixels.Wave(3, 2), Pixels.Wave(2));
        AssertOutput(
            KerasReference.Conv(s_image, kernel with { Shape = [1, 1, 3, 2] }, bias),
            new KerasFile(4, 5, 3).Add("Dense", string.Empty, kernel, bias),
            s_image);
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
        Pixels powers = scores.Select(value => Math.Exp(value));
        Pixels expected = Pixels.Of(4, 5, 2, (r, c, k) => powers[r, c, k] / (powers[r, c, 0] + powers[r, c, 1]));
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

    private static Pixels Dense(Pixels x, Pixels kernel, Pixels bias)
    {
        int units = kernel.Shape[1];
        return new Pixels(
            [.. Enumerable.Range(0, units).Select(unit =>
                (float)(x.Values.Select((value, i) => (double)value * kernel.Values[i * units + unit]).Sum() + bias.Values[unit]))],
            units);
    }
}
