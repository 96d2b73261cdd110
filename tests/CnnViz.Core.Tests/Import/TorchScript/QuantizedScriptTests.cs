using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Networks.Operators;
using CnnViz.Tests.Import.Weights;
using TorchSharp;
using Module = CnnViz.Tests.Import.TorchScript.ScriptFile.Module;
using Packed = CnnViz.Tests.Import.TorchScript.ScriptFile.Packed;
using Quantized = CnnViz.Tests.Import.TorchScript.ScriptFile.Quantized;
using Weight = CnnViz.Tests.Import.TorchScript.ScriptFile.Weight;

namespace CnnViz.Tests.Import.TorchScript;

/// <summary>TorchScript of quantized networks, whose weights are packed.</summary>
public sealed class QuantizedScriptTests : WeightFileTest
{
    private const string Code = """
        class Net(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          conv : __torch__.Conv2d
          fc : __torch__.Linear
          def forward(self: __torch__.Net,
            x: Tensor) -> Tensor:
            conv = self.conv
            fc = self.fc
            _0 = torch.quantize_per_tensor(x, 0.0039215689, 0, 13)
            _1 = torch.adaptive_avg_pool2d((conv).forward(_0, ), [2, 2])
            return torch.dequantize((fc).forward(torch.flatten(_1, 1), ))
        class Conv2d(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          _packed_params : __torch__.torch.classes.quantized.Conv2dPackedParamsBase
          def forward(self: __torch__.Conv2d,
            x: Tensor) -> Tensor:
            _packed_params = self._packed_params
            return ops.quantized.conv2d_relu(x, _packed_params, 0.1, 0)
        class Linear(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          scale : float
          _packed_params : __torch__.torch.classes.quantized.LinearPackedParamsBase
          def forward(self: __torch__.Linear,
            x: Tensor) -> Tensor:
            _packed_params = self._packed_params
            scale = self.scale
            return ops.quantized.linear(x, _packed_params, scale, 128)
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Weights_become_the_numbers_that_they_stand_for(bool byChannel)
    {
        string path = Write("quantized.pt", ScriptFile.Write(Code, new Module(
            "Net",
            ("conv", new Module("Conv2d", ("_packed_params", new Packed(
                "Conv2dPackedParamsBase",
                "2",
                new object?[] { new short[] { 2, 2, 2, 1, 1, 1, 1, 0, 0, 1, 0 }, new Quantized([4, 3, 3, 3], byChannel) },
                new object?[] { new Weight([4]) })))),
            ("fc", new Module(
                "Linear",
                ("scale", 0.2),
                ("_packed_params", new Packed("LinearPackedParamsBase", new Quantized([5, 16], byChannel), new Weight([5]))))))));
        using CnnModel model = ModelImporter.Import(path, new ImportOptions { InputSize = (12, 12), Preprocessing = Preprocessing.Unit });

        Assert.Equal(["conv", "conv.relu", "adaptive_avg_pool2d", "fc"], model.Layers.Select(layer => layer.Name));
        Assert.Contains("quantized", model.Remark);

        // Whole numbers of 8 bits, times the scales of the channels.
        torch.Tensor weight = model.Graph.Nodes.First(node => node.Name == "conv").Operator.Weights.First(tensor => tensor.dim() == 4);
        float[] first = weight[0].ToFloats();
        Assert.All(first, value => Assert.Equal(MathF.Round(value / 0.01f), value / 0.01f, 1e-3f));
        Assert.InRange(first.Max(MathF.Abs), 0.64f, 1.28f);

        using DisposeScope scope = torch.NewDisposeScope();
        torch.jit.ScriptModule module = torch.jit.load(path);
        torch.Tensor image = torch.rand(2, 3, 12, 12);
        float[] expected = ((torch.Tensor)module.forward(image)).ToFloats();
        float[] output = model.Graph.SubGraph(model.Graph.Outputs[0]).Run(image).ToFloats();
        // Two steps of the output's scale: what rounding the input, the map and the output can make.
        Assert.All(expected.Zip(output), pair => Assert.Equal(pair.First, pair.Second, 0.4f));
        Assert.True(expected.Max(MathF.Abs) > 1);
    }
}
