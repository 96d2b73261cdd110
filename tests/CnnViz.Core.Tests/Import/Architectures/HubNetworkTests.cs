using CnnViz.Import.Architectures;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Tests.Import.Architectures;

/// <summary>Networks as timm and Hugging Face have them, under their keys, held against forward passes as they wrote them.</summary>
public sealed class HubNetworkTests : EngineTest
{
    [Theory]
    [InlineData("mobilenetv3_large_100", 1.0, false)]
    [InlineData("mobilenetv3_large_075", 0.75, false)]
    [InlineData("tf_mobilenetv3_large_100", 1.0, false)]
    [InlineData("tf_mobilenetv3_large_minimal_100", 1.0, true)]
    public void Timms_MobileNet_v3(string architecture, double width, bool isMinimal)
    {
        bool isTensorFlows = architecture.StartsWith("tf_", StringComparison.Ordinal);
        var network = new MadeNetwork { Epsilon = isTensorFlows ? 1e-3 : 1e-5, PadsAsTensorFlow = isTensorFlows };
        torch.Tensor Hard(torch.Tensor y) => isMinimal ? relu(y) : hardswish(y);
        long Round(double channels)
        {
            long near = Math.Max(8, (long)(channels + 4) / 8 * 8);
            return near < 0.9 * channels ? near + 8 : near;
        }

        network.Check(
            architecture,
            (image, net) =>
            {
                torch.Tensor x = Hard(net.Norm(net.Conv(image, "conv_stem", 16, 3, 2), "bn1"));
                (string Place, long Kernel, double Expansion, long Channels, long Stride, bool IsGated, bool IsHard)[] blocks =
                [
                    ("0.0", 3, 1, 16, 1, false, false), ("1.0", 3, 4, 24, 2, false, false), ("1.1", 3, 3, 24, 1, false, false),
                    ("2.0", 5, 3, 40, 2, true, false), ("2.1", 5, 3, 40, 1, true, false), ("2.2", 5, 3, 40, 1, true, false),
                    ("3.0", 3, 6, 80, 2, false, true), ("3.1", 3, 2.5, 80, 1, false, true), ("3.2", 3, 2.3, 80, 1, false, true),
                    ("3.3", 3, 2.3, 80, 1, false, true), ("4.0", 3, 6, 112, 1, true, true), ("4.1", 3, 6, 112, 1, true, true),
                    ("5.0", 5, 6, 160, 2, true, true), ("5.1", 5, 6, 160, 1, true, true), ("5.2", 5, 6, 160, 1, true, true),
                ];
                foreach ((string place, long kernel, double expansion, long channels, long stride, bool isGated, bool isHard) in blocks)
                {
                    string name = $"blocks.{place}";
                    torch.Tensor Act(torch.Tensor y) => isHard && !isMinimal ? hardswish(y) : relu(y);
                    torch.Tensor z = x;
                    int norm = 1;
                    long inner = Round(x.shape[1] * expansion);
                    if (expansion > 1)
                    {
                        z = Act(net.Norm(net.Conv(z, $"{name}.conv_pw", inner, 1), $"{name}.bn{norm++}"));
                    }

                    z = Act(net.Norm(net.Conv(z, $"{name}.conv_dw", inner, isMinimal ? 3 : kernel, stride, groups: inner), $"{name}.bn{norm++}"));
                    if (isGated && !isMinimal)
                    {
                        torch.Tensor gate = relu(net.Conv(z.mean([2, 3], keepdim: true), $"{name}.se.conv_reduce", Round(inner * 0.25), 1, bias: true));
                        z *= hardsigmoid(net.Conv(gate, $"{name}.se.conv_expand", inner, 1, bias: true));
                    }

                    string last = expansion > 1 ? "conv_pwl" : "conv_pw";
                    z = net.Norm(net.Conv(z, $"{name}.{last}", Round(channels * width), 1), $"{name}.bn{norm}");
                    x = stride == 1 && z.shape[1] == x.shape[1] ? x + z : z;
                }

                x = Hard(net.Norm(net.Conv(x, "blocks.6.0.conv", Round(960 * width), 1), "blocks.6.0.bn1"));
                x = Hard(net.Conv(x.mean([2, 3], keepdim: true), "conv_head", 1280, 1, bias: true));
                return net.Dense(x.flatten(1), "classifier", 7);
            },
            torch.rand(1, 3, 63, 96),
            architecture: isTensorFlows && !isMinimal ? architecture : null);
    }

