using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>
/// The three networks of MTCNN (Zhang et al. 2016), which find faces, under the names of timesler/facenet-pytorch. The classes are softmaxed; boxes
/// and landmarks are layers beside them.
/// </summary>
internal static class Mtcnn
{
    private static readonly Preprocessing s_bytes =
        new() { Name = "MTCNN", Scale = 255, Mean = [127.5f], Std = [128f], Source = PreprocessingSource.Convention };

    public static IEnumerable<Architecture> All { get; } =
    [
        new("mtcnn_pnet", DescribeP) { InputSize = 12, Preprocessing = s_bytes },
        new("mtcnn_rnet", DescribeR) { InputSize = 24, Preprocessing = s_bytes },
        new("mtcnn_onet", DescribeO) { InputSize = 48, Preprocessing = s_bytes },
    ];

    private static Value DescribeP(TorchNetwork net)
    {
        Value x = Pool(net, 1, Conv(net, 1, net.Image, 10, 3), 2);
        x = Conv(net, 3, Conv(net, 2, x, 16, 3), 32, 3);
        net.Conv2d("conv4_2", x, 4, kernel: 1, bias: true);
        return net.Softmax("softmax4_1", net.Conv2d("conv4_1", x, 2, kernel: 1, bias: true));
    }

    private static Value DescribeR(TorchNetwork net)
    {
        Value x = Pool(net, 1, Conv(net, 1, net.Image, 28, 3), 3);
        x = Conv(net, 3, Pool(net, 2, Conv(net, 2, x, 48, 3), 3), 64, 2);
        x = Dense(net, 4, x, 128, positions: 9);
        net.Linear("dense5_2", x, 4);
        return net.Softmax("softmax5_1", net.Linear("dense5_1", x, 2));
    }

    private static Value DescribeO(TorchNetwork net)
    {
        Value x = Pool(net, 1, Conv(net, 1, net.Image, 32, 3), 3);
        x = Pool(net, 2, Conv(net, 2, x, 64, 3), 3);
        x = Conv(net, 4, Pool(net, 3, Conv(net, 3, x, 64, 3), 2), 128, 2);
        x = Dense(net, 5, x, 256, positions: 9);
        net.Linear("dense6_2", x, 4);
        net.Linear("dense6_3", x, 10);
        return net.Softmax("softmax6_1", net.Linear("dense6_1", x, 2));
    }

    private static Value Conv(TorchNetwork net, int number, Value input, long channels, long kernel) =>
        net.PReLU($"prelu{number}", net.Conv2d($"conv{number}", input, channels, kernel, bias: true));

    private static Value Pool(TorchNetwork net, int number, Value input, long kernel) =>
        net.MaxPool2d($"pool{number}", input, Windows.Square(kernel, stride: 2), ceilMode: true);

    // Columns come before rows, and those before channels, as in the Caffe of their origin.
    private static Value Dense(TorchNetwork net, int number, Value input, long units, long positions)
    {
        Value flat = net.Flatten("flatten", net.Permute("permute", input, 0, 3, 2, 1)) with { Channels = input.Channels * positions };
        Value x = net.Linear($"dense{number}", flat, units);
        net.MarkFlat(x);
        return net.PReLU($"prelu{number}", x);
    }
}
