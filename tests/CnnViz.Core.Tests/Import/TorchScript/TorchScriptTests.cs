using CnnViz.Ascent;
using CnnViz.Export;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using CnnViz.Tests.Import.Weights;
using TorchSharp;
using Module = CnnViz.Tests.Import.TorchScript.ScriptFile.Module;
using Weight = CnnViz.Tests.Import.TorchScript.ScriptFile.Weight;

namespace CnnViz.Tests.Import.TorchScript;

/// <summary>Files of torch.jit.save.</summary>
public sealed class TorchScriptTests : WeightFileTest
{
    // As PyTorch prints a traced module: a stem in a container, a shortcut, a dense layer.
    private const string Code = """
        class Net(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          features : __torch__.Features
          block : __torch__.Block
          fc : __torch__.Linear
          def forward(self: __torch__.Net,
            x: Tensor) -> Tensor:
            fc = self.fc
            block = self.block
            features = self.features
            _0 = (block).forward((features).forward(x, ), )
            _1 = torch.adaptive_avg_pool2d(_0, [1, 1])
            input = torch.flatten(_1, 1)
            return (fc).forward(input, )
        class Features(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          __annotations__["0"] = __torch__.Conv2d
          __annotations__["1"] = __torch__.BatchNorm2d
          def forward(self: __torch__.Features,
            x: Tensor) -> Tensor:
            _0 = getattr(self, "0")
            _1 = getattr(self, "1")
            return torch.relu_((_1).forward((_0).forward(x, ), ))
        class Block(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          conv : __torch__.Conv2d
          def forward(self: __torch__.Block,
            x: Tensor) -> Tensor:
            conv = self.conv
            out = BLOCK((conv).forward(x, ))
            return torch.add(out, x, alpha=1)
        class Conv2d(Module):
          __parameters__ = ["weight", "bias", ]
          __buffers__ = []
          weight : Tensor
          bias : Tensor
          training : bool
          def forward(self: __torch__.Conv2d,
            x: Tensor) -> Tensor:
            bias = self.bias
            weight = self.weight
            if torch.eq(torch.dim(x), 4):
              _0 = torch._convolution(x, weight, bias, [1, 1], [1, 1], [1, 1], False, [0, 0], 1, False, False, True, True)
            else:
              ops.prim.RaiseException("no stride")
              _0 = x
            return _0
        class BatchNorm2d(Module):
          __parameters__ = ["weight", "bias", ]
          __buffers__ = ["running_mean", "running_var", ]
          weight : Tensor
          bias : Tensor
          running_mean : Tensor
          running_var : Tensor
          training : bool
          def forward(self: __torch__.BatchNorm2d,
            x: Tensor) -> Tensor:
            running_var = self.running_var
            running_mean = self.running_mean
            bias = self.bias
            weight = self.weight
            _0 = torch.batch_norm(x, weight, bias, running_mean, running_var, False, 0.10000000000000001, 1.0000000000000001e-05, True)
            return _0
        class Linear(Module):
          __parameters__ = ["weight", "bias", ]
          __buffers__ = []
          weight : Tensor
          bias : Tensor
          training : bool
          def forward(self: __torch__.Linear,
            x: Tensor) -> Tensor:
            bias = self.bias
            weight = self.weight
            return torch.linear(x, weight, bias)
        """;

    private static readonly Module s_net = new(
        "Net",
        ("features", new Module(
            "Features",
            ("0", new Module("Conv2d", ("weight", new Weight([4, 2, 3, 3])), ("bias", new Weight([4])))),
            ("1", new Module("BatchNorm2d", ScriptFile.Norm(4))))),
        ("block", new Module("Block", ("conv", new Module("Conv2d", ("weight", new Weight([4, 4, 3, 3])), ("bias", new Weight([4])))))),
        ("fc", new Module("Linear", ("weight", new Weight([3, 4])), ("bias", new Weight([3])))));

    private static readonly ImportOptions s_options = new() { InputSize = (10, 10), Preprocessing = Preprocessing.Unit };

