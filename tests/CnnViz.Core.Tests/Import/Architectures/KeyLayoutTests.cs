using CnnViz.Import;
using CnnViz.Import.Architectures;
using TorchSharp;

namespace CnnViz.Tests.Import.Architectures;

public sealed class KeyLayoutTests : EngineTest
{
    [Theory]
    [InlineData("densenet121", "features.denseblock2.denselayer11.norm1.weight", "features.denseblock2.denselayer11.norm.1.weight")]
    [InlineData("densenet121", "features.denseblock1.denselayer1.conv2.weight", "features.denseblock1.denselayer1.conv.2.weight")]
    [InlineData("resnet50", "conv1.weight", "resnet.embedder.embedder.convolution.weight")]
    [InlineData("resnet50", "bn1.running_mean", "resnet.embedder.embedder.normalization.running_mean")]
    [InlineData("resnet50", "layer3.5.conv3.weight", "resnet.encoder.stages.2.layers.5.layer.2.convolution.weight")]
    [InlineData("resnet50", "layer1.0.bn2.bias", "resnet.encoder.stages.0.layers.0.layer.1.normalization.bias")]
    [InlineData("resnet50", "layer2.0.downsample.1.running_var", "resnet.encoder.stages.1.layers.0.shortcut.normalization.running_var")]
    [InlineData("resnet50", "fc.bias", "classifier.1.bias")]
    [InlineData("regnet_y_400mf", "stem.1.weight", "stem.bn.weight")]
    [InlineData("regnet_y_400mf", "trunk_output.block3.block3-5.f.b.0.weight", "s3.b6.conv2.conv.weight")]
    [InlineData("regnet_y_400mf", "trunk_output.block4.block4-0.f.se.fc2.bias", "s4.b1.se.fc2.bias")]
    [InlineData("regnet_y_400mf", "trunk_output.block2.block2-0.proj.1.bias", "s2.b1.downsample.bn.bias")]
    [InlineData("regnet_y_400mf", "fc.weight", "head.fc.weight")]
    [InlineData("convnext_tiny", "features.0.1.bias", "stem.1.bias")]
    [InlineData("convnext_tiny", "features.4.0.weight", "stages.2.downsample.0.weight")]
    [InlineData("convnext_tiny", "features.5.8.block.3.weight", "stages.2.blocks.8.mlp.fc1.weight")]
    [InlineData("convnext_tiny", "features.1.0.layer_scale", "stages.0.blocks.0.gamma")]
    [InlineData("convnext_tiny", "classifier.0.weight", "head.norm.weight")]
    [InlineData("convnext_tiny", "features.0.0.weight", "convnext.embeddings.patch_embeddings.weight")]
    [InlineData("convnext_tiny", "features.7.2.block.2.bias", "convnext.encoder.stages.3.layers.2.layernorm.bias")]
    [InlineData("convnext_tiny", "features.2.1.weight", "convnext.encoder.stages.1.downsampling_layer.1.weight")]
    [InlineData("convnext_tiny", "classifier.2.bias", "classifier.bias")]
    [InlineData("convnext_tiny", "features.6.1.bias", "downsample_layers.3.1.bias")]
    [InlineData("convnext_tiny", "features.3.1.block.5.bias", "stages.1.1.pwconv2.bias")]
    [InlineData("convnext_tiny", "classifier.0.bias", "norm.bias")]
    [InlineData("efficientnet_b0", "features.0.0.weight", "conv_stem.weight")]
    [InlineData("efficientnet_b0", "features.0.1.running_mean", "bn1.running_mean")]
    [InlineData("efficientnet_b0", "features.1.0.block.0.0.weight", "blocks.0.0.conv_dw.weight")]
    [InlineData("efficientnet_b0", "features.1.0.block.1.fc2.bias", "blocks.0.0.se.conv_expand.bias")]
    [InlineData("efficientnet_b3", "features.6.4.block.3.1.weight", "blocks.5.4.bn3.weight")]
    [InlineData("efficientnet_b3", "features.8.1.bias", "bn2.bias")]
    [InlineData("mobilenet_v2", "features.1.conv.1.weight", "blocks.0.0.conv_pw.weight")]
    [InlineData("mobilenet_v2", "features.1.conv.2.bias", "blocks.0.0.bn2.bias")]
    [InlineData("mobilenet_v2", "features.9.conv.1.1.running_var", "blocks.3.2.bn2.running_var")]
    [InlineData("mobilenet_v2", "features.17.conv.3.weight", "blocks.6.0.bn3.weight")]
    public void A_tensor_is_known_by_the_name_that_it_has_elsewhere(string architecture, string name, string elsewhere)
    {
        using var tensors = new StateDict([new StateTensor(elsewhere, torch.ScalarType.Float32, [1], () => torch.ones(1))], "test");

        Assert.Contains(ArchitectureList.Find(architecture)!.Layouts, layout => layout.Apply(tensors).ContainsKey(name));
    }

    [Fact]
    public void A_network_with_keys_from_elsewhere_is_found_whole()
    {
        Architecture architecture = ArchitectureList.Find("densenet121")!;
        using StateDict tensors = ArchitectureTensors.Of(architecture);
        StateTensor[] dotted = [.. tensors.Tensors.Select(tensor => tensor with
        {
            Name = System.Text.RegularExpressions.Regex.Replace(tensor.Name, @"(denselayer\d+\.(?:norm|conv))([12])", "$1.$2"),
        })];
        Assert.NotEqual(tensors.Tensors.Select(tensor => tensor.Name), dotted.Select(tensor => tensor.Name));
        using var old = new StateDict(dotted, "test");

        Assert.Equal("densenet121", ArchitectureChooser.Choose("densenet121.pth", old, null).Architecture.Name);
    }

    // Each part of a block has one name there, whatever the block: a name too few or too many and the network would not be found.
    [Theory]
    [InlineData("efficientnet_b0")]
    [InlineData("mobilenet_v2")]
    public void Networks_of_timm_are_found_whole(string name)
    {
        using StateDict tensors = ArchitectureTensors.Of(ArchitectureList.Find(name)!);
        using var timm = new StateDict(
            [.. tensors.Tensors.Select(tensor => tensor with { Name = TimmNames.Of(name, tensor.Name) })], "test");

        Assert.DoesNotContain(timm.Tensors, tensor => tensor.Name.StartsWith("features", StringComparison.Ordinal));
        Assert.Equal(tensors.Tensors.Count, timm.Tensors.Select(tensor => tensor.Name).Distinct().Count());
        Assert.Equal(name, ArchitectureChooser.Choose("timm.bin", timm, null).Architecture.Name);
    }

    [Fact]
    public void Scales_without_the_dimensions_of_an_image_fit_too()
    {
        Architecture architecture = ArchitectureList.Find("convnext_tiny")!;
        using StateDict tensors = ArchitectureTensors.Of(architecture);
        using var flat = new StateDict(
            [.. tensors.Tensors.Select(tensor => tensor.Shape is [var channels, 1, 1] ? tensor with { Shape = [channels] } : tensor)],
            "test");

        Assert.True(new ArchitectureMatch(architecture, flat).Fits);
    }
}
