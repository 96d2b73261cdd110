using CnnViz.Import;
using CnnViz.Import.Keras;
using CnnViz.Networks;
using CnnViz.Tests.Import.Architectures;
using PureHDF;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Tests.Import.Keras;

/// <summary>
/// Networks of keras.applications with few channels, held against forward passes as Keras writes them, layer by layer, by libtorch's functions. The
/// weights are made by the forward pass, and stored as Keras does.
/// </summary>
public sealed class KerasApplicationParityTests : KerasTest
{
    private readonly Dictionary<string, List<torch.Tensor>> _weights = [];
    private readonly Dictionary<string, torch.Tensor> _outputs = [];
    private int _number = -1;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void MobileNetV2(bool top) => Check("mobilenetv2", "Symmetric", x =>
    {
        x = relu6(Norm(Conv(x, "Conv1", 4, 3, 2, bias: false), "bn_Conv1", 1e-3));
        int[] strides = [1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1];
        long[] channels = [4, 6, 6, 8, 8, 8, 10, 10, 10, 10, 12, 12, 12, 14, 14, 14, 16];
        for (int i = 0; i < strides.Length; i++)
        {
            string name = i == 0 ? "expanded_conv" : $"block_{i}";
            torch.Tensor y = i == 0 ? x : relu6(Norm(Conv(x, $"{name}_expand", 2 * x.shape[1], 1, bias: false), $"{name}_expand_BN", 1e-3));
            y = relu6(Norm(Depthwise(y, $"{name}_depthwise", 3, strides[i]), $"{name}_depthwise_BN", 1e-3));
            y = Norm(Conv(y, $"{name}_project", channels[i], 1, bias: false), $"{name}_project_BN", 1e-3);
            x = i > 0 && strides[i] == 1 && channels[i] == x.shape[1] ? x + y : y;
        }

        x = relu6(Norm(Conv(x, "Conv_1", 20, 1, bias: false), "Conv_1_bn", 1e-3));
        return top ? Dense(x.mean([2, 3]), "predictions", 5) : x;
    });

    [Fact]
    public void DenseNet121() => Check("densenet121", "ImageNet", x =>
    {
        const double epsilon = 1.001e-5;
        x = relu(Norm(Conv(pad(x, [3, 3, 3, 3]), "conv1_conv", 4, 7, 2, same: false, bias: false), "conv1_bn", epsilon));
        x = max_pool2d(pad(x, [1, 1, 1, 1]), 3, 2);
        int[] depths = [6, 12, 24, 16];
        for (int block = 0; block < 4; block++)
        {
            if (block > 0)
            {
                string pool = $"pool{block + 1}";
                x = avg_pool2d(Conv(relu(Norm(x, $"{pool}_bn", epsilon)), $"{pool}_conv", x.shape[1] / 2, 1, bias: false), 2);
            }

            for (int i = 1; i <= depths[block]; i++)
            {
                string name = $"conv{block + 2}_block{i}";
                torch.Tensor y = Conv(relu(Norm(x, $"{name}_0_bn", epsilon)), $"{name}_1_conv", 6, 1, bias: false);
                y = Conv(relu(Norm(y, $"{name}_1_bn", epsilon)), $"{name}_2_conv", 2, 3, bias: false);
                x = torch.cat([x, y], 1);
            }
        }

        return Dense(relu(Norm(x, "bn", epsilon)).mean([2, 3]), "predictions", 5);
    });

    [Fact]
    public void Xception() => Check("xception", "Symmetric", x =>
    {
        torch.Tensor Separable(torch.Tensor y, string name, long channels)
        {
            torch.Tensor depthwise = Made($"{name}/depthwise", [y.shape[1], 1, 3, 3], "weight");
            torch.Tensor pointwise = Made($"{name}/pointwise", [channels, y.shape[1], 1, 1], "weight");
            _weights[name] = [depthwise.permute(2, 3, 0, 1), pointwise.permute(2, 3, 1, 0)];
            y = conv2d(conv2d(y, depthwise, padding: [1, 1], groups: y.shape[1]), pointwise);
            return Norm(Keep(name, y), $"{name}_bn", 1e-3);
        }

        x = relu(Norm(Conv(x, "block1_conv1", 4, 3, 2, same: false, bias: false), "block1_conv1_bn", 1e-3));
        x = relu(Norm(Conv(x, "block1_conv2", 6, 3, same: false, bias: false), "block1_conv2_bn", 1e-3));
        for (int block = 2; block <= 13; block++)
        {
            string name = $"block{block}";
            torch.Tensor input = x;
            if (block is 2 or 3 or 4 or 13)
            {
                long channels = 6 + block;
                torch.Tensor shortcut = Numbered(x, channels, 1, 2);
                x = Separable(block == 2 ? x : relu(x), $"{name}_sepconv1", channels);
                x = Separable(relu(x), $"{name}_sepconv2", channels);
                x = max_pool2d(PadSame(x, 3, 2, float.NegativeInfinity), 3, 2) + shortcut;
            }
            else
            {
                for (int i = 1; i <= 3; i++)
                {
                    x = Separable(relu(x), $"{name}_sepconv{i}", input.shape[1]);
                }

                x += input;
            }
        }

        x = relu(Separable(x, "block14_sepconv1", 20));
        return Dense(relu(Separable(x, "block14_sepconv2", 24)).mean([2, 3]), "predictions", 5);
    });

