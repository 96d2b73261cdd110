using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Tests.Import.Architectures;

/// <summary>Networks for segmentation, and what reads text, held against forward passes as their authors wrote them, layer by layer.</summary>
public sealed class SegmentationTests : EngineTest
{
    [Theory]
    [InlineData("fcn_resnet50")]
    [InlineData("deeplabv3_resnet50")]
    public void On_a_dilated_ResNet(string architecture) => new MadeNetwork().Check(architecture, (image, net) =>
    {
        torch.Tensor x = relu(net.Norm(net.Conv(image, "backbone.conv1", 64, 7, 2), "backbone.bn1"));
        x = max_pool2d(x, 3, 2, 1);
        (int Depth, long Stride, long First, long Other)[] stages = [(3, 1, 1, 1), (4, 2, 1, 1), (6, 1, 1, 2), (3, 1, 2, 4)];
        for (int stage = 0; stage < 4; stage++)
        {
            for (int i = 0; i < stages[stage].Depth; i++)
            {
                string name = $"backbone.layer{stage + 1}.{i}";
                long channels = 64L << stage;
                long stride = i == 0 ? stages[stage].Stride : 1;
                torch.Tensor y = relu(net.Norm(net.Conv(x, $"{name}.conv1", channels, 1), $"{name}.bn1"));
                long dilation = i == 0 ? stages[stage].First : stages[stage].Other;
                y = relu(net.Norm(net.Conv(y, $"{name}.conv2", channels, 3, stride, dilation: dilation), $"{name}.bn2"));
                y = net.Norm(net.Conv(y, $"{name}.conv3", 4 * channels, 1), $"{name}.bn3");
                x = relu(y + (i > 0 ? x : net.Norm(net.Conv(x, $"{name}.downsample.0", 4 * channels, 1, stride), $"{name}.downsample.1")));
            }
        }

        net.Weight("aux_classifier.0.weight", [256, 1024, 3, 3]);
        return architecture.StartsWith("fcn", StringComparison.Ordinal)
            ? net.Conv(relu(net.Norm(net.Conv(x, "classifier.0", 512, 3), "classifier.1")), "classifier.4", 6, 1, bias: true)
            : DeepLab(net, x);
    },
    torch.rand(1, 3, 64, 72));

    [Theory]
    [InlineData("deeplabv3_mobilenet_v3_large")]
    [InlineData("lraspp_mobilenet_v3_large")]
    public void On_a_dilated_MobileNet(string architecture) => new MadeNetwork { Epsilon = 1e-3 }.Check(architecture, (image, net) =>
    {
        torch.Tensor x = hardswish(net.Norm(net.Conv(image, "backbone.0.0", 16, 3, 2), "backbone.0.1"));
        (long Kernel, long Inner, long Channels, bool IsGated, bool IsHard, long Stride, long Dilation)[] blocks =
        [
            (3, 16, 16, false, false, 1, 1), (3, 64, 24, false, false, 2, 1), (3, 72, 24, false, false, 1, 1), (5, 72, 40, true, false, 2, 1),
            (5, 120, 40, true, false, 1, 1), (5, 120, 40, true, false, 1, 1), (3, 240, 80, false, true, 2, 1), (3, 200, 80, false, true, 1, 1),
            (3, 184, 80, false, true, 1, 1), (3, 184, 80, false, true, 1, 1), (3, 480, 112, true, true, 1, 1), (3, 672, 112, true, true, 1, 1),
            (5, 672, 160, true, true, 1, 2), (5, 960, 160, true, true, 1, 2), (5, 960, 160, true, true, 1, 2),
        ];
        torch.Tensor low = x;
        for (int i = 0; i < blocks.Length; i++)
        {
            (long kernel, long inner, long channels, bool isGated, bool isHard, long stride, long dilation) = blocks[i];
            string name = $"backbone.{i + 1}.block";
            int place = 0;
            torch.Tensor Act(torch.Tensor y) => isHard ? hardswish(y) : relu(y);
            torch.Tensor z = x;
            if (inner != x.shape[1])
            {
                z = Act(net.Norm(net.Conv(z, $"{name}.{place}.0", inner, 1), $"{name}.{place++}.1"));
            }

            z = Act(net.Norm(net.Conv(z, $"{name}.{place}.0", inner, kernel, stride, groups: inner, dilation: dilation), $"{name}.{place++}.1"));
            if (isGated)
            {
                // Nearest multiple of 8 to a quarter.
                long squeezed = new Dictionary<long, long> { [72] = 24, [120] = 32, [480] = 120, [672] = 168, [960] = 240 }[inner];
                torch.Tensor gate = relu(net.Conv(z.mean([2, 3], keepdim: true), $"{name}.{place}.fc1", squeezed, 1, bias: true));
                z *= hardsigmoid(net.Conv(gate, $"{name}.{place++}.fc2", inner, 1, bias: true));
            }

            z = net.Norm(net.Conv(z, $"{name}.{place}.0", channels, 1), $"{name}.{place}.1");
            x = stride == 1 && x.shape[1] == channels ? x + z : z;
            low = i == 3 ? x : low;
        }

        x = hardswish(net.Norm(net.Conv(x, "backbone.16.0", 960, 1), "backbone.16.1"));
        if (architecture.StartsWith("deeplab", StringComparison.Ordinal))
        {
            return DeepLab(net, x);
        }

        torch.Tensor y = relu(net.Norm(net.Conv(x, "classifier.cbr.0", 128, 1), "classifier.cbr.1", 1e-5));
        y *= net.Conv(x.mean([2, 3], keepdim: true), "classifier.scale.1", 128, 1).sigmoid();
        y = interpolate(y, [low.shape[2], low.shape[3]], mode: torch.InterpolationMode.Bilinear, align_corners: false);
        torch.Tensor coarse = net.Conv(y, "classifier.high_classifier", 6, 1, bias: true);
        return net.Keep("classifier.add", net.Conv(low, "classifier.low_classifier", 6, 1, bias: true) + coarse);
    },
    torch.rand(1, 3, 64, 72));

