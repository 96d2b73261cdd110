using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Networks.Operators;
using CnnViz.Tests.Import.Weights;
using TorchSharp;
using Module = CnnViz.Tests.Import.TorchScript.ScriptFile.Module;
using Weight = CnnViz.Tests.Import.TorchScript.ScriptFile.Weight;

namespace CnnViz.Tests.Import.TorchScript;

/// <summary>The functions of TorchScript's text, each held against libtorch's interpreter.</summary>
public sealed class ScriptOperationTests : WeightFileTest
{
    // x has 4 channels of 12×10.
    private const string Code = """
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
            ops.prim.RaiseException("no size")
            out = input
          return out
        class Pair(NamedTuple):
          first : Tensor
          second : Tensor
        class Net(Module):
          __parameters__ = ["weight", "bias", "dense", ]
          __buffers__ = []
          weight : Tensor
          bias : Tensor
          dense : Tensor
          four : Tensor
          many : Tensor
          places : List[int]
          training : bool
          scale : Final[float] = 0.5
          def forward(self: __torch__.Net,
            input: Tensor) -> Tensor:
            four = self.four
            many = self.many
            dense = self.dense
            places = self.places
            x = torch.conv2d(input, self.weight, self.bias, [1, 1], [1, 1], [1, 1])
            LINES
            return y
        """;

    [Theory]
    [InlineData("y = torch.add(x, 1)")]
    [InlineData("y = torch.add(x, 2.5, alpha=2)")]
    [InlineData("y = torch.sub(torch.mul(x, 2.), x, alpha=3)")]
    [InlineData("y = torch.rsub(x, 1)")]
    [InlineData("y = torch.div(x, 255)")]
    [InlineData("y = torch.div(x, 0.25, rounding_mode=\"floor\")")]
    [InlineData("y = torch.pow(x, 2)")]
    [InlineData("y = torch.sqrt(torch.add(torch.mul(x, x), 1))")]
    [InlineData("y = torch.rsqrt(torch.add(torch.square(x), 1))")]
    [InlineData("y = torch.neg(torch.abs(x))")]
    [InlineData("y = torch.exp(torch.clamp(x, -1, 1))")]
    [InlineData("y = torch.clamp(x, None, 0.5)")]
    [InlineData("y = torch.clamp_min_(x, -0.25)")]
    [InlineData("y = torch.relu6(torch.mul(x, 10))")]
    [InlineData("y = torch.hardtanh_(x, -0.5, 0.25)")]
    [InlineData("y = torch.leaky_relu(x, 0.2)")]
    [InlineData("y = torch.leaky_relu_(x)")]
    [InlineData("y = torch.elu(x)")]
    [InlineData("y = torch.elu(x, 0.5)")]
    [InlineData("y = torch.selu(x)")]
    [InlineData("y = torch.celu(x, 0.5)")]
    [InlineData("y = torch.silu(x)")]
    [InlineData("y = torch.gelu(x)")]
    [InlineData("y = torch.gelu(x, approximate=\"tanh\")")]
    [InlineData("y = torch.mish(x)")]
    [InlineData("y = torch.hardswish_(x)")]
    [InlineData("y = torch.hardsigmoid(x)")]
    [InlineData("y = torch.softplus(x)")]
    [InlineData("y = torch.softplus(x, 2, 20)")]
    [InlineData("y = torch.log_sigmoid(x)")]
    [InlineData("y = torch.threshold(x, 0.1, 0.)")]
    [InlineData("y = torch.prelu(x, four)")]
    [InlineData("y = torch.glu(x, 1)")]
    [InlineData("y = torch.hardshrink(x, 0.3)")]
    [InlineData("y = torch.softshrink(x, 0.3)")]
    [InlineData("y = torch.softmax(x, 1)")]
    [InlineData("y = torch.log_softmax(x, -1, None)")]
    [InlineData("y = torch.softmax(torch.flatten(x, 1), -1)")]
    [InlineData("y = torch.where(torch.gt(x, 0), x, torch.mul(x, 0.1))")]
    [InlineData("y = torch.masked_fill(x, torch.lt(x, 0), -1)")]
    [InlineData("y = torch.maximum(x, torch.neg(x))")]
    [InlineData("y = torch.addcmul(x, x, x, value=0.5)")]
    [InlineData("y = torch.lerp(x, torch.neg(x), 0.3)")]
    public void Functions_of_single_values(string lines) => AssertAgrees(lines);

