using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Tests.Import.Architectures;

/// <summary>Detectors, held against forward passes as their authors wrote them, layer by layer.</summary>
public sealed class DetectorTests : EngineTest
{
    [Fact]
    public void FastestDet() => new MadeNetwork().Check("fastestdet", (image, net) =>
    {
        torch.Tensor[] p = Shuffle(image, net);
        torch.Tensor x = torch.cat([avg_pool2d(p[0], 3, 2, 1), p[1], interpolate(p[2], scale_factor: [2, 2])], 1);
        x = relu(net.Norm(net.Conv(x, "SPP.Conv1x1.conv1x1.0", 96, 1), "SPP.Conv1x1.conv1x1.1"));
        torch.Tensor[] branches = [.. Enumerable.Range(1, 3).Select(count =>
        {
            torch.Tensor y = x;
            for (int i = 0; i < count; i++)
            {
                y = relu(net.Norm(net.Conv(y, $"SPP.S{count}.{3 * i}", 96, 5, groups: 96), $"SPP.S{count}.{3 * i + 1}"));
            }

            return y;
        })];
        x = relu(x + net.Norm(net.Conv(torch.cat(branches, 1), "SPP.output.0", 96, 1), "SPP.output.1"));
        x = relu(net.Norm(net.Conv(x, "detect_head.conv1x1.conv1x1.0", 96, 1), "detect_head.conv1x1.conv1x1.1"));
        torch.Tensor Head(string name, long channels)
        {
            torch.Tensor y = relu(net.Norm(net.Conv(x, $"{name}.conv5x5.0", 96, 5, groups: 96), $"{name}.conv5x5.1"));
            return net.Norm(net.Conv(y, $"{name}.conv5x5.3", channels, 1), $"{name}.conv5x5.4");
        }

        torch.Tensor isObject = Head("detect_head.obj_layers", 1).sigmoid();
        torch.Tensor box = Head("detect_head.reg_layers", 4);
        torch.Tensor classes = softmax(Head("detect_head.cls_layers", 5), 1);
        return net.Keep("detect_head.cat", torch.cat([isObject, box, classes], 1));
    },
    torch.rand(1, 3, 96, 128));

    [Fact]
    public void Yolo_FastestV2() => new MadeNetwork().Check("yolo_fastestv2", (image, net) =>
    {
        torch.Tensor[] p = Shuffle(image, net);
        torch.Tensor Tower(torch.Tensor input, string name)
        {
            torch.Tensor y = relu(net.Norm(net.Conv(input, $"{name}.0", 72, 5, groups: 72), $"{name}.1"));
            y = net.Norm(net.Conv(y, $"{name}.3", 72, 1), $"{name}.4");
            y = relu(net.Norm(net.Conv(y, $"{name}.5", 72, 5, groups: 72), $"{name}.6"));
            return net.Norm(net.Conv(y, $"{name}.8", 72, 1), $"{name}.9");
        }

        torch.Tensor Scale(torch.Tensor input, int scale)
        {
            torch.Tensor s = relu(net.Norm(net.Conv(input, $"fpn.conv1x1_{scale}.0", 72, 1), $"fpn.conv1x1_{scale}.1"));
            torch.Tensor classes = Tower(s, $"fpn.cls_head_{scale}.block");
            net.Conv(Tower(s, $"fpn.reg_head_{scale}.block"), "output_reg_layers", 12, 1, bias: true);
            net.Conv(classes, "output_obj_layers", 3, 1, bias: true);
            return net.Conv(classes, "output_cls_layers", 5, 1, bias: true);
        }

        Scale(p[2], 3);
        torch.Tensor fine = Scale(torch.cat([interpolate(p[2], scale_factor: [2, 2]), p[1]], 1), 2);
        return net.Keep("output_cls_layers_1", fine);
    },
    torch.rand(1, 3, 96, 128));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void YuNet_of_any_width(bool hasPoints) => new MadeNetwork().Check("yunet", (image, net) =>
    {
        torch.Tensor Pair(torch.Tensor x, string name, long channels) => net.Conv(
            net.Conv(x, $"{name}.conv1", channels, 1, bias: true), $"{name}.conv2", channels, 3, groups: channels, bias: true);
        torch.Tensor Unit(torch.Tensor x, string name, long channels) => relu(net.Norm(Pair(x, name, channels), $"{name}.bn"));

        torch.Tensor x = relu(net.Norm(net.Conv(image, "backbone.model0.conv1", 16, 3, 2, bias: true), "backbone.model0.bn1"));
        x = Unit(x, "backbone.model0.conv2", 16);
        var maps = new List<torch.Tensor>();
        foreach ((int number, long channels) in new[] { (1, 24L), (2, 32L), (3, 48L), (4, 48L), (5, 48L) })
        {
            x = number == 2 ? x : max_pool2d(x, 2);
            x = Unit(Unit(x, $"backbone.model{number}.conv1", x.shape[1]), $"backbone.model{number}.conv2", channels);
            maps.Add(x);
        }

        torch.Tensor[] levels = [.. maps.TakeLast(3)];
        for (int i = 2; i > 0; i--)
        {
            levels[i] = Unit(levels[i], $"neck.lateral_convs.{i}", 48);
            levels[i - 1] = levels[i - 1] + interpolate(levels[i], scale_factor: [2, 2]);
        }

        levels[0] = Unit(levels[0], "neck.lateral_convs.0", 48);
        for (int i = 0; i < 3; i++)
        {
            torch.Tensor shared = hasPoints ? Unit(levels[i], $"bbox_head.multi_level_share_convs.{i}.0", 32) : levels[i];
            Pair(shared, $"bbox_head.multi_level_cls.{i}", 1);
            Pair(shared, $"bbox_head.multi_level_bbox.{i}", 4);
            Pair(shared, $"bbox_head.multi_level_obj.{i}", 1);
            if (hasPoints)
            {
                Pair(shared, $"bbox_head.multi_level_kps.{i}", 10);
            }
        }

        return x;
    },
    torch.rand(1, 3, 64, 96));