    [Fact]
    public void InceptionResNetV2() => Check("inception_resnet_v2", "Symmetric", x =>
    {
        torch.Tensor Unit(torch.Tensor y, long channels, long kernel, long stride = 1, bool same = true) =>
            relu(Numbered(y, channels, kernel, stride, same, scale: false));
        torch.Tensor Long(torch.Tensor y, long channels, long rows, long columns)
        {
            string number = NextNumber();
            torch.Tensor kernel = Made($"conv2d{number}", [channels, y.shape[1], rows, columns], "weight");
            _weights[$"conv2d{number}"] = [kernel.permute(2, 3, 1, 0)];
            y = Keep($"conv2d{number}", conv2d(y, kernel, padding: [rows / 2, columns / 2]));
            return relu(Norm(y, $"batch_normalization{number}", 1e-3, scale: false));
        }

        torch.Tensor Close(torch.Tensor input, string name, float scale, torch.Tensor[] branches) =>
            input + Conv(torch.cat(branches, 1), $"{name}_conv", input.shape[1], 1) * scale;

        x = Unit(x, 2, 3, 2, false);
        x = max_pool2d(Unit(Unit(x, 2, 3, 1, false), 3, 3), 3, 2);
        x = max_pool2d(Unit(Unit(x, 4, 1, 1, false), 5, 3, 1, false), 3, 2);
        torch.Tensor first = Unit(x, 2, 1);
        torch.Tensor second = Unit(Unit(x, 2, 1), 2, 5);
        torch.Tensor third = Unit(Unit(Unit(x, 2, 1), 3, 3), 3, 3);
        x = torch.cat([first, second, third, Unit(avg_pool2d(x, 3, 1, 1, count_include_pad: false), 2, 1)], 1);
        for (int i = 1; i <= 10; i++)
        {
            torch.Tensor[] branches = [Unit(x, 2, 1), Unit(Unit(x, 2, 1), 2, 3), Unit(Unit(Unit(x, 2, 1), 3, 3), 4, 3)];
            x = relu(Close(x, $"block35_{i}", 0.17f, branches));
        }

        first = Unit(x, 4, 3, 2, false);
        x = torch.cat([first, Unit(Unit(Unit(x, 3, 1), 3, 3), 4, 3, 2, false), max_pool2d(x, 3, 2)], 1);
        for (int i = 1; i <= 20; i++)
        {
            torch.Tensor[] branches = [Unit(x, 3, 1), Long(Long(Unit(x, 2, 1), 3, 1, 7), 3, 7, 1)];
            x = relu(Close(x, $"block17_{i}", 0.1f, branches));
        }

        first = Unit(Unit(x, 2, 1), 3, 3, 2, false);
        second = Unit(Unit(x, 2, 1), 3, 3, 2, false);
        x = torch.cat([first, second, Unit(Unit(Unit(x, 2, 1), 3, 3), 4, 3, 2, false), max_pool2d(x, 3, 2)], 1);
        for (int i = 1; i <= 10; i++)
        {
            torch.Tensor[] branches = [Unit(x, 3, 1), Long(Long(Unit(x, 2, 1), 3, 1, 3), 3, 3, 1)];
            x = Close(x, $"block8_{i}", i == 10 ? 1 : 0.2f, branches);
            x = i == 10 ? x : relu(x);
        }

        x = relu(Norm(Conv(x, "conv_7b", 12, 1, bias: false), "conv_7b_bn", 1e-3, scale: false));
        return Dense(x.mean([2, 3]), "predictions", 5);
    },
    size: 107);

