using CnnViz.Kernels;
using CnnViz.Networks.Operators;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Import.Onnx;

// What works on values one by one, or on the channels of one position.
internal static partial class OnnxOperators
{
    private static Dictionary<string, Func<OnnxNode, Operator>> Normalizations() => new()
    {
        ["BatchNormalization"] = node =>
        {
            node.Operand(0);
            return node.Int("training_mode", 0) != 0 ? throw new UnsupportedUseException("in training mode")
                : node.Int("spatial", 1) == 0 ? throw Unsupported("spatial", 0)
                : new BatchNorm(node.Weight(1), node.Weight(2), node.Weight(3), node.Weight(4), node.Float("epsilon", 1e-5));
        },
        ["InstanceNormalization"] = node =>
        {
            node.Operand(0);
            return new InstanceNorm(node.Weight(1), node.Weight(2), node.Float("epsilon", 1e-5));
        },
        ["GroupNormalization"] = node =>
        {
            node.Operand(0);
            return new GroupNorm(node.Weight(1), node.Weight(2), node.Int("num_groups", 1), node.Float("epsilon", 1e-5));
        },
        ["LayerNormalization"] = node =>
        {
            node.Operand(0);
            return new LayerNorm(node.Weight(1), node.OptionalWeight(2), (int)node.Int("axis", -1), node.Float("epsilon", 1e-5));
        },
        ["MeanVarianceNormalization"] = MakeMeanVariance,
        ["LRN"] = node => new LocalResponseNorm(
            node.Int("size", 1), node.Float("alpha", 1e-4), node.Float("beta", 0.75), node.Float("bias", 1)),
    };

    private static Dictionary<string, Func<OnnxNode, Operator>> Activations() => new()
    {
        ["Relu"] = _ => new Rectifier("ReLU", 0, double.PositiveInfinity),
        ["LeakyRelu"] = node => Function(node, "LeakyReLU", ("alpha", 0.01), (x, alpha) => x.LeakyRelu(alpha), alpha => ScalarFunction.LeakyRelu(alpha)),
        ["ThresholdedRelu"] = node => Function(node, "Threshold", ("alpha", 1), (x, alpha) => x * x.Gt(alpha).to(x.dtype)),
        ["PRelu"] = node =>
        {
            node.Operand(0);
            torch.Tensor slope = node.Weight(1);

            // Before set 7 a list has one slope for each channel.
            return new PRelu(node.Opset < 7 && slope.dim() == 1 && slope.numel() > 1 ? slope.reshape(-1, 1, 1) : slope);
        },
        ["Elu"] = node => Function(node, "ELU", ("alpha", 1), (x, alpha) => x.Elu(alpha), alpha => ScalarFunction.Elu(alpha)),
        ["Celu"] = node => Function(node, "CELU", ("alpha", 1), (x, alpha) => x.Celu(alpha), alpha => ScalarFunction.Elu(alpha, 1, alpha)),
        ["Selu"] = node => Function(
            node,
            "SELU",
            ("alpha", 1.67326319217681884765625),
            ("gamma", 1.05070102214813232421875),
            (x, alpha, gamma) => x.Elu(alpha).Mul(gamma),
            (alpha, gamma) => ScalarFunction.Elu(alpha, gamma)),
        ["Clip"] = MakeClip,
        ["HardSigmoid"] = node => Function(
            node,
            "Hardsigmoid",
            ("alpha", 0.2),
            ("beta", 0.5),
            (x, alpha, beta) => x.Mul(alpha).Add(beta).Clamp(0, 1),
            (alpha, beta) => ScalarFunction.HardSigmoid(alpha, beta)),
        ["HardSwish"] = _ => new Elementwise("Hardswish", x => hardswish(x), With(ScalarFunction.HardSwish)),
        ["Sigmoid"] = _ => new Elementwise("Sigmoid", x => x.sigmoid(), With(ScalarFunction.Sigmoid)),
        ["Tanh"] = _ => new Elementwise("Tanh", x => x.tanh(), With(ScalarFunction.Tanh)),
        ["Softplus"] = _ => new Elementwise("Softplus", x => x.Softplus(), With(ScalarFunction.Softplus)),
        ["Softsign"] = _ => new Elementwise("Softsign", x => x / x.abs().Add(1), With(ScalarFunction.Softsign)),
        ["Mish"] = _ => new Elementwise("Mish", x => x * x.Softplus().tanh(), With(ScalarFunction.Mish)),
        ["Swish"] = node => Function(node, "SiLU", ("alpha", 1), (x, alpha) => x * x.Mul(alpha).sigmoid(), alpha => ScalarFunction.Swish(alpha)),
        ["Gelu"] = node => node.Text("approximate", "none") == "tanh"
            ? new Elementwise(
                "GELU",
                x => x.Mul(0.5) * x.Add(x.Pow(3).Mul(0.044715)).Mul(Math.Sqrt(2 / Math.PI)).tanh().Add(1),
                With(ScalarFunction.TanhGelu))
            : new Elementwise("GELU", x => x.Mul(0.5) * x.Div(Math.Sqrt(2)).erf().Add(1), With(ScalarFunction.Gelu)),
        ["Shrink"] = node => Function(
            node, "Shrink", ("lambd", 0.5), ("bias", 0), (x, lambda, bias) => (x.Sub(bias) * x.Gt(lambda).to(x.dtype)).Add(x.Add(bias) * x.Lt(-lambda).to(x.dtype))),
        ["Softmax"] = node => Softmax(node, "Softmax", (x, axis) => x.softmax(axis)),
        ["LogSoftmax"] = node => Softmax(node, "LogSoftmax", (x, axis) => x.log_softmax(axis)),
        ["Hardmax"] = node => Softmax(node, "Hardmax", (x, axis) =>
            torch.zeros_like(x).scatter(axis, x.argmax(axis, keepdim: true), torch.ones_like(x))),
    };

