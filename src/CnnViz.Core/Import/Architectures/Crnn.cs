using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>
/// The convolutions of CRNN (Shi et al. 2017), which reads a line of text, under the names of meijieru/crnn.pytorch. The recurrent layers behind them are
/// left out.
/// </summary>
internal static class Crnn
{
    private static readonly long[] s_channels = [64, 128, 256, 256, 512, 512, 512];

    public static IEnumerable<Architecture> All { get; } =
    [
        new("crnn", Describe)
        {
            InputSize = 32,
            InputWidth = 100,
            Preprocessing = Preprocessing.Symmetric with { Source = PreprocessingSource.Convention },
        },
    ];

    private static Value Describe(TorchNetwork net)
    {
        Value x = net.Image;
        for (int i = 0; i < s_channels.Length; i++)
        {
            bool isLast = i == s_channels.Length - 1;
            x = net.Conv2d($"cnn.conv{i}", x, s_channels[i], kernel: isLast ? 2 : 3, padding: isLast ? 0 : 1, bias: true);
            x = i is 2 or 4 or 6 ? net.BatchNorm2d($"cnn.batchnorm{i}", x) : x;
            x = net.ReLU($"cnn.relu{i}", x);
            x = i switch
            {
                0 or 1 => net.MaxPool2d($"cnn.pooling{i}", x, Windows.Square(2, stride: 2)),
                3 or 5 => net.MaxPool2d($"cnn.pooling{(i + 1) / 2}", x, Windows.Of(new(2, 2), new(2, 1), new(0, 1))),
                _ => x,
            };
        }

        return x;
    }
}