    [Theory]
    [InlineData("efficientnetb0", 1.0)]
    [InlineData("efficientnetb3", 1.4)]
    public void EfficientNet(string name, double depth) => Check(name, "ImageNet", x =>
    {
        x = silu(Norm(Conv(x, "stem_conv", 4, 3, 2, bias: false), "stem_bn", 1e-3));
        (long Kernel, int Stride, int Depth)[] stages = [(3, 1, 1), (3, 2, 2), (5, 2, 2), (3, 2, 3), (5, 1, 3), (5, 2, 4), (3, 1, 1)];
        for (int stage = 0; stage < stages.Length; stage++)
        {
            for (int i = 0; i < Math.Ceiling(stages[stage].Depth * depth); i++)
            {
                string block = $"block{stage + 1}{"abcdefgh"[i]}_";
                torch.Tensor y = stage == 0
                    ? x
                    : silu(Norm(Conv(x, $"{block}expand_conv", 2 * x.shape[1], 1, bias: false), $"{block}expand_bn", 1e-3));
                y = silu(Norm(Depthwise(y, $"{block}dwconv", stages[stage].Kernel, i == 0 ? stages[stage].Stride : 1), $"{block}bn", 1e-3));
                torch.Tensor gate = silu(Conv(y.mean([2, 3], keepdim: true), $"{block}se_reduce", 2, 1));
                y *= Conv(gate, $"{block}se_expand", y.shape[1], 1).sigmoid();
                y = Norm(Conv(y, $"{block}project_conv", 4 + stage, 1, bias: false), $"{block}project_bn", 1e-3);
                x = i > 0 ? x + y : y;
            }
        }

        _weights["normalization"] = [torch.zeros(3), torch.ones(3)];
        x = silu(Norm(Conv(x, "top_conv", 16, 1, bias: false), "top_bn", 1e-3));
        return Dense(x.mean([2, 3]), "predictions", 5);
    });

    [Fact]
    public void ResNet50V2() => Check("resnet50v2", "Symmetric", x =>
    {
        const double epsilon = 1.001e-5;
        x = Conv(pad(x, [3, 3, 3, 3]), "conv1_conv", 4, 7, 2, same: false);
        x = max_pool2d(pad(x, [1, 1, 1, 1]), 3, 2);
        int[] depths = [3, 4, 6, 3];
        for (int stage = 0; stage < 4; stage++)
        {
            for (int i = 1; i <= depths[stage]; i++)
            {
                string name = $"conv{stage + 2}_block{i}";
                long stride = i == depths[stage] && stage < 3 ? 2 : 1;
                torch.Tensor start = relu(Norm(x, $"{name}_preact_bn", epsilon));
                torch.Tensor y = relu(Norm(Conv(start, $"{name}_1_conv", 2 + stage, 1, bias: false), $"{name}_1_bn", epsilon));
                y = Conv(pad(y, [1, 1, 1, 1]), $"{name}_2_conv", 2 + stage, 3, stride, same: false, bias: false);
                y = Conv(relu(Norm(y, $"{name}_2_bn", epsilon)), $"{name}_3_conv", 8 + 4 * stage, 1);
                torch.Tensor shortcut = i == 1 ? Conv(start, $"{name}_0_conv", 8 + 4 * stage, 1, stride)
                    : stride > 1 ? max_pool2d(x, 1, stride) : x;
                x = shortcut + y;
            }
        }

        return Dense(relu(Norm(x, "post_bn", epsilon)).mean([2, 3]), "predictions", 5);
    });