    [Theory]
    [InlineData("y = torch.max_pool2d(x, [3, 3], [2, 2], [1, 1])")]
    [InlineData("y = torch.max_pool2d(x, [3, 3], [2, 2], [1, 1], [1, 1], True)")]
    [InlineData("y = torch.max_pool2d(x, [2, 2], annotate(List[int], []))")]
    [InlineData("y = torch.avg_pool2d(x, [3, 3], [2, 2], [1, 1], False, False)")]
    [InlineData("y = torch.avg_pool2d(x, [3, 2], [3, 2], [1, 1], True)")]
    [InlineData("y = torch.adaptive_avg_pool2d(x, [3, 5])")]
    [InlineData("y = torch.adaptive_avg_pool2d(x, [5, 3])")]
    [InlineData("y, y0, = torch.adaptive_max_pool2d(x, [1, 1])")]
    [InlineData("y, y0, = torch.adaptive_max_pool2d(x, [3, 5])")]
    [InlineData("y = torch.conv2d(x, torch.slice(many, 0, 0, 8), None, [1, 1], \"same\", [1, 1], 1)")]
    [InlineData("y = torch.conv2d(x, torch.slice(torch.slice(many, 0, 0, 4), 1, 0, 1), None, [2, 1], [0, 1], [1, 2], 4)")]
    [InlineData("y = torch.conv_transpose2d(x, torch.slice(many, 0, 0, 4), four, [2, 2], [1, 1], [1, 1])")]
    [InlineData("y = torch._convolution(x, torch.slice(many, 0, 0, 4), None, [2, 2], [1, 1], [1, 1], True, [0, 1], 2, False, False, True)")]
    [InlineData("y = torch.pixel_unshuffle(x, 2)")]
    [InlineData("y = torch.pixel_shuffle(x, 2)")]
    [InlineData("y = torch.channel_shuffle(x, 2)")]
    [InlineData("y = torch.upsample_nearest2d(x, None, [2., 3.])")]
    [InlineData("y = torch.upsample_nearest2d(x, [30, 17], None)")]
    [InlineData("y = torch.upsample_bilinear2d(x, [24, 20], False, None)")]
    [InlineData("y = torch.upsample_bilinear2d(x, [31, 9], True, None, None)")]
    [InlineData("y = torch.upsample_bilinear2d(x, None, False, [1.5, 1.5])")]
    [InlineData("y = torch.upsample_bicubic2d(x, [18, 25], False, None)")]
    [InlineData("y = torch.pad(x, [1, 2, 3, 0])")]
    [InlineData("y = torch.pad(x, [1, 2, 3, 0], \"reflect\", None)")]
    [InlineData("y = torch.pad(x, [1, 2, 3, 0], \"replicate\")")]
    [InlineData("y = torch.pad(x, [1, 2, 3, 0], \"circular\")")]
    [InlineData("y = torch.constant_pad_nd(x, [-1, 0, 0, -2], 0.5)")]
    [InlineData("y = torch.constant_pad_nd(x, [0, 0, 0, 0, 1, 1])")]
    [InlineData("y = torch.reflection_pad2d(x, [1, 1, 2, 2])")]
    public void Windows(string lines) => AssertAgrees(lines);