    private static Dictionary<string, Func<OnnxNode, Operator>> Arithmetic() => new()
    {
        ["Gemm"] = MakeGemm,
        ["MatMul"] = MakeMatMul,
        ["Add"] = node => new Broadcast("Add", Aligned(node, (a, b) => a.Add(b))),
        ["Sub"] = node => new Broadcast("Sub", Aligned(node, (a, b) => a - b)),
        ["Mul"] = node => new Broadcast("Mul", Aligned(node, (a, b) => a * b)),
        ["Div"] = node => new Broadcast("Div", Aligned(node, (a, b) =>
            a.is_floating_point() || b.is_floating_point() ? a / b : a.div(b, torch.RoundingMode.trunc))),
        ["Mod"] = node => new Broadcast("Mod", node.Int("fmod", 0) != 0 ? (a, b) => a.fmod(b) : (a, b) => a.remainder(b)),
        ["Pow"] = node => new Broadcast(
            "Pow", Aligned(node, (a, b) => b.numel() == 1 && !b.requires_grad ? a.Pow(b.ToFloats()[0]) : a.pow(b))),
        ["Min"] = _ => new Broadcast("Min", torch.minimum),
        ["Max"] = _ => new Broadcast("Max", torch.maximum),
        ["Sum"] = node => new Broadcast("Add", Aligned(node, (a, b) => a.Add(b))),
        ["Mean"] = _ => new Compose("Mean", inputs => inputs.Aggregate((a, b) => a.Add(b)).Div(inputs.Length), isLayer: true),
        ["Sqrt"] = _ => new Elementwise("Sqrt", x => x.sqrt()),
        ["Exp"] = _ => new Elementwise("Exp", x => x.exp(), With(ScalarFunction.Exp)),
        ["Log"] = _ => new Elementwise("Log", x => x.log()),
        ["Neg"] = _ => new Elementwise("Neg", x => -x),
        ["Abs"] = _ => new Elementwise("Abs", x => x.abs(), With(ScalarFunction.Abs)),
        ["Reciprocal"] = _ => new Elementwise("Reciprocal", x => x.reciprocal()),
        ["Floor"] = _ => new Elementwise("Floor", x => x.is_floating_point() ? x.floor() : x.alias()),
        ["Ceil"] = _ => new Elementwise("Ceil", x => x.is_floating_point() ? x.ceil() : x.alias()),
        ["Round"] = _ => new Elementwise("Round", x => x.is_floating_point() ? x.round() : x.alias()),
        ["Sign"] = _ => new Elementwise("Sign", x => x.sign()),
        ["Sin"] = _ => new Elementwise("Sin", x => x.sin()),
        ["Cos"] = _ => new Elementwise("Cos", x => x.cos()),
        ["Erf"] = _ => new Elementwise("Erf", x => x.erf(), With(ScalarFunction.Erf)),
        ["Equal"] = node => new Broadcast("Equal", Aligned(node, (a, b) => a.eq(b))),
        ["Greater"] = node => new Broadcast("Greater", Aligned(node, (a, b) => a.gt(b))),
        ["GreaterOrEqual"] = _ => new Broadcast("GreaterOrEqual", (a, b) => a.ge(b)),
        ["Less"] = node => new Broadcast("Less", Aligned(node, (a, b) => a.lt(b))),
        ["LessOrEqual"] = _ => new Broadcast("LessOrEqual", (a, b) => a.le(b)),
        ["And"] = node => new Broadcast("And", Aligned(node, (a, b) => a.logical_and(b))),
        ["Or"] = node => new Broadcast("Or", Aligned(node, (a, b) => a.logical_or(b))),
        ["Not"] = _ => new Elementwise("Not", x => x.logical_not()),
        ["Where"] = _ => new Compose("Where", inputs => torch.where(inputs[0], inputs[1], inputs[2])),
    };

