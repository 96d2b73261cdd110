using CnnViz.Import.Networks;
using CnnViz.Networks;
using CnnViz.Networks.Operators;

namespace CnnViz.Import.Architectures.Faces;

/// <summary>
/// Inception-ResNet v1 (Szegedy et al. 2017) as FaceNet has it, under the names of timesler/facenet-pytorch. Its output is the classes where the
/// file has them, else the embedding, which is not brought to length 1 here.
/// </summary>
internal static class InceptionResNetV1
{
    public static IEnumerable<Architecture> All { get; } =
    [
        new("facenet", Describe)
        {
            InputSize = 160,
            Epsilon = 1e-3,
            Preprocessing = new() { Name = "FaceNet", Scale = 255, Mean = [127.5f], Std = [128], Source = PreprocessingSource.Convention },
        },
    ];

    private static Value Describe(TorchNetwork net)
    {
        Value x = Conv(net, "conv2d_1a", net.Image, 32, 3, stride: 2, padding: 0);
        x = Conv(net, "conv2d_2b", Conv(net, "conv2d_2a", x, 32, 3, padding: 0), 64, 3);
        x = Conv(net, "conv2d_3b", net.MaxPool2d("maxpool_3a", x, Windows.Square(3, stride: 2)), 80, 1);
        x = Conv(net, "conv2d_4b", Conv(net, "conv2d_4a", x, 192, 3, padding: 0), 256, 3, stride: 2, padding: 0);
        x = Repeat(5, x, (y, i) => Block35(net, $"repeat_1.{i}", y));
        x = Mixed6(net, "mixed_6a", x);
        x = Repeat(10, x, (y, i) => Block(net, $"repeat_2.{i}", y, 128, length: 7, scale: 0.1f));
        x = Mixed7(net, "mixed_7a", x);
        x = Repeat(5, x, (y, i) => Block(net, $"repeat_3.{i}", y, 192, length: 3, scale: 0.2f));
        x = Block(net, "block8", x, 192, length: 3, scale: 1, isActivated: false);
        return net.Head(x, maps => Embed(net, maps));
    }

    private static Value Embed(TorchNetwork net, Value maps)
    {
        Value x = net.Flatten("flatten", net.GlobalAvgPool2d("avgpool_1a", maps), positions: 1);
        x = net.BatchNorm2d("last_bn", net.Linear("last_linear", x, 512, bias: false));
        return net.Has("logits.weight") ? net.Linear("logits", x) : x;
    }

    private static Value Repeat(int count, Value input, Func<Value, int, Value> block) => Enumerable.Range(0, count).Aggregate(input, block);

    private static Value Block35(TorchNetwork net, string name, Value input)
    {
        Value third = Conv(net, $"{name}.branch2.1", Conv(net, $"{name}.branch2.0", input, 32, 1), 32, 3);
        return Close(
            net,
            name,
            input,
            0.17f,
            true,
            Conv(net, $"{name}.branch0", input, 32, 1),
            Conv(net, $"{name}.branch1.1", Conv(net, $"{name}.branch1.0", input, 32, 1), 32, 3),
            Conv(net, $"{name}.branch2.2", third, 32, 3));
    }

    // A row, then a column of pixels.
    private static Value Block(
        TorchNetwork net, string name, Value input, long channels, long length, float scale, bool isActivated = true)
    {
        Value x = Conv(net, $"{name}.branch1.0", input, channels, 1);
        x = Conv(net, $"{name}.branch1.1", x, channels, Windows.Of(new(1, length), Extent.One, new(0, length / 2)));
        x = Conv(net, $"{name}.branch1.2", x, channels, Windows.Of(new(length, 1), Extent.One, new(length / 2, 0)));
        return Close(net, name, input, scale, isActivated, Conv(net, $"{name}.branch0", input, channels, 1), x);
    }

    private static Value Close(TorchNetwork net, string name, Value input, float scale, bool isActivated, params Value[] branches)
    {
        Value x = net.Conv2d($"{name}.conv2d", net.Concat($"{name}.cat", branches), input.Channels, kernel: 1, bias: true);
        x = net.Add($"{name}.add", net.Times($"{name}.mul", x, scale), input);
        return isActivated ? net.ReLU($"{name}.relu", x) : x;
    }

    private static Value Mixed6(TorchNetwork net, string name, Value input)
    {
        Value x = Conv(net, $"{name}.branch1.1", Conv(net, $"{name}.branch1.0", input, 192, 1), 192, 3);
        return net.Concat(
            $"{name}.cat",
            Conv(net, $"{name}.branch0", input, 384, 3, stride: 2, padding: 0),
            Conv(net, $"{name}.branch1.2", x, 256, 3, stride: 2, padding: 0),
            net.MaxPool2d($"{name}.branch2", input, Windows.Square(3, stride: 2)));
    }

    private static Value Mixed7(TorchNetwork net, string name, Value input)
    {
        Value Start(int branch) => Conv(net, $"{name}.branch{branch}.0", input, 256, 1);
        return net.Concat(
            $"{name}.cat",
            Conv(net, $"{name}.branch0.1", Start(0), 384, 3, stride: 2, padding: 0),
            Conv(net, $"{name}.branch1.1", Start(1), 256, 3, stride: 2, padding: 0),
            Conv(net, $"{name}.branch2.2", Conv(net, $"{name}.branch2.1", Start(2), 256, 3), 256, 3, stride: 2, padding: 0),
            net.MaxPool2d($"{name}.branch3", input, Windows.Square(3, stride: 2)));
    }

    private static Value Conv(TorchNetwork net, string name, Value input, long channels, long kernel, long stride = 1, long? padding = null) =>
        Conv(net, name, input, channels, Windows.Square(kernel, stride, padding ?? kernel / 2));

    private static Value Conv(TorchNetwork net, string name, Value input, long channels, Window window)
    {
        Value x = net.BatchNorm2d($"{name}.bn", net.Conv2d($"{name}.conv", input, channels, window));
        return net.ReLU($"{name}.relu", x);
    }
}