    private void Check(string name, string preprocessing, Func<torch.Tensor, torch.Tensor> forward, int size = 96)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        torch.Tensor image = torch.rand(1, 3, size, size + 16);
        forward(image);
        ModelSource source = KerasReader.Read("test.h5", Write());
        Assert.Equal((name, preprocessing), (source.Architecture, source.Preprocessing.Name));
        using (source.Graph)
        {
            string[] names = [.. source.Graph.Nodes.Select(node => node.Name)];
            string[] layers = [.. _outputs.Keys];
            int[] places = [.. layers.Select(layer => Array.IndexOf(names, layer))];
            Assert.DoesNotContain(-1, places);
            torch.Tensor[] values = source.Graph.SubGraph(places).RunAll(image, redirectGradients: false, CancellationToken.None);
            Assert.All(layers.Zip(values), pair =>
            {
                torch.Tensor expected = _outputs[pair.First];
                Assert.Equal(expected.shape, pair.Second.shape);
                double largest = expected.abs().max().item<float>();
                double error = (expected - pair.Second).abs().max().item<float>();
                Assert.True(error <= 1e-4 * largest, $"{pair.First} differs by {error} of {largest}.");
            });
        }
    }

    private torch.Tensor Keep(string layer, torch.Tensor value) => _outputs[layer] = value;

    private static torch.Tensor Made(string key, long[] shape, string role) => torch.tensor(RuleWeights.Values(key, shape, role)).reshape(shape);

    private string NextNumber() => ++_number == 0 ? string.Empty : $"_{_number}";

    // A convolution and a normalization that Keras numbers.
    private torch.Tensor Numbered(torch.Tensor x, long channels, long kernel, long stride, bool same = true, bool scale = true)
    {
        string number = NextNumber();
        return Norm(Conv(x, $"conv2d{number}", channels, kernel, stride, same, bias: false), $"batch_normalization{number}", 1e-3, scale);
    }

    private torch.Tensor Conv(torch.Tensor x, string name, long channels, long kernel, long stride = 1, bool same = true, bool bias = true)
    {
        torch.Tensor weight = Made(name, [channels, x.shape[1], kernel, kernel], "weight");
        torch.Tensor? shift = bias ? Made($"{name}/bias", [channels], "bias") : null;
        _weights[name] = [weight.permute(2, 3, 1, 0), .. shift is null ? Array.Empty<torch.Tensor>() : [shift]];
        return Keep(name, conv2d(same ? PadSame(x, kernel, stride) : x, weight, shift, strides: [stride, stride]));
    }

    private torch.Tensor Depthwise(torch.Tensor x, string name, long kernel, long stride)
    {
        torch.Tensor weight = Made(name, [x.shape[1], 1, kernel, kernel], "weight");
        _weights[name] = [weight.permute(2, 3, 0, 1)];
        return Keep(name, conv2d(PadSame(x, kernel, stride), weight, strides: [stride, stride], groups: x.shape[1]));
    }

    private torch.Tensor Norm(torch.Tensor x, string name, double epsilon, bool scale = true)
    {
        torch.Tensor Part(string role) => Made($"{name}/{role}", [x.shape[1]], role);
        (torch.Tensor gamma, torch.Tensor beta, torch.Tensor mean, torch.Tensor variance) =
            (scale ? Part("norm_weight") : torch.ones(x.shape[1]), Part("bias"), Part("running_mean"), Part("running_var"));
        _weights[name] = [.. scale ? [gamma] : Array.Empty<torch.Tensor>(), beta, mean, variance];
        return Keep(name, batch_norm(x, mean, variance, gamma, beta, eps: epsilon));
    }

    private torch.Tensor Dense(torch.Tensor x, string name, long units)
    {
        torch.Tensor weight = Made(name, [units, x.shape[1]], "weight");
        torch.Tensor bias = Made($"{name}/bias", [units], "bias");
        _weights[name] = [weight.t(), bias];
        return Keep(name, linear(x, weight, bias));
    }

    private static torch.Tensor PadSame(torch.Tensor x, long kernel, long stride, float value = 0)
    {
        long Total(long size) => Math.Max(0, ((size + stride - 1) / stride - 1) * stride + kernel - size);
        (long rows, long columns) = (Total(x.shape[2]), Total(x.shape[3]));
        return pad(x, [columns / 2, columns - columns / 2, rows / 2, rows - rows / 2], value: value);
    }

    private byte[] Write()
    {
        var file = new H5File { Attributes = { ["layer_names"] = _weights.Keys.ToArray(), ["backend"] = "tensorflow" } };
        foreach ((string layer, List<torch.Tensor> values) in _weights)
        {
            var group = new H5Group { Attributes = { ["weight_names"] = values.Select((_, i) => $"{layer}/{i}").ToArray() } };
            var inner = new H5Group();
            for (int i = 0; i < values.Count; i++)
            {
                inner[$"{i}"] = KerasFile.Plain(new Pixels(
                    values[i].contiguous().data<float>().ToArray(), [.. values[i].shape.Select(side => (int)side)]));
            }

            group[layer] = inner;
            file[layer] = group;
        }

        return KerasFile.ToBytes(file);
    }
}