    // (x − mean) / (standard deviation + 1e-9), as the operator's definition has it. It names the axis of the batch too, but is for one image.
    private static Elementwise MakeMeanVariance(OnnxNode node)
    {
        long[] axes = node.Ints("axes") ?? (node.Opset < 9 && node.Int("across_channels", 0) != 0 ? [1, 2, 3] : [2, 3]);
        long[] dims = [.. axes.Where(axis => axis != 0)];
        bool scales = node.Opset >= 9 || node.Int("normalize_variance", 1) != 0;
        return new Elementwise("MeanVarianceNorm", x =>
        {
            torch.Tensor centred = x - x.mean(dims, keepdim: true);
            return scales ? centred / (centred * centred).mean(dims, keepdim: true).Root(2).Add(1e-9) : centred;
        });
    }

    // Before set 7 the second operand's dimensions could begin at any of the first's.
    private static Func<torch.Tensor, torch.Tensor, torch.Tensor> Aligned(OnnxNode node, Func<torch.Tensor, torch.Tensor, torch.Tensor> function)
    {
        if (node.Opset >= 7 || !node.HasAttribute("axis"))
        {
            return function;
        }

        long axis = node.Int("axis", 0);
        return (a, b) =>
        {
            long behind = a.dim() - (axis < 0 ? axis + a.dim() : axis) - b.dim();
            return function(a, behind > 0 ? b.reshape([.. b.shape, .. Enumerable.Repeat(1L, (int)behind)]) : b);
        };
    }

    private static Elementwise Function(
        OnnxNode node,
        string kind,
        (string Name, double Default) parameter,
        Func<torch.Tensor, double, torch.Tensor> function,
        Func<float, ScalarFunction>? scalar = null)
    {
        double value = node.Float(parameter.Name, parameter.Default);
        return new Elementwise(kind, x => function(x, value), With(scalar?.Invoke((float)value)));
    }

    private static Elementwise Function(
        OnnxNode node,
        string kind,
        (string Name, double Default) first,
        (string Name, double Default) second,
        Func<torch.Tensor, double, double, torch.Tensor> function,
        Func<float, float, ScalarFunction>? scalar = null)
    {
        double a = node.Float(first.Name, first.Default);
        double b = node.Float(second.Name, second.Default);
        return new Elementwise(kind, x => function(x, a, b), With(scalar?.Invoke((float)a, (float)b)));
    }

