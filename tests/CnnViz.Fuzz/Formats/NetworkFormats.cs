using CnnViz.Fuzz.Mutations;
using CnnViz.Import;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Tests.Import;
using CnnViz.Tests.Import.Keras;
using CnnViz.Tests.Import.TorchScript;
using CnnViz.Tests.Import.Weights;
using Google.Protobuf;
using PureHDF;

namespace CnnViz.Fuzz;

/// <summary>Formats that have the network in them: ONNX, Keras and TorchScript.</summary>
internal static class NetworkFormats
{
    // Operators that read sizes, axes and places from the file.
    private static readonly string[] s_networks =
    [
        "a = Conv<pads=[1,1,1,1]>(x, float[4,3,3,3], float[4]); b = Relu(a); c = MaxPool<kernel_shape=[2,2], strides=[2,2]>(b);"
            + "d = Resize<mode=linear>(c, _, {1.0,1.0,2.0,2.0}); e = Pad<mode=reflect>(d, {0,0,1,1,0,0,1,1}); n = Shape(e);"
            + "s = Slice(n, {0}, {2}); t = Concat<axis=0>(s, {-1}); r = Reshape(e, t); m = ReduceMean<axes=[2], keepdims=0>(r);"
            + "y = Gemm<transB=1>(m, float[5,4], float[5])",
        "a = ConvTranspose<strides=[2,2], output_padding=[1,1]>(x, float[3,4,3,3]); b = BatchNormalization<epsilon=0.001>(a, float[4], float[4], float[4], positive[4]);"
            + "c = AveragePool<kernel_shape=[3,3], pads=[1,1,1,1], count_include_pad=1>(b); d = LRN<size=3>(c); y = GlobalMaxPool(d)",
        "a = Conv<group=3>(x, float[3,1,3,3]); b = InstanceNormalization(a, float[3], float[3]); c = Clip(b, -1.0, 1.0); d = LeakyRelu<alpha=0.1>(c);"
            + "e = PRelu(d, float[3,1,1]); f = Softmax<axis=1>(e); y = Transpose<perm=[0,2,3,1]>(f)",
        "a = Split<axis=1>(x, {1,2}); y = Gather<axis=2>(x, {0,2,-1}); z = GatherND(y, {0,0})",
        "a = Tile(x, {1,1,2,2}); b = Expand(a, {1,3,16,16}); c = DepthToSpace<blocksize=1>(b); d = SpaceToDepth<blocksize=2>(c);"
            + "e = Squeeze(d); f = Unsqueeze(d, {0}); g = Flatten<axis=2>(d); y = Neg(f)",
        "r = Range(0, 5, 1); z = ConstantOfShape({2,3}); o = OneHot(r, 5, {0,1}); k = TopK<axis=1>(x, {2}); c = CumSum(x, 1); b = Cast<to=9>(x); w = Where(b, x, x); y = Add(w, float[1,3,1,1])",
        "n = LayerNormalization<axis=1>(x, float[3,8,8], float[3,8,8]); h = HardSwish(n); g = Gelu(h); s = ReduceSum(g, {2,3}); p = LpNormalization(g); y = MatMul(g, float[8,5])",
        "a = QuantizeLinear(x, 0.01, {1}); b = DequantizeLinear(a, 0.01, {1}); f = DynamicQuantizeLinear(b); y = Upsample<mode=nearest>(b, {1.0,1.0,2.0,2.0})",
        "p = GridSample(x, float[1,4,4,2]); a = RoiAlign(x, float[1,4], {0}); n = NonMaxSuppression(x); y = Mul(x, 2.0)",
    ];

    private static readonly string s_script = """
        def choose(input: Tensor,
            factor: float,
            size: Optional[List[int]]=None,
            inplace: bool=False) -> Tensor:
          if torch.__is__(size, None):
            size0 = annotate(List[int], [])
          else:
            size0 = unchecked_cast(List[int], size)
          if torch.gt(torch.len(size0), 0):
            out = torch.mul(input, factor)
          else:
            out = input
          return out
        class Pair(NamedTuple):
          first : Tensor
          second : Tensor
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
        class Net(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          conv : __torch__.Conv2d
          norm_weight : Tensor
          dense : Tensor
          places : List[int]
          scale : Final[float] = 0.5
          __annotations__["0"] = __torch__.Conv2d
          def forward(self: __torch__.Net,
            input: Tensor) -> Tensor:
            conv = self.conv
            _0 = getattr(self, "0")
            weight = self.norm_weight
            places = self.places
            x = (conv).forward(input, )
            x = torch.batch_norm(x, weight, weight, weight, weight, False, 0.10000000000000001, 1.0000000000000001e-05, True)
            x = torch.relu_(x)
            LINES
            y = torch.flatten(torch.adaptive_avg_pool2d(x, [1, 1]), 1)
            return torch.linear(y, self.dense)
        """;

