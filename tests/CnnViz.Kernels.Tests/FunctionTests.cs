namespace CnnViz.Kernels.Tests;

/// <summary>Functions of each value by itself, with their derivatives.</summary>
public sealed class FunctionTests
{
    // Each with its definition, and the largest value that is tried.
    public static TheoryData<string, double> Names => new()
    {
        { "Sigmoid", 30 }, { "Tanh", 12 }, { "Gelu", 8 }, { "TanhGelu", 8 }, { "Softplus", 40 }, { "Mish", 40 }, { "Softsign", 20 },
        { "Erf", 4 }, { "Exp", 5 }, { "Abs", 3 }, { "HardSwish", 5 }, { "Swish", 20 }, { "HardSigmoid", 5 }, { "LeakyRelu", 3 },
        { "Elu", 9 }, { "Selu", 9 }, { "Celu", 9 },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_function_is_what_its_definition_says(string name, double largest)
    {
        (ScalarFunction function, Func<double, double> definition) = Find(name);
        var network = new TestNetwork(19, 4, 5);
        TestValue wide = network.Function(
            network.ChannelAffine(network.Image, (float)(2 * largest), 0.01f), function, definition);
        NetworkAssert.IsRight(network, wide);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_gradient_is_added_to_that_of_others(string name, double largest)
    {
        (ScalarFunction function, Func<double, double> definition) = Find(name);
        Assert.True(largest > 0);
        var network = new TestNetwork(33, 3, 3);
        TestValue value = network.Function(network.Image, function, definition);
        NetworkAssert.IsRight(network, network.Sum(value, network.Image, value), network.Function(value, function, definition));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(40)]
    public void A_slope_for_each_channel(int channels)
    {
        var network = new TestNetwork(channels, 3, 5);
        NetworkAssert.IsRight(network, network.ChannelRectifier(network.Image));
    }

    private static (ScalarFunction Function, Func<double, double> Definition) Find(string name) => name switch
    {
        "Sigmoid" => (ScalarFunction.Sigmoid, Sigmoid),
        "Tanh" => (ScalarFunction.Tanh, Math.Tanh),
        "Gelu" => (ScalarFunction.Gelu, x => x * 0.5 * (1 + Erf(x / Math.Sqrt(2)))),
        "TanhGelu" => (ScalarFunction.TanhGelu, x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))),
        "Softplus" => (ScalarFunction.Softplus, Softplus),
        "Mish" => (ScalarFunction.Mish, x => x * Math.Tanh(Softplus(x))),
        "Softsign" => (ScalarFunction.Softsign, x => x / (1 + Math.Abs(x))),
        "Erf" => (ScalarFunction.Erf, Erf),
        "Exp" => (ScalarFunction.Exp, Math.Exp),
        "Abs" => (ScalarFunction.Abs, Math.Abs),
        "HardSwish" => (ScalarFunction.HardSwish, x => x * Math.Clamp(x / 6 + 0.5, 0, 1)),
        "Swish" => (ScalarFunction.Swish(0.7f), x => x * Sigmoid(0.7f * x)),
        "HardSigmoid" => (ScalarFunction.HardSigmoid(0.2f, 0.5f), x => Math.Clamp(0.2f * x + 0.5, 0, 1)),
        "LeakyRelu" => (ScalarFunction.LeakyRelu(0.1f), x => x > 0 ? x : 0.1f * x),
        "Elu" => (ScalarFunction.Elu(1.5f), x => x > 0 ? x : 1.5 * (Math.Exp(x) - 1)),
        "Selu" => (ScalarFunction.Elu(1.6732632f, 1.050701f), x => 1.050701f * (x > 0 ? x : 1.6732632f * (Math.Exp(x) - 1))),
        "Celu" => (ScalarFunction.Elu(2, 1, 2), x => x > 0 ? x : 2 * (Math.Exp(x / 2) - 1)),
        _ => throw new ArgumentException(name),
    };

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    // A series of which all terms have one sign (Abramowitz and Stegun 7.1.6).
    private static double Erf(double x)
    {
        double term = x;
        double sum = x;
        for (int n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum) && n < 2000; n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
