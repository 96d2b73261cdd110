using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Tests.Import.Architectures;

/// <summary>Networks that know faces, held against forward passes as their authors wrote them, layer by layer.</summary>
public sealed class FaceTests : EngineTest
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FaceNet(bool hasClasses) => new MadeNetwork { Epsilon = 1e-3 }.Check("facenet", (image, net) =>
    {
        torch.Tensor Basic(torch.Tensor y, string name, long channels, long kernel, long stride = 1, long padding = 0) =>
            relu(net.Norm(net.Conv(y, $"{name}.conv", channels, kernel, stride, padding), $"{name}.bn"));
        torch.Tensor Wide(torch.Tensor y, string name, long channels, long rows, long columns) => relu(net.Norm(
            net.Conv(y, $"{name}.conv", channels, (rows, columns), 1, (rows / 2, columns / 2)), $"{name}.bn"));

        torch.Tensor x = Basic(image, "conv2d_1a", 32, 3, 2);
        x = Basic(Basic(x, "conv2d_2a", 32, 3), "conv2d_2b", 64, 3, padding: 1);
        x = Basic(max_pool2d(x, 3, 2), "conv2d_3b", 80, 1);
        x = Basic(Basic(x, "conv2d_4a", 192, 3), "conv2d_4b", 256, 3, 2);
        for (int i = 0; i < 5; i++)
        {
            string name = $"repeat_1.{i}";
            torch.Tensor second = Basic(Basic(x, $"{name}.branch1.0", 32, 1), $"{name}.branch1.1", 32, 3, padding: 1);
            torch.Tensor third = Basic(Basic(x, $"{name}.branch2.0", 32, 1), $"{name}.branch2.1", 32, 3, padding: 1);
            third = Basic(third, $"{name}.branch2.2", 32, 3, padding: 1);
            torch.Tensor all = torch.cat([Basic(x, $"{name}.branch0", 32, 1), second, third], 1);
            x = relu(net.Conv(all, $"{name}.conv2d", 256, 1, bias: true) * 0.17f + x);
        }

        torch.Tensor small = Basic(Basic(x, "mixed_6a.branch1.0", 192, 1), "mixed_6a.branch1.1", 192, 3, padding: 1);
        x = torch.cat([Basic(x, "mixed_6a.branch0", 384, 3, 2), Basic(small, "mixed_6a.branch1.2", 256, 3, 2), max_pool2d(x, 3, 2)], 1);
        torch.Tensor Block(torch.Tensor y, string name, long channels, long length, float scale)
        {
            torch.Tensor b = Basic(y, $"{name}.branch1.0", channels, 1);
            b = Wide(Wide(b, $"{name}.branch1.1", channels, 1, length), $"{name}.branch1.2", channels, length, 1);
            b = torch.cat([Basic(y, $"{name}.branch0", channels, 1), b], 1);
            return net.Conv(b, $"{name}.conv2d", y.shape[1], 1, bias: true) * scale + y;
        }

        for (int i = 0; i < 10; i++)
        {
            x = relu(Block(x, $"repeat_2.{i}", 128, 7, 0.1f));
        }

        torch.Tensor[] starts = [.. Enumerable.Range(0, 3).Select(i => Basic(x, $"mixed_7a.branch{i}.0", 256, 1))];
        x = torch.cat(
        [
            Basic(starts[0], "mixed_7a.branch0.1", 384, 3, 2), Basic(starts[1], "mixed_7a.branch1.1", 256, 3, 2),
            Basic(Basic(starts[2], "mixed_7a.branch2.1", 256, 3, padding: 1), "mixed_7a.branch2.2", 256, 3, 2), max_pool2d(x, 3, 2),
        ],
        1);
        for (int i = 0; i < 5; i++)
        {
            x = relu(Block(x, $"repeat_3.{i}", 192, 3, 0.2f));
        }

        x = Block(x, "block8", 192, 3, 1).mean([2, 3]);
        x = net.Norm(net.Dense(x, "last_linear", 512, bias: false), "last_bn");
        return hasClasses ? net.Dense(x, "logits", 11) : x;
    },
    torch.rand(1, 3, 120, 140));

    [Theory]
    [InlineData("iresnet18", 2, 2, 2, 2)]
    [InlineData("iresnet34", 3, 4, 6, 3)]
    public void ArcFace(string architecture, params int[] depths) => new MadeNetwork().Check(architecture, (image, net) =>
    {
        torch.Tensor x = net.Slope(net.Norm(net.Conv(image, "conv1", 64, 3), "bn1"), "prelu");
        for (int stage = 0; stage < 4; stage++)
        {
            long channels = 64L << stage;
            for (int i = 0; i < depths[stage]; i++)
            {
                string name = $"layer{stage + 1}.{i}";
                torch.Tensor y = net.Conv(net.Norm(x, $"{name}.bn1"), $"{name}.conv1", channels, 3);
                y = net.Slope(net.Norm(y, $"{name}.bn2"), $"{name}.prelu");
                y = net.Norm(net.Conv(y, $"{name}.conv2", channels, 3, i == 0 ? 2 : 1), $"{name}.bn3");
                x = y + (i > 0 ? x : net.Norm(net.Conv(x, $"{name}.downsample.0", channels, 1, 2), $"{name}.downsample.1"));
            }
        }

        return net.Norm(net.Dense(net.Norm(x, "bn2").flatten(1), "fc", 512), "features");
    },
    torch.rand(1, 3, 112, 112));
}