    [Fact]
    public void Timms_Vgg() => new MadeNetwork().Check("vgg11_bn", (image, net) =>
    {
        torch.Tensor x = image;
        int place = 0;
        foreach (long[] stage in new long[][] { [64], [128], [256, 256], [512, 512], [512, 512] })
        {
            foreach (long channels in stage)
            {
                x = relu(net.Norm(net.Conv(x, $"features.{place}", channels, 3, bias: true), $"features.{place + 1}"));
                place += 3;
            }

            x = max_pool2d(x, 2);
            place++;
        }

        x = relu(net.Conv(x, "pre_logits.fc1", 24, 7, padding: 0, bias: true));
        x = relu(net.Conv(x, "pre_logits.fc2", 24, 1, bias: true));
        return net.Dense(x.mean([2, 3]), "head.fc", 5);
    },
    torch.rand(1, 3, 224, 256));

    [Fact]
    public void Hugging_Faces_MobileNet_v2_of_any_width()
    {
        var network = new MadeNetwork { Epsilon = 1e-3, PadsAsTensorFlow = true };
        network.Check("tf_mobilenetv2", (image, net) =>
        {
            torch.Tensor Layer(torch.Tensor y, string name, long channels, long kernel, long stride = 1, long groups = 1, bool isActivated = true)
            {
                y = net.Norm(net.Conv(y, $"{name}.convolution", channels, kernel, stride, groups: groups), $"{name}.normalization");
                return isActivated ? relu6(y) : y;
            }

            torch.Tensor x = Layer(image, "mobilenet_v2.conv_stem.first_conv", 8, 3, 2);
            x = Layer(x, "mobilenet_v2.conv_stem.conv_3x3", 8, 3, groups: 8);
            x = Layer(x, "mobilenet_v2.conv_stem.reduce_1x1", 8, 1, isActivated: false);
            long[] channels = [8, 8, 16, 16, 16, 24, 24, 24, 24, 32, 32, 32, 48, 48, 48, 64];
            long[] strides = [2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1];
            for (int i = 0; i < 16; i++)
            {
                string name = $"mobilenet_v2.layer.{i}";
                long inner = 6 * x.shape[1];
                torch.Tensor y = Layer(Layer(x, $"{name}.expand_1x1", inner, 1), $"{name}.conv_3x3", inner, 3, strides[i], inner);
                y = Layer(y, $"{name}.reduce_1x1", channels[i], 1, isActivated: false);
                x = strides[i] == 1 && x.shape[1] == channels[i] ? x + y : y;
            }

            x = Layer(x, "mobilenet_v2.conv_1x1", 40, 1);
            return net.Dense(x.mean([2, 3]), "classifier", 7);
        },
        torch.rand(1, 3, 96, 63),
        Renamed(ArchitectureList.Find("tf_mobilenetv2")!));
    }

