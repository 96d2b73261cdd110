using CnnViz.Export;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Kernels;
using CnnViz.Networks;
using TorchSharp;

namespace CnnViz.Tests.Import;

/// <summary>Modules that the names in ONNX files tell.</summary>
public sealed class OnnxBlockTests : ReaderTest
{
    // A residual block between two convolutions.
    private const string Residual = "a = Relu(x); b = Conv(a, float[3,3,1,1]); c = Add(b, x); y = Relu(c); z = Conv(y, float[2,3,1,1])";

    private static readonly string[] s_paths =
    [
        "/stem/Conv", "/layer1/layer1.0/relu/Relu", "/layer1/layer1.0/conv/Conv", "/layer1/layer1.0/Add", "/layer1/layer1.0/relu_1/Relu", "/head/Conv",
    ];

    [Fact]
    public void Paths_of_PyTorch_tell_the_modules()
    {
        using CnnModel model = Load(Named(Residual, s_paths));

        Assert.Equal(
            ["stem", "layer1.0.relu", "layer1.0.conv", "layer1.0/add", "layer1.0.relu_1", "head"], model.Layers.Select(layer => layer.Name));
        Assert.Equal(["layer1", "layer1.0"], model.Blocks.Select(block => block.Name));
        Assert.All(model.Blocks, block => Assert.Equal(
            ("Block", true, model.GetLayer("layer1.0.relu_1").Node, 4, "3×8×8", 9L),
            (block.Kind, block.IsBlock, block.Node, block.Index, block.OutputShape.ToString(), block.Parameters)));
    }

    [Fact]
    public void Metadata_tells_the_modules_and_the_number_of_a_call()
    {
        ModelProto proto = OnnxText.Parse(18, Residual, 1, 3, 8, 8);
        Describe(proto, "stem", "block|block.relu", "block|block.conv", "block", "block|block.relu@1", "block@1|block.conv@1");
        using CnnModel model = Load(proto);

        Assert.Equal(["stem", "block.relu", "block.conv", "block/add", "block.relu_1", "block.conv_1"], model.Layers.Select(layer => layer.Name));
        Assert.Equal(["block", "block_1"], model.Blocks.Select(block => block.Name));
        Assert.Equal(model.GetLayer("block.conv_1").Node, model.GetLayer("block_1").Node);
    }

    [Fact]
    public void Slashes_in_names_tell_the_modules()
    {
        string[] names = ["conv1/7x7", "fire/squeeze", "fire/expand", "fire/add", "fire/relu", "head"];
        using CnnModel model = Load(Named(Residual, names));

        Assert.Equal(names, model.Layers.Select(layer => layer.Name));
        Assert.Equal(["conv1:conv1/7x7", "fire:fire/relu"], model.Blocks.Select(block => $"{block.Name}:{model.Layers[block.Index]}"));
    }

    // The convolution is in layer1.0 by its weights; of what is added to it, the file does not say where it is.
    [Fact]
    public void Names_of_weights_tell_no_modules()
    {
        ModelProto proto = Named(Residual, "Conv_0", "Relu_1", "Conv_2", "Add_3", "Relu_4", "Conv_5");
        NodeProto conv = proto.Graph.Node[2];
        TensorProto weight = proto.Graph.Initializer.Single(tensor => tensor.Name == conv.Input[1]);
        conv.Input[1] = weight.Name = "layer1.0.conv.weight";
        using CnnModel model = Load(proto);

        Assert.Equal("layer1.0.conv", model.Layers[2].Name);
        Assert.Empty(model.Blocks);
    }

    [Fact]
    public void What_may_be_within_a_module_or_not_makes_it_none()
    {
        using CnnModel model = Load(Named(Residual, ["stem", "fire/a", "fire/b", "Add_3", "Relu_4", "head"]));

        Assert.Empty(model.Blocks);
    }

    [Fact]
    public void A_module_that_several_values_leave_is_none()
    {
        using CnnModel model = Load(Named("a = Relu(x); b = Tanh(x); y = Add(a, b)", ["/net/stem/Conv", "/net/two/Relu", "/net/two/Tanh", "/net/Add"]));

        Assert.Equal(["net"], model.Blocks.Select(block => block.Name));
    }

    [Fact]
    public void A_module_that_is_known_in_part_is_none()
    {
        using CnnModel model = Load(Named(
            "a = Relu(x); b = Tanh(a); y = Polish(b)", ["/net/stem/conv/Conv", "/net/stem/act/Relu", "/net/end/Tanh", "/net/end/Polish"]));

        Assert.Equal(["net.stem.conv", "net.stem.act", "net.end"], model.Layers.Select(layer => layer.Name));
        Assert.Equal(["net.stem"], model.Blocks.Select(block => block.Name));
    }

    // SiLU is two operations; what the module gives is the second's.
    [Fact]
    public void A_module_of_several_operations_gives_its_name_to_the_last()
    {
        using CnnModel model = Load(Named("a = Sigmoid(x); y = Mul(x, a)", ["/net/conv/Conv", "/net/act/Sigmoid", "/net/act/Mul"]));

        Assert.Equal(["net.conv", "net.act/sigmoid", "net.act"], model.Layers.Select(layer => layer.Name));
        Assert.Equal("Mul", model.GetLayer("net.act").Kind);
    }

    [Fact]
    public void A_file_of_our_own_has_the_same_blocks_again()
    {
        using CnnModel model = Load(Named(Residual, s_paths));
        using CnnModel again = Load(OnnxWriter.ToProto(model));

        Assert.Equal(model.Layers.Select(layer => layer.Name), again.Layers.Select(layer => layer.Name));
        Assert.Equal(
            model.Blocks.Select(block => (block.Name, block.Index, block.Parameters)),
            again.Blocks.Select(block => (block.Name, block.Index, block.Parameters)));
    }

    [Fact]
    public void A_block_runs_as_the_layer_does_that_it_ends_with()
    {
        using CnnModel model = Load(Named(Residual, s_paths));
        using torch.Tensor image = torch.rand(1, 3, 8, 8);
        CnnLayer block = model.GetLayer("layer1");
        long? kernels = model.Graph.SubGraph(model.Layers[block.Index].Node).PrepareKernels(image);

        Assert.Equal(KernelPlan.IsSupported, kernels is not null);
        Assert.Equal(kernels, model.Graph.SubGraph(block.Node).PrepareKernels(image));
        Assert.Equal(model.Layers[block.Index].ReceptiveField, block.ReceptiveField);
    }

    private static ModelProto Named(string statements, params string[] names)
    {
        ModelProto proto = OnnxText.Parse(13, statements, 1, 3, 8, 8);
        foreach ((NodeProto node, string name) in proto.Graph.Node.Zip(names))
        {
            node.Name = name;
            node.Domain = node.OpType == "Polish" ? "com.example" : string.Empty;
        }

        return proto;
    }

    // Modules from the outermost in.
    private static void Describe(ModelProto proto, params string[] modules)
    {
        foreach ((NodeProto node, string names) in proto.Graph.Node.Zip(modules))
        {
            node.MetadataProps.Add(new StringStringEntryProto
            {
                Key = "pkg.torch.onnx.name_scopes",
                Value = $"['', {string.Join(", ", names.Split('|').Select(name => $"'{name}'"))}, 'op']",
            });
        }
    }
}
