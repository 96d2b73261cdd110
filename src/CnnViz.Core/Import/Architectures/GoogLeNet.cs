using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>
/// GoogLeNet (Szegedy et al. 2015) with batch normalization, as torchvision has it: what should be 5×5 is 3×3. Its published weights
/// want −1…1, which torchvision makes of its usual input (<c>transform_input</c>); here that is the preprocessing.
/// </summary>
internal static class GoogLeNet
{
    public static IEnumerable<Architecture> All { get; } =
    [
        new("googlenet", Describe)
        {
            Epsilon = 1e-3,
            Preprocessing = Preprocessing.Symmetric with { Source = PreprocessingSource.Convention },
            TrainingOnly = ["aux1.", "aux2."],
        },
    ];

    /// <summary>Convolution, batch normalization, ReLU.</summary>
    public static Value BasicConv2d(
        this TorchNetwork net, string name, Value input, long channels, long kernel, long stride = 1, long padding = 0) =>
        net.BasicConv2d(name, input, channels, new Extent(kernel, kernel), stride, new Extent(padding, padding));

    /// <summary>As the other, with any kernel.</summary>
    public static Value BasicConv2d(
        this TorchNetwork net, string name, Value input, long channels, Extent kernel, long stride, Extent padding)
    {
        Value x = net.Conv2d($"{name}.conv", input, channels, Windows.Of(kernel, new(stride, stride), padding));
        return net.ReLU($"{name}.relu", net.BatchNorm2d($"{name}.bn", x));
    }

    private static Value Describe(TorchNetwork net)
    {
        Value x = net.BasicConv2d("conv1", net.Image, 64, kernel: 7, stride: 2, padding: 3);
        x = net.BasicConv2d("conv2", Pool(net, "maxpool1", x), 64, kernel: 1);
        x = net.BasicConv2d("conv3", x, 192, kernel: 3, padding: 1);
        x = Pool(net, "maxpool2", x);
        x = Inception(net, "inception3a", x, 64, (96, 128), (16, 32), 32);
        x = Inception(net, "inception3b", x, 128, (128, 192), (32, 96), 64);
        x = Pool(net, "maxpool3", x);
        x = Inception(net, "inception4a", x, 192, (96, 208), (16, 48), 64);
        x = Inception(net, "inception4b", x, 160, (112, 224), (24, 64), 64);
        x = Inception(net, "inception4c", x, 128, (128, 256), (24, 64), 64);
        x = Inception(net, "inception4d", x, 112, (144, 288), (32, 64), 64);
        x = Inception(net, "inception4e", x, 256, (160, 320), (32, 128), 128);
        x = Pool(net, "maxpool4", x, kernel: 2);
        x = Inception(net, "inception5a", x, 256, (160, 320), (32, 128), 128);
        x = Inception(net, "inception5b", x, 384, (192, 384), (48, 128), 128);
        return net.PooledLinear(x, "avgpool", "fc");
    }

    private static Value Inception(
        TorchNetwork net,
        string name,
        Value input,
        long single,
        (long Reduced, long Channels) middle,
        (long Reduced, long Channels) large,
        long pooled)
    {
        Value pool = net.MaxPool2d($"{name}.branch4.0", input, Windows.Square(3, padding: 1), ceilMode: true);
        return net.Concat(
            $"{name}.cat",
            net.BasicConv2d($"{name}.branch1", input, single, kernel: 1),
            Branch(2, middle),
            Branch(3, large),
            net.BasicConv2d($"{name}.branch4.1", pool, pooled, kernel: 1));

        Value Branch(int number, (long Reduced, long Channels) sizes)
        {
            Value x = net.BasicConv2d($"{name}.branch{number}.0", input, sizes.Reduced, kernel: 1);
            return net.BasicConv2d($"{name}.branch{number}.1", x, sizes.Channels, kernel: 3, padding: 1);
        }
    }

    private static Value Pool(TorchNetwork net, string name, Value input, long kernel = 3) =>
        net.MaxPool2d(name, input, Windows.Square(kernel, stride: 2), ceilMode: true);
}