    [Theory]
    [InlineData("ultraface_rfb")]
    [InlineData("ultraface_slim")]
    [InlineData("ultraface_rfb_landmarks")]
    [InlineData("ultraface_slim_landmarks")]
    public void Faces_of_one_megabyte(string architecture) => new MadeNetwork().Check(architecture, (image, net) =>
    {
        bool hasPoints = architecture.EndsWith("landmarks", StringComparison.Ordinal);
        string Stage(int i) => hasPoints ? $"conv{i + 1}" : $"base_net.{i}";
        torch.Tensor Basic(torch.Tensor y, string name, long channels, long kernel, long dilation, bool isActivated)
        {
            y = net.Norm(net.Conv(y, $"{name}.conv", channels, kernel, padding: kernel / 2 * dilation, dilation: dilation), $"{name}.bn");
            return isActivated ? relu(y) : y;
        }

        torch.Tensor Field(torch.Tensor y, string name)
        {
            torch.Tensor Branch(int number, long dilation)
            {
                torch.Tensor z = Basic(y, $"{name}.branch{number}.0", 8, 1, 1, isActivated: false);
                z = Basic(z, $"{name}.branch{number}.1", number == 2 ? 12 : 16, 3, 1, isActivated: true);
                z = number == 2 ? Basic(z, $"{name}.branch2.2", 16, 3, 1, isActivated: true) : z;
                return Basic(z, $"{name}.branch{number}.{(number == 2 ? 3 : 2)}", 16, 3, dilation, isActivated: false);
            }

            torch.Tensor all = torch.cat([Branch(0, 2), Branch(1, 3), Branch(2, 5)], 1);
            return relu(Basic(all, $"{name}.ConvLinear", 64, 1, 1, false) + Basic(y, $"{name}.shortcut", 64, 1, 1, false));
        }

        torch.Tensor Light(torch.Tensor y, string name, long channels, long stride = 1) => net.Conv(
            relu(net.Conv(y, $"{name}.0", y.shape[1], 3, stride, groups: y.shape[1], bias: true)), $"{name}.2", channels, 1, bias: true);
        void Heads(torch.Tensor y, int level, int anchors)
        {
            foreach ((string name, int values) in hasPoints
                ? new[] { ("loc", 4), ("conf", 2), ("landm", 10) } : [("regression_headers", 4), ("classification_headers", 2)])
            {
                _ = level == 3 ? net.Conv(y, $"{name}.3", anchors * values, 3, bias: true) : Light(y, $"{name}.{level}", anchors * values);
            }
        }

        torch.Tensor x = relu(net.Norm(net.Conv(image, $"{Stage(0)}.0", 16, 3, 2), $"{Stage(0)}.1"));
        long[] channels = [32, 32, 32, 64, 64, 64, 64, 128, 128, 128, 256, 256];
        for (int i = 1; i <= 12; i++)
        {
            x = i == 7 && architecture.Contains("rfb", StringComparison.Ordinal)
                ? Field(x, Stage(i))
                : Separable(net, x, Stage(i), channels[i - 1], i is 2 or 4 or 8 or 11 ? 2 : 1, 0);
            if (i is 7 or 10 or 12)
            {
                Heads(x, i == 7 ? 0 : i == 10 ? 1 : 2, i == 7 ? 3 : 2);
            }
        }

        string extra = hasPoints ? "conv14" : "extras.0";
        x = relu(Light(relu(net.Conv(x, $"{extra}.0", 64, 1, bias: true)), $"{extra}.2", 256, 2));
        Heads(x, 3, 3);
        return x;
    },
    torch.rand(1, 3, 120, 160));