    [Theory]
    [InlineData("y = torch.batch_norm(x, four, four, four, torch.abs(four), False, 0.1, 0.001, True)")]
    [InlineData("y = torch.batch_norm(x, None, None, four, torch.abs(four), False, 0.1, 0.001, True)")]
    [InlineData("y = torch.instance_norm(x, None, None, None, None, True, 0.1, 1e-05, True)")]
    [InlineData("y = torch.instance_norm(x, four, four, None, None, True, 0.1, 1e-05, True)")]
    [InlineData("y = torch.group_norm(x, 2, four, four)")]
    [InlineData("y = torch.layer_norm(x, [12, 10])")]
    [InlineData("y = torch.layer_norm(torch.permute(x, [0, 2, 3, 1]), [4], four, four, 1e-06)")]
    [InlineData("y = torch.linear(torch.mean(x, [2, 3]), dense, None)")]
    [InlineData("y = torch.linear(torch.transpose(torch.flatten(x, 2), 1, 2), dense, None)")]
    [InlineData("y = torch.addmm(torch.select(dense, 1, 0), torch.mean(x, [2, 3]), torch.t(dense))")]
    [InlineData("y = torch.matmul(torch.mean(x, [2, 3]), torch.t(dense))")]
    [InlineData("y = torch.matmul(x, torch.transpose(x, -1, -2))")]
    [InlineData("y = torch.bmm(torch.flatten(x, 2), torch.transpose(torch.flatten(x, 2), 1, 2))")]
    [InlineData("y = torch.permute(torch.linear(torch.gelu(torch.linear(torch.permute(x, [0, 2, 3, 1]), dense, None)), torch.t(dense), four), [0, 3, 1, 2])")]
    [InlineData("y = torch.div(x, torch.pow(torch.add(torch.mul(torch.squeeze(torch.avg_pool3d(torch.constant_pad_nd(torch.unsqueeze(torch.mul(x, x), 1), [0, 0, 0, 0, 1, 1], 0), [3, 1, 1], [1, 1, 1]), 1), 0.5), 1.), 0.75))")]
    [InlineData("y = torch.dropout(x, 0.5, False)")]
    public void Norms_and_products(string lines) => AssertAgrees(lines);

    [Theory]
    [InlineData("y = torch.mean(x, [-1, -2], True)")]
    [InlineData("y = torch.mean(x, [2, 3])")]
    [InlineData("y = torch.mean(x, [1], True, dtype=None)")]
    [InlineData("y = torch.sum(x, [-3])")]
    [InlineData("y = torch.amax(x, [2, 3])")]
    [InlineData("y, y0, = torch.max(x, 1, True)")]
    [InlineData("y = torch.min(x, torch.neg(x))")]
    [InlineData("y = torch.var(x, [2, 3], True, True)")]
    [InlineData("y = torch.std(x, [1], False, True)")]
    [InlineData("y = torch.norm(x, 2, [1], True)")]
    [InlineData("y = torch.div(x, torch.expand_as(torch.clamp_min(torch.linalg_vector_norm(x, 2., [1], True), 1e-12), x))")]
    [InlineData("y = torch.cat([x, torch.tanh(x)], -3)")]
    [InlineData("y = torch.flatten(torch.stack([x, torch.tanh(x)], 2), 1, 2)")]
    [InlineData("y = torch.slice(torch.slice(x, 0, 0, 9223372036854775807), 1, 1, -1)")]
    [InlineData("y = torch.slice(x, 3, 1, None, 2)")]
    [InlineData("y = torch.cat([torch.slice(x, 2, 0, None, 2), torch.slice(x, 2, 1, None, 2)], 1)")]
    [InlineData("y = torch.select(x, 1, -1)")]
    [InlineData("y = torch.narrow(x, 1, 1, 2)")]
    [InlineData("a, y, = torch.chunk(x, 2, 1)")]
    [InlineData("y = torch.split(x, 3, 1)[1]")]
    [InlineData("y = (torch.split_with_sizes(x, [1, 3], 1))[1]")]
    [InlineData("a, b, c, y, = torch.unbind(x, 1)")]
    [InlineData("y = torch.flip(x, [2, 3])")]
    [InlineData("y = torch.roll(x, [1, -2], [2, 3])")]
    [InlineData("y = torch.repeat(x, [1, 2, 1, 1])")]
    [InlineData("y = torch.mul(x, torch.expand(torch.mean(x, [2, 3], True), [-1, -1, 12, 10]))")]
    [InlineData("y = torch.view(x, [torch.size(x, 0), -1])")]
    [InlineData("y = torch.reshape(x, [-1, 480])")]
    [InlineData("y = torch.flatten(torch.squeeze(torch.squeeze(torch.mean(x, [2, 3], True), -1), -1), 1)")]
    [InlineData("y = torch.unsqueeze(torch.squeeze(torch.mean(x, [1], True), 1), 1)")]
    [InlineData("s = torch.size(x)\n    y = torch.flatten(torch.transpose(torch.view(x, [s[0], 2, torch.floordiv(s[1], 2), s[2], s[-1]]), 1, 2), 1, 2)")]
    [InlineData("y = torch.permute(x, [0, 2, 3, 1])")]
    [InlineData("y = torch.mul(x, torch.to(torch.gt(x, 0.), 6))")]
    [InlineData("y = torch.add(x, torch.ones([4, 1, 1], dtype=6, layout=None, device=torch.device(\"cpu\"), pin_memory=False))")]
    public void Shapes_and_reductions(string lines) => AssertAgrees(lines);