    [Fact]
    public void What_the_program_does_becomes_layers_under_the_names_of_its_modules()
    {
        using CnnModel model = ModelImporter.Import(File("torch.tanh"), s_options);

        Assert.Equal(
            ["features.0", "features.1", "features.relu", "block.conv", "block.tanh", "block.add", "adaptive_avg_pool2d", "fc"],
            model.Layers.Select(layer => layer.Name));
        Assert.Equal(("TorchScript", "2×10×10", null), (model.Format, model.InputShape.ToString(), model.Remark));
        Assert.Equal("5×5 / 1", model.GetLayer("block.conv").ReceptiveField.ToString());
        Assert.Equal("fc", Assert.Single(Classifier.Find(model)).Name);
        AssertComputes(model, "torch.tanh");
        Assert.NotEmpty(OnnxWriter.ToProto(model).Graph.Node);
    }

    [Theory]
    [InlineData("torch.div(x, 255)", 255)]
    [InlineData("torch.sub(torch.mul(x, 2.), 1)", 1)]
    public void A_program_that_scales_its_image_tells_the_range(string scaled, float range)
    {
        string code = Code.Replace("(features).forward(x, )", $"(features).forward({scaled}, )");
        using CnnModel model = ModelImporter.Import(File("torch.tanh", code), s_options with { Preprocessing = null });

        Assert.Equal((range, PreprocessingSource.Metadata), (model.Preprocessing.Scale, model.Preprocessing.Source));
    }

    [Fact]
    public void What_is_not_understood_costs_what_comes_after_it_and_is_said()
    {
        using CnnModel model = ModelImporter.Import(File("torch.sinh"), s_options);

        Assert.Equal(["features.0", "features.1", "features.relu", "block.conv"], model.Layers.Select(layer => layer.Name));
        Assert.StartsWith("5 operations at the end were left out: torch.sinh", model.Remark);
        using FilterImage image = new FilterAscent(model.GetLayer("block.conv"), new AscentOptions { Recipe = Recipe.Classic with { Steps = 4 } })
            .Run([1], null, default).Single();
        Assert.True(image.Activations[^1] > image.Activations[0]);
    }

    [Fact]
    public void What_works_in_place_changes_what_the_program_uses_afterwards()
    {
        string odd = Code.Replace("[0, 0], 1, False, False, True, True)", "[0, 0], 1, False, False, True, True)\n      torch.relu_(_0)");
        using CnnModel model = ModelImporter.Import(File("torch.tanh", odd), s_options);

        AssertComputes(model, "torch.tanh", odd);
    }

    [Fact]
    public void A_part_that_was_changed_in_place_makes_the_whole_unknown()
    {
        string odd = Code.Replace("_1 = torch.adaptive", "_2 = torch.select(_0, 1, 0)\n    _3 = torch.relu_(_2)\n    _1 = torch.adaptive");
        using CnnModel model = ModelImporter.Import(File("torch.tanh", odd), s_options);

        Assert.Equal("block.add", model.Layers.Where(layer => layer.Kind != "ReLU").Last().Name);
        Assert.Contains("in place", model.Remark);
    }

    [Fact]
    public void A_module_that_is_used_twice_is_two_layers()
    {
        string twice = Code.Replace("out = BLOCK((conv).forward(x, ))", "out = BLOCK((conv).forward((conv).forward(x, ), ))");
        using CnnModel model = ModelImporter.Import(File("torch.tanh", twice), s_options);

        Assert.Contains("block.conv_1", model.Layers.Select(layer => layer.Name));
        AssertComputes(model, "torch.tanh", twice);
    }

    [Fact]
    public void Modules_with_one_output_are_blocks()
    {
        using CnnModel model = ModelImporter.Import(File("torch.tanh"), s_options);

        Assert.Equal(
            [("features", "features.relu", 4 * 2 * 9 + 4 + 8), ("block", "block.add", 4 * 4 * 9 + 4)],
            model.Blocks.Select(block => (block.Name, model.Layers[block.Index].Name, (int)block.Parameters)));
    }

    [Fact]
    public void A_second_call_of_a_module_is_a_block_with_a_number()
    {
        string twice = Code.Replace("(block).forward((features).forward(x, ), )", "(block).forward((block).forward((features).forward(x, ), ), )");
        using CnnModel model = ModelImporter.Import(File("torch.tanh", twice), s_options);

        Assert.Equal(
            ["features: features.relu", "block: block.add", "block_1: block.add_1"],
            model.Blocks.Select(block => $"{block.Name}: {model.Layers[block.Index]}"));
        AssertComputes(model, "torch.tanh", twice);
    }