    [Fact]
    public void RetinaFace_on_a_MobileNet() => new MadeNetwork().Check("retinaface_mobilenet", (image, net) =>
    {
        torch.Tensor Unit(torch.Tensor y, string name, long channels, long kernel, bool isActivated = true, long stride = 1)
        {
            y = net.Norm(net.Conv(y, $"{name}.0", channels, kernel, stride), $"{name}.1");
            return isActivated ? leaky_relu(y, 0.1) : y;
        }

        torch.Tensor x = Unit(image, "body.stage1.0", 8, 3, stride: 2);
        (string Stage, long[] Channels)[] stages =
            [("stage1", [16, 32, 32, 64, 64]), ("stage2", [128, 128, 128, 128, 128, 128]), ("stage3", [256, 256])];
        torch.Tensor[] levels = [.. stages.Select((stage, s) =>
        {
            for (int i = 0; i < stage.Channels.Length; i++)
            {
                bool isHalved = s == 0 ? i is 1 or 3 : i == 0;
                x = Separable(net, x, $"body.{stage.Stage}.{(s == 0 ? i + 1 : i)}", stage.Channels[i], isHalved ? 2 : 1, 0.1);
            }

            return Unit(x, $"fpn.output{s + 1}", 64, 1);
        })];
        for (int i = 1; i >= 0; i--)
        {
            levels[i] = Unit(levels[i] + interpolate(levels[i + 1], scale_factor: [2, 2]), $"fpn.merge{i + 1}", 64, 3);
        }

        for (int i = 0; i < 3; i++)
        {
            string ssh = $"ssh{i + 1}";
            torch.Tensor small = Unit(levels[i], $"{ssh}.conv3X3", 32, 3, false);
            torch.Tensor y = Unit(levels[i], $"{ssh}.conv5X5_1", 16, 3);
            torch.Tensor middle = Unit(y, $"{ssh}.conv5X5_2", 16, 3, false);
            torch.Tensor large = Unit(Unit(y, $"{ssh}.conv7X7_2", 16, 3), $"{ssh}.conv7x7_3", 16, 3, false);
            y = relu(torch.cat([small, middle, large], 1));
            net.Conv(y, $"ClassHead.{i}.conv1x1", 4, 1, bias: true);
            net.Conv(y, $"BboxHead.{i}.conv1x1", 8, 1, bias: true);
            net.Conv(y, $"LandmarkHead.{i}.conv1x1", 20, 1, bias: true);
        }

        return x;
    },
    torch.rand(1, 3, 64, 96));

    private static torch.Tensor Separable(MadeNetwork net, torch.Tensor x, string name, long channels, long stride, double slope)
    {
        x = leaky_relu(net.Norm(net.Conv(x, $"{name}.0", x.shape[1], 3, stride, groups: x.shape[1]), $"{name}.1"), slope);
        return leaky_relu(net.Norm(net.Conv(x, $"{name}.3", channels, 1), $"{name}.4"), slope);
    }

    private static torch.Tensor[] Shuffle(torch.Tensor image, MadeNetwork net)
    {
        torch.Tensor x = relu(net.Norm(net.Conv(image, "backbone.first_conv.0", 24, 3, 2), "backbone.first_conv.1"));
        x = max_pool2d(x, 3, 2, 1);
        return [.. new[] { (2, 48L, 4), (3, 96L, 8), (4, 192L, 4) }.Select(stage =>
        {
            (int number, long channels, int depth) = stage;
            for (int i = 0; i < depth; i++)
            {
                string name = $"backbone.stage{number}.{i}";
                torch.Tensor Main(torch.Tensor input, long outputs, long stride)
                {
                    torch.Tensor y = relu(net.Norm(net.Conv(input, $"{name}.branch_main.0", channels / 2, 1), $"{name}.branch_main.1"));
                    y = net.Norm(net.Conv(y, $"{name}.branch_main.3", channels / 2, 3, stride, groups: channels / 2), $"{name}.branch_main.4");
                    return relu(net.Norm(net.Conv(y, $"{name}.branch_main.5", outputs, 1), $"{name}.branch_main.6"));
                }

                if (i == 0)
                {
                    long inputs = x.shape[1];
                    torch.Tensor y = net.Norm(net.Conv(x, $"{name}.branch_proj.0", inputs, 3, 2, groups: inputs), $"{name}.branch_proj.1");
                    y = relu(net.Norm(net.Conv(y, $"{name}.branch_proj.2", inputs, 1), $"{name}.branch_proj.3"));
                    x = torch.cat([y, Main(x, channels - inputs, 2)], 1);
                }
                else
                {
                    long[] shape = x.shape;
                    torch.Tensor pairs = x.reshape(shape[0] * shape[1] / 2, 2, shape[2] * shape[3]).permute(1, 0, 2)
                        .reshape(2, -1, shape[1] / 2, shape[2], shape[3]);
                    x = torch.cat([pairs[0], Main(pairs[1], channels - shape[1] / 2, 1)], 1);
                }
            }

            return x;
        })];
    }
}