    [Theory]
    [InlineData("y = __torch__.choose(x, 2., [1], )")]
    [InlineData("_0 = __torch__.choose\n    y = _0(x, 0.5, places, True, )")]
    [InlineData("y0 = x\n    for i in range(3):\n      y0 = torch.mul(y0, float(torch.add(i, 1)))\n    y = y0")]
    [InlineData("n = 0\n    z = x\n    t = torch.lt(n, 2)\n    while t:\n      z0 = torch.tanh(z)\n      n0 = torch.add(n, 1)\n      t, z, n = torch.lt(n0, 2), z0, n0\n    y = z")]
    [InlineData("l = annotate(List[Tensor], [])\n    for i in range(2):\n      _1 = torch.append(l, torch.mul(x, i))\n    y = torch.cat(l, 1)")]
    [InlineData("d = {\"a\": x, \"b\": torch.tanh(x)}\n    y = d[\"b\"]")]
    [InlineData("p = __torch__.Pair(x, torch.tanh(x))\n    y = p.second")]
    [InlineData("if torch.eq(torch.dim(x), 4):\n      y = x\n    else:\n      y = torch.sinh(x)")]
    [InlineData("h = ops.prim.NumToTensor(torch.size(x, 2))\n    y = torch.slice(x, 2, 0, int(torch.floor_divide(h, 5)))")]
    [InlineData("_2 = torch.add_(x, 1.)\n    y = x")]
    [InlineData("z = torch.clone(x)\n    _2 = torch.relu_(z)\n    y = torch.add(x, z)")]
    public void The_language(string lines) => AssertAgrees(lines);

    [Theory]
    [InlineData("y = torch.sinh(x)", "torch.sinh")]
    [InlineData("y = torch.nonzero(x)", "nonzero")]
    [InlineData("if bool(torch.gt(torch.sum(x), 0.)):\n      y = x\n    else:\n      y = torch.neg(x)", "sum")]
    public void What_is_not_known_is_said(string lines, string reason)
    {
        using CnnModel model = ModelImporter.Import(Save(lines), new ImportOptions { InputSize = (12, 10), Preprocessing = Preprocessing.Unit });
        Assert.Equal("conv2d", model.Layers[0].Name);
        Assert.Contains(reason, model.Remark);
    }

    private void AssertAgrees(string lines)
    {
        string path = Save(lines);
        using CnnModel model = ModelImporter.Import(path, new ImportOptions { InputSize = (12, 10), Preprocessing = Preprocessing.Unit });
        Assert.Equal(string.Empty, model.Remark ?? string.Empty);

        using DisposeScope scope = torch.NewDisposeScope();
        torch.jit.ScriptModule module = torch.jit.load(path);
        torch.Tensor image = torch.randn(2, 3, 12, 10);
        var expected = (torch.Tensor)module.forward(image);
        torch.Tensor output = model.Graph.SubGraph(model.Graph.Outputs[0]).Run(image);
        Assert.Equal(expected.shape, output.shape);
        float scale = Math.Max(1e-3f, expected.ToFloats().Max(MathF.Abs));
        Assert.All(expected.ToFloats().Zip(output.ToFloats()), pair => Assert.Equal(pair.First / scale, pair.Second / scale, 1e-4f));
    }

    private string Save(string lines) => Write($"{Guid.NewGuid():N}.pt", ScriptFile.Write(Code.Replace("LINES", lines), new Module(
        "Net",
        ("weight", new Weight([4, 3, 3, 3])),
        ("bias", new Weight([4])),
        ("dense", new Weight([5, 4])),
        ("four", new Weight([4])),
        ("many", new Weight([8, 4, 3, 3])),
        ("places", new long[] { 1, 2 }))));
}
