using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Tests.Import.Architectures;

/// <summary>The networks of Ultralytics, held against forward passes as their authors wrote them, layer by layer.</summary>
public sealed class YoloTests : EngineTest
{
    [Fact]
    public void YOLOv5() => New().Check("yolov5", (image, net) =>
    {
        torch.Tensor[] y = Backbone(net, image, C3);
        torch.Tensor fine = Conv(net, y[9], "10", 16, 1);
        torch.Tensor x = torch.cat([interpolate(fine, scale_factor: [2, 2]), y[6]], 1);
        torch.Tensor finer = Conv(net, C3(net, x, "13", 16, 2, false), "14", 8, 1);
        torch.Tensor small = C3(net, torch.cat([interpolate(finer, scale_factor: [2, 2]), y[4]], 1), "17", 8, 1, false);
        torch.Tensor middle = C3(net, torch.cat([Conv(net, small, "18", 8, 3, 2), finer], 1), "20", 16, 1, false);
        torch.Tensor large = C3(net, torch.cat([Conv(net, middle, "21", 16, 3, 2), fine], 1), "23", 32, 1, false);
        foreach ((torch.Tensor map, int level) in new[] { small, middle, large }.Select((map, level) => (map, level)))
        {
            net.Conv(map, $"24.m.{level}", 3 * 7, 1, bias: true);
        }

        net.Weight("24.anchors", [3, 3, 2]);
        return large;
    },
    torch.rand(1, 3, 64, 96));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void YOLOv8(bool hasMasks) => New().Check("yolov8", (image, net) =>
    {
        torch.Tensor[] y = Backbone(net, image, C2f);
        torch.Tensor fine = C2f(net, torch.cat([interpolate(y[9], scale_factor: [2, 2]), y[6]], 1), "12", 16, 1, false);
        torch.Tensor small = C2f(net, torch.cat([interpolate(fine, scale_factor: [2, 2]), y[4]], 1), "15", 8, 2, false);
        torch.Tensor middle = C2f(net, torch.cat([Conv(net, small, "16", 8, 3, 2), fine], 1), "18", 16, 1, false);
        torch.Tensor large = C2f(net, torch.cat([Conv(net, middle, "19", 16, 3, 2), y[9]], 1), "21", 32, 1, false);
        string[] heads = hasMasks ? ["22.cv2", "22.cv3", "22.cv4"] : ["22.cv2", "22.cv3"];
        foreach (string head in heads)
        {
            foreach ((torch.Tensor map, int level) in new[] { small, middle, large }.Select((map, level) => (map, level)))
            {
                torch.Tensor z = Conv(net, Conv(net, map, $"{head}.{level}.0", 12, 3), $"{head}.{level}.1", 12, 3);
                net.Conv(z, $"{head}.{level}.2", head == "22.cv2" ? 64 : 5, 1, bias: true);
            }
        }

        if (hasMasks)
        {
            torch.Tensor mask = net.Transposed(Conv(net, small, "22.proto.cv1", 6, 3), "22.proto.upsample", 6, 2, 2);
            Conv(net, Conv(net, mask, "22.proto.cv2", 6, 3), "22.proto.cv3", 4, 1);
        }

        net.Weight("22.dfl.conv.weight", [1, 16, 1, 1]);
        return large;
    },
    torch.rand(1, 3, 64, 96));

    [Theory]
    [InlineData("yolov5_cls")]
    [InlineData("yolov8_cls")]
    public void Classifiers(string architecture) => New().Check(architecture, (image, net) =>
    {
        torch.Tensor[] y = Backbone(net, image, architecture == "yolov5_cls" ? C3 : C2f, isClassifier: true);
        return net.Dense(Conv(net, y[8], "9.conv", 40, 1).mean([2, 3]), "9.linear", 5);
    },
    torch.rand(1, 3, 64, 96));

    private delegate torch.Tensor Stage(MadeNetwork net, torch.Tensor x, string name, long channels, int depth, bool hasShortcuts);

    private static MadeNetwork New() => new() { Epsilon = 1e-3 };

    private static torch.Tensor[] Backbone(MadeNetwork net, torch.Tensor image, Stage stage, bool isClassifier = false)
    {
        bool isFifth = stage == C3;
        torch.Tensor first = isFifth
            ? silu(net.Norm(net.Conv(image, "0.conv", 4, 6, 2, 2), "0.bn"))
            : Conv(net, image, "0", 4, 3, 2);
        List<torch.Tensor> maps = [first];
        for (int i = 1; i < 9; i += 2)
        {
            long channels = new long[] { 8, 8, 16, 32 }[i / 2];
            maps.Add(Conv(net, maps[^1], $"{i}", channels, 3, 2));
            maps.Add(stage(net, maps[^1], $"{i + 1}", channels, i == 3 ? 2 : 1, true));
        }

        if (!isClassifier)
        {
            torch.Tensor x = Conv(net, maps[^1], "9.cv1", 16, 1);
            torch.Tensor once = max_pool2d(x, 5, 1, 2);
            torch.Tensor twice = max_pool2d(once, 5, 1, 2);
            maps.Add(Conv(net, torch.cat([x, once, twice, max_pool2d(twice, 5, 1, 2)], 1), "9.cv2", 32, 1));
        }

        return [.. maps];
    }

    private static torch.Tensor C3(MadeNetwork net, torch.Tensor x, string name, long channels, int depth, bool hasShortcuts)
    {
        torch.Tensor y = Conv(net, x, $"{name}.cv1", channels / 2, 1);
        for (int i = 0; i < depth; i++)
        {
            torch.Tensor z = Conv(net, Conv(net, y, $"{name}.m.{i}.cv1", channels / 2, 1), $"{name}.m.{i}.cv2", channels / 2, 3);
            y = hasShortcuts ? y + z : z;
        }

        return Conv(net, torch.cat([y, Conv(net, x, $"{name}.cv2", channels / 2, 1)], 1), $"{name}.cv3", channels, 1);
    }

    private static torch.Tensor C2f(MadeNetwork net, torch.Tensor x, string name, long channels, int depth, bool hasShortcuts)
    {
        List<torch.Tensor> parts = [.. Conv(net, x, $"{name}.cv1", channels, 1).chunk(2, 1)];
        for (int i = 0; i < depth; i++)
        {
            torch.Tensor y = parts[^1];
            torch.Tensor z = Conv(net, Conv(net, y, $"{name}.m.{i}.cv1", channels / 2, 3), $"{name}.m.{i}.cv2", channels / 2, 3);
            parts.Add(hasShortcuts ? y + z : z);
        }

        return Conv(net, torch.cat(parts, 1), $"{name}.cv2", channels, 1);
    }

    private static torch.Tensor Conv(MadeNetwork net, torch.Tensor x, string name, long channels, long kernel, long stride = 1) =>
        silu(net.Norm(net.Conv(x, $"{name}.conv", channels, kernel, stride), $"{name}.bn"));
}
