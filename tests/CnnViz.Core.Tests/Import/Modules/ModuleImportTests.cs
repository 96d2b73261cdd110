using CnnViz.Ascent;
using CnnViz.Export;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnViz.Tests.Import.Modules;

/// <summary>TorchSharp modules of the session as models.</summary>
public sealed class ModuleImportTests : EngineTest
{
    private static readonly ImportOptions s_small = new() { Preprocessing = Preprocessing.Unit, InputSize = (12, 12) };
    private static readonly AscentOptions s_few = new() { Recipe = Recipe.Classic with { Steps = 4 } };

    [Fact]
    public void Submodules_are_layers_in_the_order_in_which_they_run()
    {
        using var module = new SmallNetwork();
        using CnnModel model = ModelImporter.Import(module, s_small);

        Assert.Equal(
            ["stem.conv", "stem.bn", "relu", "block", "relu_1", "head"], model.Layers.Select(layer => layer.Name));
        Assert.Equal(
            ["Conv2d", "BatchNorm2d", "ReLU", "Conv2d", "ReLU", "Linear"], model.Layers.Select(layer => layer.Kind));
        Assert.Equal(("4×12×12", "3"), (model.GetLayer("relu_1").OutputShape.ToString(), model.GetLayer("head").OutputShape.ToString()));
        Assert.Equal(("SmallNetwork", "TorchSharp", "2×12×12"), (model.Name, model.Format, model.InputShape.ToString()));
        Assert.Equal(76 + 8 + 148 + 15, model.Parameters);
        Assert.Equal("head", Assert.Single(Classifier.Find(model)).Name);
    }

    [Fact]
    public void Modules_that_call_others_are_blocks()
    {
        using var inner = new SmallNetwork();
        using var module = Sequential(("first", Sequential(("conv", Conv2d(3, 2, 1)), ("net", inner))), ("last", Linear(3, 2)));
        using CnnModel model = ModelImporter.Import(module, s_small);

        Assert.Equal(
            ["first.conv", "first.net.stem.conv", "first.net.stem.bn", "first.net.relu", "first.net.block", "first.net.relu_1", "first.net.head", "last"],
            model.Layers.Select(layer => layer.Name));
        Assert.Equal(
            [("first", "Sequential", "3"), ("first.net", "SmallNetwork", "3"), ("first.net.stem", "Sequential", "4×12×12")],
            model.Blocks.Select(block => (block.Name, block.Kind, block.OutputShape.ToString())));
        Assert.Equal(model.GetLayer("first.net.stem.bn").Node, model.GetLayer("first.net.stem").Node);
        Assert.Equal(76 + 8, model.GetLayer("first.net.stem").Parameters);
    }

    [Fact]
    public void A_module_with_a_value_of_its_own_is_a_layer_and_a_block()
    {
        using var module = Sequential(("half", new Half()), ("relu", ReLU()));
        using CnnModel model = ModelImporter.Import(module, s_small);

        Assert.Equal(["half.conv", "half", "relu"], model.Layers.Select(layer => layer.Name));
        Assert.Same(model.GetLayer("half"), Assert.Single(model.Blocks));
        using Tensor image = rand(1, 3, 4, 4);
        using Tensor inner = model.Graph.SubGraph(model.GetLayer("half.conv").Node).Run(image);
        using Tensor outer = model.Graph.SubGraph(model.GetLayer("half").Node).Run(image);
        Assert.Equal(inner.ToFloats().Select(value => value / 2), outer.ToFloats());
    }

    [Fact]
    public void Layers_give_what_the_module_computes_in_evaluation_mode()
    {
        using var module = new SmallNetwork();
        using CnnModel model = ModelImporter.Import(module, s_small);
        using DisposeScope scope = NewDisposeScope();
        Tensor image = rand(3, 2, 9, 15);
        module.eval();
        float[] expected = module.call(image).ToFloats();
        module.train();

        // Together, and alone.
        Tensor[] outputs = model.Graph
            .SubGraph(model.GetLayer("stem").Node, model.GetLayer("head").Node).RunAll(image, redirectGradients: false, default);

        Assert.Equal(expected, outputs[1].ToFloats());
        Assert.Equal([3, 4, 9, 15], outputs[0].shape);
        Assert.Equal(outputs[0].ToFloats(), model.Graph.SubGraph(model.GetLayer("stem").Node).Run(image).ToFloats());
    }