    [Theory]
    [InlineData("torch.sinh", "return torch.add(out, x, alpha=1)")] // is not known
    [InlineData("torch.tanh", "return (out, torch.add(out, x, alpha=1))")]
    public void A_module_with_several_outputs_or_one_that_is_not_known_is_no_block(string operation, string result)
    {
        string code = Code.Replace("return torch.add(out, x, alpha=1)", result);
        code = result.Contains("(out,", StringComparison.Ordinal)
            ? code.Replace("_0 = (block).forward((features).forward(x, ), )", "_9, _0, = (block).forward((features).forward(x, ), )")
            : code;
        using CnnModel model = ModelImporter.Import(File(operation, code), s_options);

        Assert.Equal(["features"], model.Blocks.Select(block => block.Name));
    }

    [Theory]
    [InlineData("(x0, (fc).forward(input, ))", "Tuple[Tensor, Tensor]")]
    [InlineData("{\"features\": x0, \"out\": (fc).forward(input, )}", "Dict[str, Tensor]")]
    [InlineData("[x0, (fc).forward(input, )]", "List[Tensor]")]
    public void Several_outputs_are_outputs(string result, string type)
    {
        string several = Code
            .Replace("x: Tensor) -> Tensor:\n    fc", $"x: Tensor) -> {type}:\n    fc")
            .Replace("_1 = torch.adaptive", "x0 = torch.mul(_0, 2.)\n    _1 = torch.adaptive")
            .Replace("return (fc).forward(input, )", $"return {result}");
        using CnnModel model = ModelImporter.Import(File("torch.tanh", several), s_options);

        Assert.Equal(["mul", "fc"], model.Graph.Outputs.Select(output => model.Graph.Nodes[output].Name));
        Assert.Null(model.Remark);
    }

    [Fact]
    public void The_size_of_images_is_found_by_what_the_dense_layer_takes()
    {
        string code = Code.Replace("_1 = torch.adaptive_avg_pool2d(_0, [1, 1])", "_1 = torch.max_pool2d(_0, [2, 2], [2, 2], [0, 0], [1, 1], False)");
        string path = Write("size.pt", ScriptFile.Write(code.Replace("BLOCK", "torch.tanh"), s_net with
        {
            Attributes = [.. s_net.Attributes[..2], ("fc", new Module("Linear", ("weight", new Weight([3, 4 * 14 * 14])), ("bias", new Weight([3]))))],
        }));
        using CnnModel model = ModelImporter.Import(path, new ImportOptions { Preprocessing = Preprocessing.Unit });

        Assert.Equal("2×28×28", model.InputShape.ToString());
        Assert.Contains("28×28", model.Remark);
        Assert.Equal("fc", model.Layers[^1].Name);
    }

    [Fact]
    public void Images_may_be_oblong()
    {
        string code = Code.Replace("_1 = torch.adaptive_avg_pool2d(_0, [1, 1])", "_1 = torch.max_pool2d(_0, [2, 2], [2, 2], [0, 0], [1, 1], False)");
        string path = Write("size.pt", ScriptFile.Write(code.Replace("BLOCK", "torch.tanh"), s_net with
        {
            Attributes = [.. s_net.Attributes[..2], ("fc", new Module("Linear", ("weight", new Weight([3, 4 * 16 * 50])), ("bias", new Weight([3]))))],
        }));
        using CnnModel model = ModelImporter.Import(path, new ImportOptions { Preprocessing = Preprocessing.Unit });

        Assert.Equal("2×32×100", model.InputShape.ToString());
        Assert.Contains("32×100", model.Remark);
    }

    [Fact]
    public void A_map_that_should_be_of_one_position_tells_the_size_too()
    {
        string code = Code.Replace("_1 = torch.adaptive_avg_pool2d(_0, [1, 1])", "_1 = torch.avg_pool2d(_0, [16, 16], annotate(List[int], []), [0, 0])")
            .Replace("torch.flatten(_1, 1)", "torch.squeeze(torch.squeeze(_1, -1), -1)");
        using CnnModel model = ModelImporter.Import(File("torch.tanh", code), new ImportOptions { Preprocessing = Preprocessing.Unit });

        Assert.Equal("2×28×28", model.InputShape.ToString());
    }

    [Fact]
    public void Rows_of_another_size_than_an_images_are_not_taken_for_images()
    {
        string code = Code.Replace("_1 = torch.adaptive_avg_pool2d(_0, [1, 1])", "_1 = _0").Replace("torch.flatten(_1, 1)", "torch.view(_1, [-1, 4096])");
        string path = Write("rows.pt", ScriptFile.Write(code.Replace("BLOCK", "torch.tanh"), s_net with
        {
            Attributes = [.. s_net.Attributes[..2], ("fc", new Module("Linear", ("weight", new Weight([3, 4096])), ("bias", new Weight([3]))))],
        }));
        using CnnModel model = ModelImporter.Import(path, new ImportOptions { Preprocessing = Preprocessing.Unit });

        Assert.Equal("2×32×32", model.InputShape.ToString());
    }

