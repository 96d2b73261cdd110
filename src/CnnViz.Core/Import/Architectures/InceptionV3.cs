using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>
/// Inception v3 (Szegedy et al. 2016). Its published weights want −1…1, which torchvision makes of its usual input
/// (<c>transform_input</c>); here that is the preprocessing.
/// </summary>
internal static class InceptionV3
{
    private static readonly Extent s_row = new(1, 7);
    private static readonly Extent s_column = new(7, 1);

    public static IEnumerable<Architecture> All { get; } =
    [
        new("inception_v3", Describe)
        {
            InputSize = 299,
            Epsilon = 1e-3,
            Preprocessing = Preprocessing.Symmetric with { Source = PreprocessingSource.Convention },
            TrainingOnly = ["AuxLogits."],
        },
    ];

    private static Value Describe(TorchNetwork net)
    {
        Value x = net.BasicConv2d("Conv2d_1a_3x3", net.Image, 32, kernel: 3, stride: 2);
        x = net.BasicConv2d("Conv2d_2a_3x3", x, 32, kernel: 3);
        x = net.BasicConv2d("Conv2d_2b_3x3", x, 64, kernel: 3, padding: 1);
        x = net.MaxPool2d("maxpool1", x, Windows.Square(3, stride: 2));
        x = net.BasicConv2d("Conv2d_3b_1x1", x, 80, kernel: 1);
        x = net.BasicConv2d("Conv2d_4a_3x3", x, 192, kernel: 3);
        x = net.MaxPool2d("maxpool2", x, Windows.Square(3, stride: 2));
        x = MixedA(net, "Mixed_5b", x, pooled: 32);
        x = MixedA(net, "Mixed_5c", x, pooled: 64);
        x = MixedA(net, "Mixed_5d", x, pooled: 64);
        x = MixedB(net, "Mixed_6a", x);
        x = MixedC(net, "Mixed_6b", x, inner: 128);
        x = MixedC(net, "Mixed_6c", x, inner: 160);
        x = MixedC(net, "Mixed_6d", x, inner: 160);
        x = MixedC(net, "Mixed_6e", x, inner: 192);
        x = MixedD(net, "Mixed_7a", x);
        x = MixedE(net, "Mixed_7b", x);
        x = MixedE(net, "Mixed_7c", x);
        return net.PooledLinear(x, "avgpool", "fc");
    }

    private static Value MixedA(TorchNetwork net, string name, Value input, long pooled)
    {
        Value five = net.BasicConv2d($"{name}.branch5x5_1", input, 48, kernel: 1);
        return net.Concat(
            $"{name}.cat",
            net.BasicConv2d($"{name}.branch1x1", input, 64, kernel: 1),
            net.BasicConv2d($"{name}.branch5x5_2", five, 64, kernel: 5, padding: 2),
            DoubleThree(net, name, input, stride: 1),
            PoolBranch(net, name, input, pooled));
    }

    private static Value MixedB(TorchNetwork net, string name, Value input) => net.Concat(
        $"{name}.cat",
        net.BasicConv2d($"{name}.branch3x3", input, 384, kernel: 3, stride: 2),
        DoubleThree(net, name, input, stride: 2),
        net.MaxPool2d($"{name}.max_pool2d", input, Windows.Square(3, stride: 2)));

    private static Value MixedC(TorchNetwork net, string name, Value input, long inner)
    {
        Value once = net.BasicConv2d($"{name}.branch7x7_1", input, inner, kernel: 1);
        once = Line(net, $"{name}.branch7x7_2", once, inner, s_row);
        Value twice = net.BasicConv2d($"{name}.branch7x7dbl_1", input, inner, kernel: 1);
        twice = Line(net, $"{name}.branch7x7dbl_2", twice, inner, s_column);
        twice = Line(net, $"{name}.branch7x7dbl_3", twice, inner, s_row);
        twice = Line(net, $"{name}.branch7x7dbl_4", twice, inner, s_column);
        return net.Concat(
            $"{name}.cat",
            net.BasicConv2d($"{name}.branch1x1", input, 192, kernel: 1),
            Line(net, $"{name}.branch7x7_3", once, 192, s_column),
            Line(net, $"{name}.branch7x7dbl_5", twice, 192, s_row),
            PoolBranch(net, name, input, 192));
    }

    private static Value MixedD(TorchNetwork net, string name, Value input)
    {
        Value three = net.BasicConv2d($"{name}.branch3x3_1", input, 192, kernel: 1);
        Value seven = net.BasicConv2d($"{name}.branch7x7x3_1", input, 192, kernel: 1);
        seven = Line(net, $"{name}.branch7x7x3_2", seven, 192, s_row);
        seven = Line(net, $"{name}.branch7x7x3_3", seven, 192, s_column);
        return net.Concat(
            $"{name}.cat",
            net.BasicConv2d($"{name}.branch3x3_2", three, 320, kernel: 3, stride: 2),
            net.BasicConv2d($"{name}.branch7x7x3_4", seven, 192, kernel: 3, stride: 2),
            net.MaxPool2d($"{name}.max_pool2d", input, Windows.Square(3, stride: 2)));
    }

    private static Value MixedE(TorchNetwork net, string name, Value input)
    {
        Value once = net.BasicConv2d($"{name}.branch3x3_1", input, 384, kernel: 1);
        Value twice = net.BasicConv2d($"{name}.branch3x3dbl_1", input, 448, kernel: 1);
        twice = net.BasicConv2d($"{name}.branch3x3dbl_2", twice, 384, kernel: 3, padding: 1);
        return net.Concat(
            $"{name}.cat",
            net.BasicConv2d($"{name}.branch1x1", input, 320, kernel: 1),
            Fork($"{name}.branch3x3_2", once),
            Fork($"{name}.branch3x3dbl_3", twice),
            PoolBranch(net, name, input, 192));

        Value Fork(string branch, Value x) => net.Concat(
            $"{name}.cat", Line(net, $"{branch}a", x, 384, new(1, 3)), Line(net, $"{branch}b", x, 384, new(3, 1)));
    }

    private static Value DoubleThree(TorchNetwork net, string name, Value input, long stride)
    {
        Value x = net.BasicConv2d($"{name}.branch3x3dbl_1", input, 64, kernel: 1);
        x = net.BasicConv2d($"{name}.branch3x3dbl_2", x, 96, kernel: 3, padding: 1);
        return net.BasicConv2d($"{name}.branch3x3dbl_3", x, 96, kernel: 3, stride, padding: stride == 1 ? 1 : 0);
    }

    private static Value PoolBranch(TorchNetwork net, string name, Value input, long channels)
    {
        Value x = net.AvgPool2d($"{name}.avg_pool2d", input, Windows.Square(3, padding: 1), countPadding: true);
        return net.BasicConv2d($"{name}.branch_pool", x, channels, kernel: 1);
    }

    private static Value Line(TorchNetwork net, string name, Value input, long channels, Extent kernel) =>
        net.BasicConv2d(name, input, channels, kernel, stride: 1, new(kernel.Height / 2, kernel.Width / 2));
}