    [Fact]
    public void A_picture_is_made_and_the_module_is_as_before()
    {
        using var module = new SmallNetwork();
        module.Stem.eval();
        module.get_parameter("block.bias")!.requires_grad = false;
        float[] weights = module.get_parameter("block.weight")!.ToFloats();
        using CnnModel model = ModelImporter.Import(module, s_small);

        using FilterImage image = new FilterAscent(model.GetLayer("block"), s_few).Run([1], null, default).Single();

        Assert.True(image.HasSignal);
        Assert.True(image.Activations[^1] > image.Activations[0], string.Join(", ", image.Activations));
        Assert.True(module.training);
        Assert.False(module.Stem.training);
        Assert.False(module.get_parameter("block.bias")!.requires_grad);
        Assert.True(module.get_parameter("block.weight")!.requires_grad);
        Assert.All(module.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.Equal(weights, module.get_parameter("block.weight")!.ToFloats());
    }

    [Fact]
    public void The_gradient_reaches_the_image_and_no_weight()
    {
        using var module = new SmallNetwork();
        using CnnModel model = ModelImporter.Import(module, s_small);
        using DisposeScope scope = NewDisposeScope();
        Tensor image = rand([1, 2, 6, 6], requires_grad: true);

        model.Graph.SubGraph(model.GetLayer("block").Node).Run(image)[.., 2].sum().backward();

        Assert.True(image.grad!.abs().sum().ToSingle() > 0);
        Assert.All(module.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Only_what_a_layer_needs_is_run()
    {
        int calls = 0;
        using var first = Conv2d(3, 2, 1);
        using var last = Conv2d(2, 2, 1);
        using var module = Sequential(("first", first), ("last", last));
        using CnnModel model = ModelImporter.Import(module, s_small);
        last.register_forward_pre_hook(_ => calls++);

        using Tensor image = rand(1, 3, 5, 5);
        model.Graph.SubGraph(model.GetLayer("first").Node).Run(image).Dispose();
        Assert.Equal(0, calls);
        model.Graph.SubGraph(model.GetLayer("first").Node, model.GetLayer("last").Node).Run(image, (_, _) => { });
        Assert.Equal(1, calls);
    }

    [Fact]
    public void A_rectifier_that_is_cut_off_can_let_gradients_back()
    {
        using var module = Sequential(("relu", ReLU()));
        using CnnModel model = ModelImporter.Import(module, s_small);
        using DisposeScope scope = NewDisposeScope();
        Tensor image = full([1, 3, 2, 2], -1f, requires_grad: true);
        SubGraph graph = model.Graph.SubGraph(model.GetLayer("relu").Node);

        float Slope(bool redirect) =>
            autograd.grad([graph.RunAll(image, redirect, default)[0].sum()], [image])[0].abs().sum().ToSingle();

        Assert.Equal((0f, 12f), (Slope(false), Slope(true)));
    }

    [Fact]
    public void A_dead_filter_is_reported_as_such()
    {
        using var module = Sequential(("conv", Conv2d(3, 2, 3)), ("relu", ReLU()));
        using (no_grad())
        {
            module.get_parameter("conv.weight")!.zero_();
        }

        using CnnModel model = ModelImporter.Import(module, s_small);
        using FilterImage image = new FilterAscent(model.GetLayer("conv"), s_few).Run([0], null, default).Single();

        Assert.Equal(AscentStatus.Dead, image.Status);
    }

    [Fact]
    public void What_is_learned_later_shows()
    {
        using var module = Sequential(("conv", Conv2d(1, 1, 1, bias: false)));
        using CnnModel model = ModelImporter.Import(module, s_small);
        using (no_grad())
        {
            module.get_parameter("conv.weight")!.fill_(5);
        }

        using Tensor output = model.Graph.SubGraph(1).Run(ones(1, 1, 1, 1));
        Assert.Equal([5f], output.ToFloats());
    }

    [Fact]
    public void A_module_in_double_precision_is_fed_so()
    {
        using var module = Sequential(("conv", Conv2d(3, 2, 1, dtype: float64)));
        using CnnModel model = ModelImporter.Import(module, s_small);

        using Tensor image = rand(1, 3, 4, 4);
        using Tensor output = model.Graph.SubGraph(1).Run(image);
        Assert.Equal(float32, output.dtype);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Convolutions_do_not_depend_on_what_the_memory_held(bool transposed)
    {
        using DisposeScope scope = NewDisposeScope();
        Module<Tensor, Tensor> conv = transposed ? ConvTranspose2d(20, 10, 3, stride: 2, padding: 1) : Conv2d(20, 10, 3, padding: 1);
        using var module = Sequential(("conv", conv));
        using CnnModel model = ModelImporter.Import(module, s_small);
        Tensor image = rand(1, 20, 40, 40);
        Tensor expected = module.to(float64).call(image.to(float64)).detach();
        module.to(float32);
        for (int size = 1000; size < 2_000_000; size *= 2)
        {
            full([size], float.NaN).Dispose();
        }

        Tensor output = model.Graph.SubGraph(1).Run(image);

        Assert.Equal(expected.shape, output.shape);
        Assert.True((output - expected).abs().max().ToDouble() < 1e-3);
    }

    [Fact]
    public void Weights_tell_channels_and_pixels()
    {
        using var dense = Sequential(("flatten", Flatten()), ("fc", Linear(784, 10)), ("log", LogSoftmax(1)));
        using var coloured = Sequential(("flatten", Flatten()), ("fc", Linear(3072, 10)));
        using var grey = Sequential(("inner", Sequential(("conv", Conv2d(1, 4, 3)))), ("pool", MaxPool2d(2)));
        using CnnModel digits = ModelImporter.Import(dense, new ImportOptions());

        Assert.Equal("1×28×28", digits.InputShape.ToString());
        Assert.Equal("fc", Assert.Single(Classifier.Find(digits)).Name);
        Assert.Equal(PreprocessingSource.Guessed, digits.Preprocessing.Source);
        using CnnModel colours = ModelImporter.Import(coloured, new ImportOptions());
        Assert.Equal("3×32×32", colours.InputShape.ToString());
        using CnnModel maps = ModelImporter.Import(grey, new ImportOptions());
        Assert.Equal("1×224×224", maps.InputShape.ToString());
        using CnnModel pooled = ModelImporter.Import(MaxPool2d(2), s_small with { InputChannels = 5 });
        Assert.Equal(("5×12×12", "output"), (pooled.InputShape.ToString(), pooled.Layers.Single().Name));
    }

    [Fact]
    public void The_hash_is_that_of_the_saved_file()
    {
        string path = Path.GetTempFileName();
        using var module = new SmallNetwork();
        module.save(path);
        using CnnModel model = ModelImporter.Import(module, s_small);
        Assert.Equal(new ModelFile(path).Sha256(), model.Sha256);
        File.Delete(path);
    }

    [Fact]
    public void What_cannot_be_looked_into_is_one_error()
    {
        using var conv = Conv2d(3, 2, 3);
        using var several = LSTM(3, 2);
        using var gone = new SmallNetwork();
        gone.Dispose();

        Assert.Equal("NotAModule", Fails("text"));
        Assert.Equal("ModuleNotImageToTensor", Fails(several));
        Assert.Equal("ModuleCannotRun", Fails(conv, s_small with { InputSize = (2, 2) }));
        Assert.Equal("ModuleCannotRun", Fails(conv, s_small with { InputChannels = 4 }));
        Assert.Equal("ModuleDisposed", Fails(gone));
        Assert.Equal("PreprocessingMismatch", Fails(conv, s_small with { Preprocessing = Preprocessing.ImageNet with { Mean = [1, 2] } }));

        static string Fails(object module, ImportOptions? options = null) =>
            Assert.ThrowsAny<CnnVizException>(() => ModelImporter.Import(module, options ?? s_small)).ErrorId;
    }

    [Fact]
    public void A_module_disposed_later_is_one_error()
    {
        var module = new SmallNetwork();
        using CnnModel model = ModelImporter.Import(module, s_small);
        module.Dispose();
        CnnVizException exception =
            Assert.ThrowsAny<CnnVizException>(() => new FilterAscent(model.GetLayer("block"), s_few).Run([0], null, default).ToArray());
        Assert.Equal("ModuleDisposed", exception.ErrorId);
    }

    [Fact]
    public void A_module_is_not_written_as_ONNX()
    {
        using var module = new SmallNetwork();
        using CnnModel model = ModelImporter.Import(module, s_small);
        Assert.Throws<CnnVizException>(() => OnnxWriter.ToProto(model));
    }

    [Fact]
    public void Nothing_is_left_behind_and_the_module_stays_the_users()
    {
        using var module = new SmallNetwork();
        long before = NativeTensors.Settled();
        using (CnnModel model = ModelImporter.Import(module, s_small))
        {
            foreach (FilterImage image in new FilterAscent(model.GetLayer("relu_1"), s_few).Run([0, 1, 2, 3], null, default))
            {
                image.Dispose();
            }
        }

        Assert.Equal(before, NativeTensors.Settled());
        using Tensor input = rand(1, 2, 4, 4);
        module.call(input).Dispose();
    }

    /// <summary>Half of what a convolution gives.</summary>
    private sealed class Half : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> conv = Conv2d(3, 2, 1);

        public Half()
            : base(nameof(Half)) => RegisterComponents();

        public override Tensor forward(Tensor input) => conv.call(input) / 2;
    }
}
