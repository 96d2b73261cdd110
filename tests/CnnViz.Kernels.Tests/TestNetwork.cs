namespace CnnViz.Kernels.Tests;

/// <summary>A network that is put together twice: of kernels, and of what they are held against.</summary>
internal sealed class TestNetwork
{
    private readonly KernelPlanBuilder _builder;

    // Each value from those before it; the image is the first.
    private readonly List<Func<IReadOnlyList<double[]>, double[]>> _reference = [];

    public TestNetwork(int channels, int height, int width)
    {
        _builder = new KernelPlanBuilder(new MapShape(channels, height, width));
        Image = new TestValue(0, _builder.Image);
        _reference.Add(values => values[0]);
    }

    public TestValue Image { get; }

    public TestValue Convolve(TestValue x, int outputs, MapWindow window, int groups = 1, bool hasBias = true)
    {
        int inputs = x.Shape.Channels / groups;
        int seed = _reference.Count;
        float scale = 1 / MathF.Sqrt(inputs * window.Places);
        float[] weights = [.. Noise.Of((long)outputs * inputs * window.Places, seed).Select(value => 2 * scale * value)];
        float[]? bias = hasBias ? [.. Noise.Of(outputs, -seed).Select(value => value / 4)] : null;
        var packed = new ConvolutionWeights(() => weights, bias, outputs, inputs, window.Rows.Kernel, window.Columns.Kernel, groups);
        return Add(Kernel.Convolution(packed, window, x.Shape), x, (value, shape) =>
            Reference.Convolve(value, x.Shape, weights, bias, shape, window, groups));
    }

    public TestValue ConvolveTransposed(TestValue x, MapShape output, MapWindow window, int groups = 1)
    {
        int inputs = output.Channels / groups;
        int seed = _reference.Count;
        float[] weights = Noise.Of((long)x.Shape.Channels * inputs * window.Places, seed);
        float[] bias = Noise.Of(output.Channels, -seed);
        var packed = new ConvolutionWeights(() => weights, null, x.Shape.Channels, inputs, window.Rows.Kernel, window.Columns.Kernel, groups);
        return Add(Kernel.TransposedConvolution(packed, bias, window, x.Shape, output), x, (value, shape) =>
            Reference.ConvolveTransposed(value, x.Shape, weights, bias, shape, window, groups));
    }

    public TestValue MaxPool(TestValue x, MapWindow window) =>
        Add(Kernel.MaxPool(window, x.Shape), x, (value, shape) => Reference.MaxPool(value, x.Shape, shape, window));

    public TestValue AvgPool(TestValue x, MapWindow window, bool countPadding = false) =>
        Add(Kernel.AvgPool(window, countPadding, x.Shape), x, (value, shape) => Reference.AvgPool(value, x.Shape, shape, window, countPadding));

    public TestValue LocalResponseNorm(TestValue x, int size, double alpha, double k) =>
        Add(Kernel.LocalResponseNorm(size, alpha, 0.75, k, x.Shape), x, (value, shape) =>
            Reference.LocalResponseNorm(value, shape, size, alpha, k));

    public TestValue ChannelAffine(TestValue x)
    {
        return ChannelAffine(x, Noise.Of(x.Shape.Channels, 81), Noise.Of(x.Shape.Channels, 82));
    }

    public TestValue ChannelAffine(TestValue x, float gain, float offset) => ChannelAffine(
        x, [.. Enumerable.Repeat(gain, x.Shape.Channels)], [.. Enumerable.Repeat(offset, x.Shape.Channels)]);

    public TestValue ChannelAffine(TestValue x, float[] gain, float[] offset) =>
        Add(Kernel.ChannelAffine(gain, offset, x.Shape), x, (value, shape) => Reference.ChannelAffine(value, shape, gain, offset));

    public TestValue ChannelRectifier(TestValue x)
    {
        float[] slopes = Noise.Of(x.Shape.Channels, 83);
        return Add(Kernel.ChannelRectifier(slopes, x.Shape), x, (value, shape) =>
            [.. value.Select((v, i) => v < 0 ? v * slopes[i / shape.Pixels] : v)]);
    }

    public TestValue Function(TestValue x, ScalarFunction function, Func<double, double> definition) =>
        Add(Kernel.Function(function, x.Shape), x, (value, _) => [.. value.Select(definition)]);

    public TestValue Sum(params TestValue[] parts) => Add(
        _builder.Add(Kernel.Sum(parts[0].Shape), [.. parts.Select(part => part.Value)]),
        values => [.. Enumerable.Range(0, values[parts[0].Index].Length).Select(i => parts.Sum(part => values[part.Index][i]))]);