    [Fact]
    public void Hugging_Faces_MobileNet_of_any_width() => new MadeNetwork { Epsilon = 1e-3, PadsAsTensorFlow = true }.Check(
        "tf_mobilenetv1",
        (image, net) =>
        {
            torch.Tensor Layer(torch.Tensor y, string name, long channels, long kernel, long stride, long groups) => relu6(net.Norm(
                net.Conv(y, $"mobilenet_v1.{name}.convolution", channels, kernel, stride, groups: groups), $"mobilenet_v1.{name}.normalization"));
            torch.Tensor x = Layer(image, "conv_stem", 8, 3, 2, 1);
            long[] strides = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1];
            for (int i = 0; i < 13; i++)
            {
                x = Layer(x, $"layer.{2 * i}", x.shape[1], 3, strides[i], x.shape[1]);
                x = Layer(x, $"layer.{2 * i + 1}", 8 + 2 * i, 1, 1, 1);
            }

            return net.Dense(x.mean([2, 3]), "classifier", 7);
        },
        torch.rand(1, 3, 96, 63),
        Renamed(ArchitectureList.Find("tf_mobilenetv1")!));

    [Fact]
    public void Hugging_Faces_EfficientNet() => new MadeNetwork { Epsilon = 1e-3, PadsAsTensorFlow = true }.Check(
        "tf_efficientnet_b0",
        (image, net) =>
        {
            torch.Tensor x = silu(net.Norm(net.Conv(image, "efficientnet.embeddings.convolution", 32, 3, 2), "efficientnet.embeddings.batchnorm"));
            int place = 0;
            foreach ((int expansion, int kernel, int first, int channels, int depth) in new[]
            {
                (1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3), (6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1),
            })
            {
                for (int i = 0; i < depth; i++)
                {
                    string name = $"efficientnet.encoder.blocks.{place++}";
                    (long inputs, long stride) = (x.shape[1], i == 0 ? first : 1);
                    long inner = inputs * expansion;
                    torch.Tensor y = expansion == 1
                        ? x
                        : silu(net.Norm(net.Conv(x, $"{name}.expansion.expand_conv", inner, 1), $"{name}.expansion.expand_bn"));
                    y = net.Conv(y, $"{name}.depthwise_conv.depthwise_conv", inner, kernel, stride, groups: inner);
                    y = silu(net.Norm(y, $"{name}.depthwise_conv.depthwise_norm"));
                    torch.Tensor gate = silu(net.Conv(y.mean([2, 3], keepdim: true), $"{name}.squeeze_excite.reduce", inputs / 4, 1, bias: true));
                    y *= net.Conv(gate, $"{name}.squeeze_excite.expand", inner, 1, bias: true).sigmoid();
                    y = net.Norm(net.Conv(y, $"{name}.projection.project_conv", channels, 1), $"{name}.projection.project_bn");
                    x = i > 0 ? x + y : y;
                }
            }

            x = silu(net.Norm(net.Conv(x, "efficientnet.encoder.top_conv", 1280, 1), "efficientnet.encoder.top_bn"));
            return net.Dense(x.mean([2, 3]), "classifier", 7);
        },
        torch.rand(1, 3, 64, 96),
        Renamed(ArchitectureList.Find("tf_efficientnet_b0")!));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Hugging_Faces_RegNet_of_any_size(bool isGated) => new MadeNetwork().Check("regnet", (image, net) =>
    {
        torch.Tensor Unit(torch.Tensor y, string name, long channels, long kernel, long stride = 1, long groups = 1) =>
            net.Norm(net.Conv(y, $"{name}.convolution", channels, kernel, stride, groups: groups), $"{name}.normalization");
        torch.Tensor x = relu(Unit(image, "regnet.embedder.embedder", 8, 3, 2));
        foreach ((int stage, int depth, long channels) in new[] { (0, 1, 16L), (1, 2, 24L), (2, 1, 32L), (3, 1, 40L) })
        {
            for (int i = 0; i < depth; i++)
            {
                string name = $"regnet.encoder.stages.{stage}.layers.{i}";
                long inputs = x.shape[1];
                torch.Tensor y = relu(Unit(x, $"{name}.layer.0", channels, 1));
                y = relu(Unit(y, $"{name}.layer.1", channels, 3, i == 0 ? 2 : 1, channels / 8));
                if (isGated)
                {
                    torch.Tensor gate = net.Conv(y.mean([2, 3], keepdim: true), $"{name}.layer.2.attention.0", inputs / 4, 1, bias: true);
                    y *= net.Conv(relu(gate), $"{name}.layer.2.attention.2", channels, 1, bias: true).sigmoid();
                }

                y = Unit(y, $"{name}.layer.{(isGated ? 3 : 2)}", channels, 1);
                x = relu(y + (i > 0 ? x : Unit(x, $"{name}.shortcut", channels, 1, 2)));
            }
        }

        return net.Dense(x.mean([2, 3]), "classifier.1", 7);
    },
    torch.rand(1, 3, 64, 96),
    Renamed(ArchitectureList.Find("regnet")!));

    [Theory]
    [InlineData("Hugging Face")]
    [InlineData("timm")]
    [InlineData("Facebook")]
    public void ConvNeXt_v2_of_any_size(string library) => new MadeNetwork { Epsilon = 1e-6 }.Check("convnext", (image, net) =>
    {
        string Place(string huggingFace, string timm, string facebook) => library switch
        {
            "Hugging Face" => $"convnextv2.{huggingFace}",
            "timm" => timm,
            _ => facebook,
        };
        torch.Tensor Layer(torch.Tensor y, string name) => layer_norm(
            y.permute(0, 2, 3, 1), [y.shape[1]], net.Weight($"{name}.weight", [y.shape[1]]), net.Weight($"{name}.bias", [y.shape[1]]), 1e-6)
            .permute(0, 3, 1, 2);
        torch.Tensor Dense(torch.Tensor y, string name, long units)
        {
            torch.Tensor weight = net.Weight($"{name}.weight", [units, y.shape[1]]);
            return net.Keep(name, conv2d(y, weight.reshape(units, -1, 1, 1), net.Weight($"{name}.bias", [units])));
        }

        torch.Tensor x = net.Conv(image, Place("embeddings.patch_embeddings", "stem.0", "downsample_layers.0.0"), 8, 4, 4, 0, bias: true);
        x = Layer(x, Place("embeddings.layernorm", "stem.1", "downsample_layers.0.1"));
        for (int stage = 0; stage < 4; stage++)
        {
            if (stage > 0)
            {
                string down = Place($"encoder.stages.{stage}.downsampling_layer", $"stages.{stage}.downsample", $"downsample_layers.{stage}");
                x = net.Conv(Layer(x, $"{down}.0"), $"{down}.1", 8L << stage, 2, 2, 0, bias: true);
            }

            for (int i = 0; i < (stage == 2 ? 2 : 1); i++)
            {
                string name = Place($"encoder.stages.{stage}.layers.{i}", $"stages.{stage}.blocks.{i}", $"stages.{stage}.{i}");
                (string depthwise, string norm, string first, string second, string response) = library switch
                {
                    "Hugging Face" => ("dwconv", "layernorm", "pwconv1", "pwconv2", "grn"),
                    "timm" => ("conv_dw", "norm", "mlp.fc1", "mlp.fc2", "mlp.grn"),
                    _ => ("dwconv", "norm", "pwconv1", "pwconv2", "grn"),
                };
                long channels = x.shape[1];
                torch.Tensor y = Layer(net.Conv(x, $"{name}.{depthwise}", channels, 7, groups: channels, bias: true), $"{name}.{norm}");
                y = gelu(Dense(y, $"{name}.{first}", 4 * channels));
                torch.Tensor length = (y * y).sum([2, 3], keepdim: true).sqrt();
                torch.Tensor share = length / (length.mean([1], keepdim: true) + 1e-6);
                long[] shape = library == "timm" ? [4 * channels] : [1, 1, 1, 4 * channels];
                (string gain, string shift) = library == "Facebook" ? ("gamma", "beta") : ("weight", "bias");
                torch.Tensor Part(string part) => net.Weight($"{name}.{response}.{part}", shape).reshape(1, -1, 1, 1);
                y = Part(gain) * (y * share) + Part(shift) + y;
                x = x + Dense(y, $"{name}.{second}", channels);
            }
        }

        x = x.mean([2, 3], keepdim: true);
        x = Layer(x, Place("layernorm", "head.norm", "norm")).flatten(1);
        return net.Dense(x, library switch { "Hugging Face" => "classifier", "timm" => "head.fc", _ => "head" }, 7);
    },
    torch.rand(1, 3, 64, 96),
    Renamed(ArchitectureList.Find("convnext")!));

    // The name of a layer in the graph, which is that of torchvision where there is one.
    private static Func<string, string> Renamed(Architecture architecture) => layer =>
    {
        using CnnViz.Import.StateDict one =
            new([new CnnViz.Import.StateTensor($"{layer}.weight", torch.ScalarType.Float32, [1], () => torch.ones(1))], "test");
        return architecture.Layouts.Select(layout => layout.Apply(one).Keys.Single())
            .FirstOrDefault(key => key != $"{layer}.weight")?[..^".weight".Length] ?? layer;
    };
}
