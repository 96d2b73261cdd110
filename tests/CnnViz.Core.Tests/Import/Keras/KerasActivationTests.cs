using CnnViz.Networks;

namespace CnnViz.Tests.Import.Keras;

/// <summary>Activation functions, by the formulas of Keras's documentation.</summary>
public sealed class KerasActivationTests : KerasTest
{
    private static readonly Pixels s_image = Pixels.Wave(4, 5, 3).Select(value => 8 * value);

    private static readonly Dictionary<string, Func<double, double>> s_functions = new()
    {
        ["linear"] = x => x,
        ["relu"] = x => Math.Max(x, 0),
        ["relu6"] = x => Math.Clamp(x, 0, 6),
        ["leaky_relu"] = x => x > 0 ? x : 0.2 * x,
        ["elu"] = x => x > 0 ? x : Math.Exp(x) - 1,
        ["selu"] = x => 1.05070098 * (x > 0 ? x : 1.67326324 * (Math.Exp(x) - 1)),
        ["swish"] = x => x / (1 + Math.Exp(-x)),
        ["silu"] = x => x / (1 + Math.Exp(-x)),
        ["sigmoid"] = x => 1 / (1 + Math.Exp(-x)),
        ["tanh"] = Math.Tanh,
        ["softplus"] = x => Math.Log(1 + Math.Exp(x)),
        ["softsign"] = x => x / (1 + Math.Abs(x)),
        ["exponential"] = Math.Exp,
        ["hard_sigmoid"] = x => Math.Clamp(0.2 * x + 0.5, 0, 1),
        ["hard_swish"] = x => x * Math.Clamp(x + 3, 0, 6) / 6,
        ["mish"] = x => x * Math.Tanh(Math.Log(1 + Math.Exp(x))),
    };

    public static TheoryData<string> Functions => [.. s_functions.Keys];

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_function(string name) => AssertOutput(
        s_image.Select(value => s_functions[name](value)), new KerasFile(4, 5, 3).Add("Activation", $"'activation':'{name}'"), s_image);

    [Fact]
    public void Gelu_is_exact()
    {
        // Φ from a table.
        Pixels image = Pixels.Of(1, 3, 1, (_, column, _) => column - 1);
        AssertOutput(
            new Pixels([-0.15865525f, 0, 0.84134475f], 1, 3, 1), new KerasFile(1, 3, 1).Add("Activation", "'activation':'gelu'"), image);
    }

    [Fact]
    public void Hard_sigmoid_is_another_in_keras_3() => AssertOutput(
        s_image.Select(value => Math.Clamp(value / 6 + 0.5, 0, 1)),
        new KerasFile(4, 5, 3) { Version = "3.0.0" }.Add("Activation", "'activation':'hard_sigmoid'"),
        s_image);

    [Theory]
    [InlineData("", 0, 0, double.PositiveInfinity)]
    [InlineData("'max_value':6.0", 0, 0, 6)]
    [InlineData("'max_value':2.5", 0, 0, 2.5)]
    [InlineData("'negative_slope':0.1", 0.1, 0, double.PositiveInfinity)]
    [InlineData("'threshold':1.5", 0, 1.5, double.PositiveInfinity)]
    [InlineData("'negative_slope':0.1,'threshold':1.5", 0.1, 1.5, double.PositiveInfinity)]
    [InlineData("'negative_slope':0.1,'threshold':1.5,'max_value':4", 0.1, 1.5, 4)]
    [InlineData("'threshold':1.5,'max_value':4", 0, 1.5, 4)]
    public void A_relu(string settings, double slope, double threshold, double most) => AssertOutput(
        s_image.Select(x => x >= most ? most : x >= threshold ? x : slope * (x - threshold)),
        new KerasFile(4, 5, 3).Add("ReLU", settings),
        s_image);

    [Theory]
    [InlineData("", 0.3)]
    [InlineData("'alpha':0.1", 0.1)]
    [InlineData("'negative_slope':0.1", 0.1)]
    [InlineData("'alpha':{'type':'ndarray','value':0.1}", 0.1)]
    [InlineData("'alpha':{'class_name':'__numpy__','config':{'value':0.1,'dtype':'float32'}}", 0.1)]
    public void A_leaky_relu(string settings, double slope) =>
        AssertOutput(s_image.Select(x => x > 0 ? x : slope * x), new KerasFile(4, 5, 3).Add("LeakyReLU", settings), s_image);

    [Fact]
    public void Elu_and_thresholded_relu()
    {
        AssertOutput(s_image.Select(x => x > 0 ? x : 0.5 * (Math.Exp(x) - 1)), new KerasFile(4, 5, 3).Add("ELU", "'alpha':0.5"), s_image);
        AssertOutput(s_image.Select(x => x > 1.5 ? x : 0), new KerasFile(4, 5, 3).Add("ThresholdedReLU", "'theta':1.5"), s_image);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_prelu_has_a_slope_for_each_channel_or_each_value(bool isShared)
    {
        Pixels slope = isShared ? Pixels.Wave(1, 1, 3) : Pixels.Wave(4, 5, 3);
        Pixels expected = Pixels.Of(4, 5, 3, (row, column, channel) => s_image[row, column, channel] is var x && x > 0
            ? x
            : x * (isShared ? slope.Values[channel] : slope[row, column, channel]));
        AssertOutput(expected, new KerasFile(4, 5, 3).Add("PReLU", "'shared_axes':[1,2]", slope), s_image);
    }

    [Theory]
    [InlineData("Activation", "'activation':'softmax'")]
    [InlineData("Softmax", "'axis':-1")]
    [InlineData("Softmax", "'axis':3")]
    public void A_softmax_is_over_the_channels(string layer, string settings)
    {
        Pixels expected = Pixels.Of(4, 5, 3, (row, column, channel) =>
            Math.Exp(s_image[row, column, channel]) / Enumerable.Range(0, 3).Sum(other => Math.Exp(s_image[row, column, other])));
        AssertOutput(expected, new KerasFile(4, 5, 3).Add(layer, settings), s_image);
    }

    [Theory]
    [InlineData("'relu'", "relu")]
    [InlineData("{'module':'builtins','class_name':'function','config':'relu','registered_name':'function'}", "relu")]
    [InlineData("{'module':'keras.layers','class_name':'ReLU','config':{'name':'re_lu'}}", "relu")]
    public void A_built_in_activation_is_a_node_behind_the_layers_own(string activation, string name)
    {
        (Pixels kernel, Pixels bias) = (Pixels.Wave(1, 1, 3, 2), Pixels.Wave(2));
        KerasFile file = new KerasFile(4, 5, 3).Add("Conv2D", $"'activation':{activation}", kernel, bias);
        using CnnModel model = Load(file);
        Pixels before = KerasReference.Conv(s_image, kernel, bias);
        AssertClose(before, Output(model, s_image, "layer"));
        AssertClose(before.Select(value => Math.Max(value, 0)), Output(model, s_image, $"layer/{name}"));
    }
}
