using System.Text.Json;
using CnnViz.Export;
using CnnViz.Import;
using CnnViz.Import.Architectures;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Tests.Import.Architectures;

public sealed class CheckpointImportTests : EngineTest
{
    [SkippableTheory]
    [InlineData("a_squeezenet1_1_zip.pth")]
    [InlineData("b_squeezenet1_1_legacy.pth")]
    [InlineData("c_squeezenet1_1_fp16.pth")]
    [InlineData("c_squeezenet1_1_bf16.pth")]
    [InlineData("d_nested_module_prefix.pth")]
    [InlineData("g_squeezenet1_1.safetensors")]
    public void A_checkpoint_becomes_the_model_that_was_saved(string file)
    {
        using CnnModel model = ModelImporter.Import(TestFiles.Shared("parity", "checkpoints", file), new ImportOptions());

        Assert.Equal(("squeezenet1_1", PreprocessingSource.Convention), (model.Architecture, model.Preprocessing.Source));
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(TestFiles.Shared("parity", "checkpoints", "expected.json")));
        JsonElement expected = document.RootElement.GetProperty(file).GetProperty("output_S96");
        using torch.Tensor image = RuleWeights.Image(96);
        using torch.Tensor output = model.Graph.SubGraph(model.Graph.Outputs[0]).Run(image);
        float[] values = output.ToFloats();
        Assert.All(
            expected.GetProperty("at").EnumerateArray().Zip(expected.GetProperty("values").EnumerateArray()),
            pair => Assert.Equal(pair.Second.GetDouble(), values[pair.First.GetInt32()], 1e-4));
    }

    [SkippableFact]
    public void A_CIFAR_ResNet_comes_with_its_layers()
    {
        using CnnModel model = ModelImporter.Import(TestFiles.Shared("models", "resnet20-12fca82f.th"), new ImportOptions());

        Assert.Equal(("resnet20", "3×32×32"), (model.Architecture, model.InputShape.ToString()));
        Assert.Equal(
            ["conv1", "bn1", "relu", "layer1.0.conv1", "layer1.0.bn1", "layer1.0.relu"],
            model.Layers.Take(6).Select(layer => layer.Name));
        Assert.Equal(("64×8×8", 10), (model.GetLayer("layer3.2.relu_1").OutputShape.ToString(), model.GetLayer("linear").Filters));
        Assert.Equal(269722, model.Parameters);
    }

    [Theory]
    [InlineData("resnet20", 32)]
    [InlineData("resnext50_32x4d", 64)]
    [InlineData("shufflenet_v2_x0_5", 64)]
    [InlineData("mobilenet_v3_small", 64)]
    [InlineData("efficientnet_b0", 64)]
    [InlineData("convnext_tiny", 64)]
    [InlineData("densenet121", 64)]
    [InlineData("googlenet", 64)]
    public void An_architecture_is_written_as_ONNX(string name, int size)
    {
        Architecture architecture = ArchitectureList.Find(name)!;
        using StateDict tensors = RuleWeights.For(architecture);
        var match = new ArchitectureMatch(architecture, tensors);
        var facts = new ModelFacts(name, name, "test", string.Empty, new LayerShape(3, size, size, IsMap: true), Preprocessing.Unit);
        using var model = new CnnModel(match.Build(), facts, torch.CPU);
        using torch.Tensor image = RuleWeights.Image(size);
        using torch.Tensor actual = model.Graph.SubGraph(model.Graph.Outputs[0]).Run(image);

        ModelProto file = OnnxWriter.ToProto(model);

        float[] expected = OnnxRuntimeReference.RunOutputs(file, image.ToFloats(), [1, 3, size, size]).Single().Values;
        Assert.InRange(OnnxRuntimeReference.WorstError(expected, actual.ToFloats()), 0, 1e-4);
    }
}