    private static readonly string[] s_scriptLines =
    [
        "x = torch.add(x, (_0).forward(x, ), alpha=1)",
        "x = __torch__.choose(x, 0.5, [2, 2], False)",
        "a, b, = torch.split(x, [1, 3], 1)\nx = torch.cat([b, a], 1)",
        "x = torch.reshape(x, [torch.size(x, 0), -1, torch.size(x, 2), torch.size(x, 3)])\nx = torch.permute(x, [0, 1, 3, 2])",
        "p = __torch__.Pair(x, torch.tanh(x))\nx = torch.mul(p.first, p.second)",
        "for i in range(2):\n  x = torch.max_pool2d(x, [3, 3], [1, 1], [1, 1], [1, 1], False)",
        "x = torch.upsample_nearest2d(x, None, [2., 2.])\nx = torch.avg_pool2d(x, [2, 2], [2, 2], [0, 0], False, True, None)",
        "x = torch.slice(torch.select(x, 0, 0), 1, 0, 9223372036854775807, 2)\nx = torch.unsqueeze(x, 0)",
        "x = torch.pad(x, [1, 1, 1, 1], \"reflect\")\nx = torch.index_select(x, 1, torch.tensor(places))",
        "i = 0\nwhile torch.lt(i, 3):\n  i = torch.add(i, 1)\nx = torch.mul(x, i)",
        "x = torch.softmax(torch.clamp(torch.div(x, torch.sum(x, [1], True)), 0., 1.), 1)\nx = torch.group_norm(x, 2, weight, weight, 1e-5)",
        "x = torch.pixel_unshuffle(torch.pixel_shuffle(x, 2), 2)\nx = torch.expand(x, [2, -1, -1, -1])",
    ];

    /// <summary>The formats.</summary>
    public static IReadOnlyList<FuzzFormat> All { get; } =
    [
        new("onnx", OnnxSeeds, folder => Importing.Import(Path.Combine(folder, "model.onnx"))),
        new("onnx-external", ExternalSeeds, folder => Importing.Import(Path.Combine(folder, "model.onnx"))),
        new("torchscript", ScriptSeeds, folder => Importing.Import(Path.Combine(folder, "model.pt"), new ImportOptions { InputSize = (10, 10) })),
        new("torchscript-size", ScriptSeeds, folder => Importing.Import(Path.Combine(folder, "model.pt"))),
        new("keras-h5", Hdf5Seeds, folder => Importing.Import(Path.Combine(folder, "model.h5"))) { BoundsAllocations = false },
        new("keras-archive", ArchiveSeeds, folder => Importing.Import(Path.Combine(folder, "model.keras"))) { BoundsAllocations = false },
        new("keras-weights", KerasWeightSeeds, folder => Importing.Import(Path.Combine(folder, "weights.h5"), new ImportOptions { InputSize = (8, 8) })) { BoundsAllocations = false },
    ];

    private static IEnumerable<FuzzInput> OnnxSeeds() =>
        s_networks.Select(text => OnnxText.Parse(13, text, 1, 3, 8, 8)).Append(Nested()).Append(Quantized()).Select(model => new FuzzInput(("model.onnx", model.ToByteArray())));

    private static ModelProto Quantized()
    {
        ModelProto model = OnnxText.Parse(
            17,
            "q = QuantizeLinear(x, 0.01, {1}); d = DequantizeLinear(q, 0.01, {1}); w = Cast<to=3>(float[4,3,3,3]); v = DequantizeLinear<axis=0>(w, positive[4]);"
            + "a = Conv(d, v); f = DynamicQuantizeLinear(a); g = ConvInteger(f, w2); y = Relu(a)",
            1, 3, 8, 8);
        model.Graph.Input.Add(OnnxModelBuilder.Value("meta", TensorProto.Types.DataType.Float, 1, 4));
        model.Graph.Initializer.Add(new TensorProto { Name = "w2", DataType = 3, Dims = { 1, 4, 1, 1 }, Int32Data = { 1, 2, 3, 4 } });
        return model;
    }

    // Functions, branches, and metadata.
    private static ModelProto Nested()
    {
        ModelProto model = OnnxText.Parse(17, "a = Conv(x, float[4,3,3,3]); b = Gate(a); c = Equal({1}, {1}); e = If(c); y = Relu(e)", 1, 3, 8, 8);
        var branch = new GraphProto { Node = { new NodeProto { OpType = "Relu", Input = { "b" }, Output = { "inner" } } } };
        branch.Output.Add(new ValueInfoProto { Name = "inner" });
        NodeProto choice = model.Graph.Node.Single(node => node.OpType == "If");
        choice.Attribute.Add(new AttributeProto { Name = "then_branch", Type = 5, G = branch });
        choice.Attribute.Add(new AttributeProto { Name = "else_branch", Type = 5, G = branch.Clone() });
        model.Graph.Node.Single(node => node.OpType == "Gate").Domain = "own";
        var function = new FunctionProto { Name = "Gate", Domain = "own", Input = { "in" }, Output = { "out" } };
        function.Node.Add(new NodeProto { OpType = "Sigmoid", Input = { "in" }, Output = { "out" } });
        model.Functions.Add(function);
        model.MetadataProps.Add(new StringStringEntryProto { Key = "names", Value = "{0: 'cat', 1: 'dog'}" });
        model.MetadataProps.Add(new StringStringEntryProto { Key = "imgsz", Value = "[8, 8]" });
        return model;
    }