    private static Func<KernelValue, Kernel?>? With(ScalarFunction? function) =>
        function is null ? null : value => Kernel.Function(function, value.Shape);

    private static Operator MakeClip(OnnxNode node)
    {
        node.Operand(0);
        if (!node.IsKnown(1) || !node.IsKnown(2))
        {
            int? low = node.Has(1) ? node.Operand(1) : null;
            int? high = node.Has(2) ? node.Operand(2) : null;
            return new Compose(
                "Clip",
                inputs =>
                {
                    torch.Tensor raised = low is { } a ? torch.maximum(inputs[0], inputs[a]) : inputs[0];
                    return high is { } b ? torch.minimum(raised, inputs[b]) : raised;
                },
                isLayer: true);
        }

        double min = node.Number("min", 1, double.NegativeInfinity);
        double max = node.Number("max", 2, double.PositiveInfinity);
        return (min, max) switch
        {
            (0, 6) => new Rectifier("ReLU6", 0, 6),
            (0, double.PositiveInfinity) => new Rectifier("ReLU", 0, double.PositiveInfinity),
            _ => new Rectifier("Clip", min, max),
        };
    }

    private static Operator Softmax(OnnxNode node, string kind, Func<torch.Tensor, long, torch.Tensor> function)
    {
        if (node.Opset >= 13)
        {
            long axis = node.Int("axis", -1);
            return new Elementwise(kind, x => function(x, axis), value => SoftmaxKernel(kind, axis, value));
        }

        // Before operator set 13 everything from the axis on is one distribution.
        long first = node.Int("axis", 1);
        return new Elementwise(kind, x =>
        {
            long rows = x.shape[..(int)(first < 0 ? first + x.dim() : first)].Aggregate(1L, (product, size) => product * size);
            return function(x.reshape(rows, -1), 1).reshape(x.shape);
        }, value => value.IsVector ? SoftmaxKernel(kind, first, value) : null);
    }

    private static Kernel? SoftmaxKernel(string kind, long axis, KernelValue value)
    {
        bool isAlongChannels = value.Form switch
        {
            MapForm.Flat => value.IsVector && (axis is 1 or -1),
            MapForm.ChannelsLast => axis is 3 or -1,
            _ => axis is 1 or -3,
        };
        return isAlongChannels && (kind is "Softmax" or "LogSoftmax") ? Kernel.Softmax(value.Shape, kind == "LogSoftmax") : null;
    }

    private static Operator MakeGemm(OnnxNode node)
    {
        double alpha = node.Float("alpha", 1);
        double beta = node.Float("beta", 1);
        bool transA = node.Int("transA", 0) != 0;
        bool transB = node.Int("transB", 0) != 0;
        bool isDense = !transA && node.Constant(1) is not null
            && (!node.Has(2) || node.Constant(2) is { } bias && (bias.dim() == 0 || bias.shape[^1] == bias.numel()));
        if (isDense)
        {
            node.Operand(0);
            torch.Tensor weight = transB ? node.Weight(1) : node.Weight(1).t().contiguous();
            torch.Tensor? offset = node.OptionalWeight(2);
            return new Linear(
                alpha == 1 ? weight : weight.Mul(alpha),
                offset is null ? null : (beta == 1 ? offset : offset.Mul(beta)).reshape(-1).expand(weight.shape[0]));
        }

        return new Compose(
            "Gemm",
            inputs =>
            {
                torch.Tensor product = (transA ? inputs[0].t() : inputs[0]).matmul(transB ? inputs[1].t() : inputs[1]).Mul(alpha);
                return inputs.Length > 2 ? product.Add(inputs[2].Mul(beta)) : product;
            },
            isLayer: true);
    }

    private static Operator MakeMatMul(OnnxNode node)
    {
        if (node.Constant(1) is { } weight && weight.dim() == 2)
        {
            node.Operand(0);
            return new Linear(weight.t().contiguous(), null);
        }

        return new Compose("MatMul", inputs => inputs[0].matmul(inputs[1]), isLayer: true);
    }
}