    public TestValue Product(TestValue a, TestValue b)
    {
        bool isGate = a.Shape != b.Shape;
        return Add(_builder.Add(Kernel.Product(a.Shape, isGate), a.Value, b.Value), values =>
            [.. values[a.Index].Select((value, i) => value * values[b.Index][isGate ? i / a.Shape.Pixels : i])]);
    }

    public TestValue Resample(TestValue x, AxisWeights rows, AxisWeights columns, Func<double[], MapShape, double[]> definition) =>
        Add(Kernel.Resample(rows, columns, x.Shape), x, definition);

    public TestValue ChannelNorm(TestValue x)
    {
        (float[] weight, float[] bias) = (Noise.Of(x.Shape.Channels, 84), Noise.Of(x.Shape.Channels, 85));
        return Add(Kernel.ChannelNorm(weight, bias, 1e-3, x.Shape), x, (value, shape) =>
            Reference.Normalize(value, shape, weight, bias, 1e-3, i => i % shape.Pixels));
    }

    public TestValue GroupNorm(TestValue x, int groups)
    {
        (float[] weight, float[] bias) = (Noise.Of(x.Shape.Channels, 86), Noise.Of(x.Shape.Channels, 87));
        return Add(Kernel.GroupNorm(weight, bias, groups, 1e-3, x.Shape), x, (value, shape) =>
            Reference.Normalize(value, shape, weight, bias, 1e-3, i => i / (shape.Pixels * (shape.Channels / groups))));
    }

    public TestValue Softmax(TestValue x, bool isLogarithm) => Add(Kernel.Softmax(x.Shape, isLogarithm), x, (value, shape) =>
        Reference.Softmax(value, shape, isLogarithm));

    public TestValue ChannelGather(TestValue x, params int[] sources) => Add(Kernel.ChannelGather(sources, x.Shape), x, (value, shape) =>
        [.. sources.SelectMany(source => source < 0 ? new double[shape.Pixels] : value.AsSpan(source * shape.Pixels, shape.Pixels).ToArray())]);

    public TestValue PixelShuffle(TestValue x, int block, bool isChannelFirst) => Add(
        Kernel.PixelShuffle(block, isChannelFirst, x.Shape), x, (value, _) => Reference.PixelShuffle(value, x.Shape, block, isChannelFirst));

    public TestValue PixelUnshuffle(TestValue x, int block, bool isChannelFirst) => Add(
        Kernel.PixelUnshuffle(block, isChannelFirst, x.Shape), x, (value, _) => Reference.PixelUnshuffle(value, x.Shape, block, isChannelFirst));

    public TestValue Take(TestValue x, int first, int count) => Add(_builder.Take(x.Value, first, count), values =>
        values[x.Index].AsSpan(first * x.Shape.Pixels, count * x.Shape.Pixels).ToArray());

    public TestValue Join(params TestValue[] parts) => Add(
        _builder.Join([.. parts.Select(part => part.Value)]), values => [.. parts.SelectMany(part => values[part.Index])]);

    public TestValue Clamp(TestValue x, float low = 0, float high = float.PositiveInfinity)
    {
        var range = new ValueRange(low, high);
        return Add(_builder.Clamp(x.Value, range), values => Reference.Clamp(values[x.Index], range));
    }

    public KernelPlan Build(params TestValue[] outputs) => _builder.Build([.. outputs.Select(output => output.Value)]);

    /// <summary>All values for an image, by what kernels are held against.</summary>
    public IReadOnlyList<double[]> Compute(double[] image)
    {
        var values = new List<double[]> { image };
        foreach (Func<IReadOnlyList<double[]>, double[]> step in _reference.Skip(1))
        {
            values.Add(step(values));
        }

        return values;
    }

    private TestValue Add(Kernel? kernel, TestValue x, Func<double[], MapShape, double[]> compute)
    {
        Assert.NotNull(kernel);
        return Add(_builder.Add(kernel, x.Value), values => compute(values[x.Index], kernel.Output));
    }

    private TestValue Add(MapValue value, Func<IReadOnlyList<double[]>, double[]> compute)
    {
        _reference.Add(compute);
        return new TestValue(_reference.Count - 1, value);
    }
}

/// <summary>A value of both.</summary>
/// <param name="Index">Its number among the references.</param>
/// <param name="Value">The kernels'.</param>
internal sealed record TestValue(int Index, MapValue Value)
{
    public MapShape Shape => Value.Shape;
}