    private static IEnumerable<FuzzInput> ExternalSeeds()
    {
        byte[] data = WeightFiles.Floats(160);
        foreach ((string location, string offset, string? length) in new[] { ("weights.bin", "40", "432"), ("data/weights.bin", "0", null), ("weights.bin", "208", "432") })
        {
            var weights = new TensorProto
            {
                Name = "weight",
                DataType = 1,
                Dims = { 4, 3, 3, 3 },
                DataLocation = TensorProto.Types.DataLocation.External,
                ExternalData = { new StringStringEntryProto { Key = "location", Value = location }, new StringStringEntryProto { Key = "offset", Value = offset } },
            };
            if (length is not null)
            {
                weights.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = length });
            }

            yield return new FuzzInput(
                ("model.onnx", OnnxModelBuilder.Convolution(weights).ToBytes()), ("weights.bin", data), ("data/weights.bin", data[..432]));
        }
    }

    private static IEnumerable<FuzzInput> ScriptSeeds() => s_scriptLines.Select(lines =>
    {
        string code = s_script.Replace("LINES", lines.Replace("\n", "\n    "));
        return new FuzzInput(("model.pt", ScriptFile.Write(code, new(
            "Net",
            ("conv", Conv(3)),
            ("0", Conv(4)),
            ("norm_weight", new ScriptFile.Weight([4], 2)),
            ("dense", new ScriptFile.Weight([3, 4])),
            ("places", new long[] { 0, 1, 3, 2 })))));
    });

    private static KerasFile Keras() => new KerasFile(8, 8, 3)
        .Add("DepthwiseConv2D", "'strides':[1,1],'padding':'same'", Pixels.Wave(3, 3, 3, 1), Pixels.Wave(3))
        .Add("ZeroPadding2D", "'padding':[[1,0],[0,1]]")
        .Add("Conv2D", "'padding':'same','activation':'relu'", Pixels.Wave(3, 3, 3, 2), Pixels.Wave(2))
        .Add("GlobalAveragePooling2D")
        .Add("Dense", "'activation':'softmax'", Pixels.Wave(2, 3), Pixels.Wave(3));

    private static KerasFile PlainKeras() => new KerasFile(8, 8, 3)
        .Add("Conv2D", "'padding':'same','activation':'relu'", Pixels.Wave(3, 3, 3, 2), Pixels.Wave(2))
        .Add("BatchNormalization", "'epsilon':0.001", Pixels.Wave(2), Pixels.Wave(2), Pixels.Wave(2), Pixels.Positive(2))
        .Add("MaxPooling2D", "'pool_size':[2,2],'padding':'same'")
        .Add("Flatten")
        .Add("Dense", "'activation':'softmax'", Pixels.Wave(32, 3), Pixels.Wave(3));

    private static IEnumerable<FuzzInput> Hdf5Seeds()
    {
        KerasFile model = Keras();
        yield return Hdf5(model.ToHdf5(model.Config() + Hdf5Mutation.Room));
        yield return Hdf5(model.ToHdf5(model.SequentialConfig() + Hdf5Mutation.Room));
        yield return Hdf5(model.ToHdf5(model.NewConfig() + Hdf5Mutation.Room));
        yield return Hdf5(PlainKeras().ToHdf5());
        static FuzzInput Hdf5(byte[] content) => new(("model.h5", content));
    }

    private static IEnumerable<FuzzInput> ArchiveSeeds() => [new FuzzInput(("model.keras", PlainKeras().ToArchive()))];

    private static IEnumerable<FuzzInput> KerasWeightSeeds()
    {
        H5Group Numbered(params Pixels[] weights)
        {
            var variables = new H5Group();
            for (int i = 0; i < weights.Length; i++)
            {
                variables[$"{i}"] = KerasFile.Plain(weights[i]);
            }

            return new H5Group { ["vars"] = variables };
        }

        var layers = new H5Group
        {
            ["conv2d"] = Numbered(Pixels.Wave(3, 3, 3, 4), Pixels.Wave(4)),
            ["conv2d_1"] = Numbered(Pixels.Wave(3, 3, 4, 4), Pixels.Wave(4)),
            ["dense"] = Numbered(Pixels.Wave(16, 5), Pixels.Wave(5)),
            ["flatten"] = Numbered(),
            ["max_pooling2d"] = Numbered(),
            ["max_pooling2d_1"] = Numbered(),
        };
        yield return new FuzzInput(("weights.h5", KerasFile.ToBytes(new H5File { ["layers"] = layers })));
    }

    private static ScriptFile.Module Conv(long channels) =>
        new("Conv2d", ("weight", new ScriptFile.Weight([4, channels, 3, 3])), ("bias", new ScriptFile.Weight([4])));
}
