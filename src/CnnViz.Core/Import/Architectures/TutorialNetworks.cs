using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>The small networks of PyTorch's examples and tutorials, and of textbooks, which many people have trained.</summary>
internal static class TutorialNetworks
{
    // Mean and standard deviation of MNIST's training pictures.
    private static readonly Preprocessing s_mnist =
        new() { Name = "MNIST", Mean = [0.1307f], Std = [0.3081f], Source = PreprocessingSource.Convention };

    private static readonly Preprocessing s_symmetric = Preprocessing.Symmetric with { Source = PreprocessingSource.Convention };

    public static IEnumerable<Architecture> All { get; } =
    [
        new("mnist_example", net => Mnist(net, 32, 64)) { InputSize = 28, Preprocessing = s_mnist },
        new("mnist_example_2017", net => Pooled(net, [(10, 5), (20, 5)], [50, null])) { InputSize = 28, Preprocessing = s_mnist },
        new("mnist_example_2018", net => Pooled(net, [(20, 5), (50, 5)], [500, null])) { InputSize = 28, Preprocessing = s_mnist },
        new("cifar_tutorial", net => Pooled(net, [(6, 5), (16, 5)], [120, 84, null])) { InputSize = 32, Preprocessing = s_symmetric },
        new("d2l_lenet", Textbook)
        {
            InputSize = 28,
            Preprocessing = Preprocessing.Unit with { Source = PreprocessingSource.Convention },
        },
    ];

    // github.com/pytorch/examples, mnist: one pooling behind both convolutions.
    private static Value Mnist(TorchNetwork net, long first, long second)
    {
        Value x = net.ReLU("relu", net.Conv2d("conv1", net.Image, first, kernel: 3, bias: true));
        x = net.ReLU("relu", net.Conv2d("conv2", x, second, kernel: 3, bias: true));
        x = net.Flatten("flatten", net.MaxPool2d("max_pool2d", x, Windows.Square(2, stride: 2)), positions: 144);
        x = net.ReLU("relu", net.Linear("fc1", x, 128));
        return net.LogSoftmax("log_softmax", net.Linear("fc2", x));
    }

    // A pooling behind each convolution: PyTorch's tutorial on CIFAR-10, and the earlier versions of its example.
    private static Value Pooled(TorchNetwork net, (long Channels, long Kernel)[] convolutions, long?[] units)
    {
        Value x = net.Image;
        for (int i = 0; i < convolutions.Length; i++)
        {
            (long channels, long kernel) = convolutions[i];
            x = net.ReLU("relu", net.Conv2d($"conv{i + 1}", x, channels, kernel, bias: true));
            x = net.MaxPool2d("pool", x, Windows.Square(2, stride: 2));
        }

        x = net.Flatten("flatten", x, positions: convolutions[0].Channels == 6 ? 25 : 16);
        for (int i = 0; i < units.Length; i++)
        {
            x = net.Linear($"fc{i + 1}", x, units[i]);
            x = i < units.Length - 1 ? net.ReLU("relu", x) : x;
        }

        return x;
    }

    // LeNet of "Dive into Deep Learning", with sigmoids and means as in LeCun et al. 1998.
    private static Value Textbook(TorchNetwork net)
    {
        Value x = net.Sigmoid("1", net.Conv2d("0", net.Image, 6, kernel: 5, padding: 2, bias: true));
        x = net.AvgPool2d("2", x, Windows.Square(2, stride: 2), countPadding: true);
        x = net.Sigmoid("4", net.Conv2d("3", x, 16, kernel: 5, bias: true));
        x = net.AvgPool2d("5", x, Windows.Square(2, stride: 2), countPadding: true);
        x = net.Sigmoid("8", net.Linear("7", net.Flatten("6", x, positions: 25), 120));
        x = net.Sigmoid("10", net.Linear("9", x, 84));
        return net.Linear("11", x);
    }
}