    [Fact]
    public void UNet_on_a_ResNet_of_any_width() => new MadeNetwork().Check("unet_resnet", (image, net) =>
    {
        torch.Tensor x = relu(net.Norm(net.Conv(image, "encoder.conv1", 8, 7, 2), "encoder.bn1"));
        var maps = new Stack<torch.Tensor>([x]);
        x = max_pool2d(x, 3, 2, 1);
        for (int stage = 1; stage <= 4; stage++)
        {
            string name = $"encoder.layer{stage}.0";
            long channels = 8L << (stage - 1);
            long stride = stage == 1 ? 1 : 2;
            torch.Tensor y = relu(net.Norm(net.Conv(x, $"{name}.conv1", channels, 3, stride), $"{name}.bn1"));
            y = net.Norm(net.Conv(y, $"{name}.conv2", channels, 3), $"{name}.bn2");
            x = relu(y + (stage == 1 ? x : net.Norm(net.Conv(x, $"{name}.downsample.0", channels, 1, 2), $"{name}.downsample.1")));
            maps.Push(x);
        }

        maps.Pop();
        for (int i = 0; i < 5; i++)
        {
            string name = $"decoder.blocks.{i}";
            x = interpolate(x, scale_factor: [2, 2]);
            x = maps.TryPop(out torch.Tensor? skipped) ? torch.cat([x, skipped], 1) : x;
            x = relu(net.Norm(net.Conv(x, $"{name}.conv1.0", 32L >> i, 3), $"{name}.conv1.1"));
            x = relu(net.Norm(net.Conv(x, $"{name}.conv2.0", 32L >> i, 3), $"{name}.conv2.1"));
        }

        return net.Conv(x, "segmentation_head.0", 2, 3, bias: true);
    },
    torch.rand(1, 3, 64, 96));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Convolutions_that_read_text(bool hasRecurrentLayers) => new MadeNetwork().Check("crnn", (image, net) =>
    {
        torch.Tensor x = image;
        long[] channels = [64, 128, 256, 256, 512, 512, 512];
        for (int i = 0; i < 7; i++)
        {
            x = net.Conv(x, $"cnn.conv{i}", channels[i], i == 6 ? 2 : 3, padding: i == 6 ? 0 : 1, bias: true);
            x = relu(i is 2 or 4 or 6 ? net.Norm(x, $"cnn.batchnorm{i}") : x);
            x = i is 0 or 1 ? max_pool2d(x, 2) : i is 3 or 5 ? max_pool2d(x, [2, 2], [2, 1], [0, 1]) : x;
        }

        if (hasRecurrentLayers)
        {
            net.Weight("rnn.0.rnn.weight_ih_l0", [32, 512]);
            net.Weight("rnn.0.embedding.weight", [8, 16]);
        }

        return x;
    },
    torch.rand(1, 1, 32, 100));

    private static torch.Tensor DeepLab(MadeNetwork net, torch.Tensor x)
    {
        torch.Tensor Branch(string name, long kernel, long dilation) =>
            relu(net.Norm(net.Conv(x, $"{name}.0", 256, kernel, dilation: dilation), $"{name}.1", 1e-5));
        torch.Tensor mean = relu(net.Norm(net.Conv(x.mean([2, 3], keepdim: true), "classifier.0.convs.4.1", 256, 1), "classifier.0.convs.4.2", 1e-5));
        torch.Tensor all = torch.cat(
        [
            Branch("classifier.0.convs.0", 1, 1), Branch("classifier.0.convs.1", 3, 12), Branch("classifier.0.convs.2", 3, 24),
            Branch("classifier.0.convs.3", 3, 36), mean.expand(1, 256, x.shape[2], x.shape[3]),
        ],
        1);
        all = relu(net.Norm(net.Conv(all, "classifier.0.project.0", 256, 1), "classifier.0.project.1", 1e-5));
        all = relu(net.Norm(net.Conv(all, "classifier.1", 256, 3), "classifier.2", 1e-5));
        return net.Conv(all, "classifier.4", 6, 1, bias: true);
    }
}