    [SkippableFact]
    public void A_trace_of_PyTorch_is_read()
    {
        string path = TestFiles.Shared("parity", "checkpoints", "f_torchscript.pt");
        using CnnModel model = ModelImporter.Import(path, new ImportOptions { InputSize = (16, 16) });

        Assert.Equal(["conv1", "bn1", "relu", "mean", "fc"], model.Layers.Select(layer => layer.Name));
        Assert.Null(model.Remark);
    }

    [Theory]
    [InlineData("torch.save(x, \"/tmp/x\")")]
    [InlineData("torch.from_file(\"/etc/passwd\")")]
    [InlineData("ops.torchvision.nms(x, x, 0.5)")]
    [InlineData("torch.nonsense(x)")]
    public void Nothing_of_a_program_is_run(string call)
    {
        string path = File("torch.tanh", Code.Replace("fc = self.fc", $"fc = self.fc\n    {call}"));
        try
        {
            using CnnModel model = ModelImporter.Import(path, s_options);
            Assert.Contains("left out", model.Remark);
        }
        catch (ModelFormatException exception)
        {
            Assert.Equal("NotAnImageModel", exception.ErrorId);
        }
    }

    [Fact]
    public void What_cannot_be_used_is_one_error()
    {
        Assert.Equal("CheckpointDamaged", Fails(File("torch.tanh", Code.Replace("class Linear(Module):", "class Linear(Module:"))));
        Assert.Equal("LayerCannotRun", Fails(File("torch.tanh", Code.Replace("torch.flatten(_1, 1)", "torch.flatten(_0, 1)"))));
        Assert.Equal("NotAnImageModel", Fails(Write("dense.pt", ScriptFile.Write(
            Code[Code.IndexOf("class Linear", StringComparison.Ordinal)..],
            new Module("Linear", ("weight", new Weight([3, 4])), ("bias", new Weight([3])))))));

        static string Fails(string path) => Assert.ThrowsAny<CnnVizException>(() => ModelImporter.Import(path, s_options)).ErrorId;
    }

    [Theory]
    [InlineData("model/archive_format")]
    [InlineData("serialized_exported_program.json")]
    [InlineData("model/data/aotinductor/model/code.so")]
    public void A_program_of_torch_export_is_said_to_be_one(string member)
    {
        string path = Write("model.pt2", WeightFiles.Archive(System.IO.Compression.CompressionLevel.Fastest, (member, "pt2"u8.ToArray())));
        CnnVizException exception = Assert.ThrowsAny<CnnVizException>(() => ModelImporter.Import(path, s_options));
        Assert.Equal("ModelIsExportedProgram", exception.ErrorId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_damaged_archive_is_refused_or_read(bool inPickle)
    {
        string code = Code.Replace("BLOCK", "torch.tanh");
        byte[] whole = ScriptFile.Write(code, s_net);
        var random = new Random(20);
        int read = 0;
        for (int i = 0; i < 1_000; i++)
        {
            byte[] damaged = inPickle
                ? ScriptFile.Write(code, s_net, pickle => DamagedWeightTests.Damage(pickle, random))
                : DamagedWeightTests.Damage(whole, random);
            try
            {
                ModelImporter.Import(Write($"{i}.pt", damaged), s_options).Dispose();
                read++;
            }
            catch (CnnVizException)
            {
                // What is wanted.
            }
        }

        Assert.InRange(read, 1, 999);
    }

    private string File(string block, string code = Code) =>
        Write($"{Guid.NewGuid():N}.pt", ScriptFile.Write(code.Replace("BLOCK", block), s_net));

    private void AssertComputes(CnnModel model, string block, string code = Code)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.jit.ScriptModule module = torch.jit.load(File(block, code));
        torch.Tensor image = torch.rand(2, 2, 13, 9);
        float[] expected = ((torch.Tensor)module.forward(image)).ToFloats();
        float[] output = model.Graph.SubGraph(model.Graph.Outputs[0]).Run(image).ToFloats();
        Assert.Equal(expected.Length, output.Length);
        Assert.All(expected.Zip(output), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
    }
}
