using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Tests.Import.Operators;

/// <summary>Normalizations, activations and arithmetic.</summary>
public sealed class OnnxPointwiseParityTests : OnnxOperatorParityTests
{
    [Theory]
    [InlineData(7, "y = BatchNormalization(x, float[4], float[4], float[4], positive[4])")]
    [InlineData(9, "y = BatchNormalization<epsilon=0.1, momentum=0.5>(x, float[4], float[4], float[4], positive[4])")]
    [InlineData(14, "y = BatchNormalization(x, float[4], float[4], float[4], positive[4])")]
    [InlineData(15, "y = BatchNormalization<training_mode=0>(x, float[4], float[4], float[4], positive[4])")]
    [InlineData(7, "p = GlobalAveragePool(x); f = Flatten(p); y = BatchNormalization(f, float[4], float[4], float[4], positive[4])")]
    [InlineData(7, "y = InstanceNormalization(x, float[4], float[4])")]
    [InlineData(22, "y = InstanceNormalization<epsilon=0.1>(x, float[4], float[4])")]
    [InlineData(7, "p = GlobalAveragePool(x); y = InstanceNormalization(p, float[4], float[4])")]
    [InlineData(18, "y = GroupNormalization<num_groups=4>(x, float[4], float[4])")]
    [InlineData(18, "y = GroupNormalization<num_groups=2>(x, float[2], float[2])")]
    [InlineData(21, "y = GroupNormalization<num_groups=2>(x, float[4], float[4])")]
    [InlineData(21, "y = GroupNormalization<num_groups=1, epsilon=0.1>(x, float[4], float[4])")]
    [InlineData(17, "y = LayerNormalization(x, float[10])")]
    [InlineData(17, "y = LayerNormalization(x, float[10], float[10])")]
    [InlineData(17, "y = LayerNormalization<axis=1, epsilon=0.1>(x, float[4,9,10], float[4,9,10])")]
    [InlineData(17, "y = LayerNormalization<axis=-2>(x, float[9,10])")]
    [InlineData(17, "y = LayerNormalization<axis=2>(x, float[10], float[10])")]
    [InlineData(17, "t = Transpose<perm=[0,2,3,1]>(x); l = LayerNormalization(t, float[4], float[4]); y = Transpose<perm=[0,3,1,2]>(l)")]
    [InlineData(7, "y = LRN<size=5, alpha=0.5, beta=0.75, bias=2.0>(x)", "2,9,5,4")]
    [InlineData(13, "y = LRN<size=3, alpha=0.5>(x)")]
    [InlineData(13, "y = LRN<size=7, alpha=0.5, beta=1.5>(x)", "2,9,5,4")]
    [InlineData(13, "y = LRN<size=11, alpha=0.5>(x)")]
    public void Normalizations(int opset, string statements, string image = Image) => AssertSameAsOnnxRuntime(opset, statements, image);

    // ONNX Runtime takes odd sizes only; the specification has one channel more after than before.
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Local_response_normalization_of_even_size_follows_the_specification(int size)
    {
        const int Channels = 7;
        float[] x = OnnxModelBuilder.Noise(Channels, 5);
        using torch.Tensor input = torch.tensor(x).reshape(1, Channels, 1, 1);
        using torch.Tensor output = new LocalResponseNorm(size, 0.5, 0.75, 2).Forward([input]);
        for (int channel = 0; channel < Channels; channel++)
        {
            int first = Math.Max(0, channel - (size - 1) / 2);
            int last = Math.Min(Channels - 1, channel + size / 2);
            double sum = x[first..(last + 1)].Sum(value => value * value);
            Assert.Equal(x[channel] / Math.Pow(2 + 0.5 / size * sum, 0.75), output[0, channel, 0, 0].ToSingle(), 1e-5);
        }
    }

    [Theory]
    [InlineData(7, "y = Relu(x)")]
    [InlineData(7, "y = LeakyRelu(x)")]
    [InlineData(16, "y = LeakyRelu<alpha=0.2>(x)")]
    [InlineData(7, "y = PRelu(x, float[4,1,1])")]
    [InlineData(9, "y = PRelu(x, float[1])")]
    [InlineData(16, "y = PRelu(x, float[4,9,10])")]
    [InlineData(16, "y = PRelu(x, float[10])")]
    [InlineData(7, "y = Elu(x)")]
    [InlineData(22, "y = Elu<alpha=0.5>(x)")]
    [InlineData(12, "y = Celu<alpha=2.0>(x)")]
    [InlineData(7, "y = Selu(x)")]
    [InlineData(22, "y = Selu<alpha=1.5, gamma=0.5>(x)")]
    [InlineData(9, "y = Clip<min=-0.3, max=0.5>(x)")]
    [InlineData(9, "y = Clip(x)")]
    [InlineData(9, "y = Clip<min=0.0, max=6.0>(x)")]
    [InlineData(9, "y = Clip<max=0.5>(x)")]
    [InlineData(11, "y = Clip(x, -0.3, 0.5)")]
    [InlineData(12, "y = Clip(x, _, 0.5)")]
    [InlineData(13, "y = Clip(x, 0.0)")]
    [InlineData(13, "y = Clip(x)")]
    [InlineData(13, "a = ReduceMin<keepdims=0>(x); b = Mul(a, 0.5); y = Clip(x, b)")]
    [InlineData(7, "y = HardSigmoid(x)")]
    [InlineData(22, "y = HardSigmoid<alpha=0.5, beta=0.4>(x)")]
    [InlineData(14, "a = Mul(x, 4.0); y = HardSwish(a)")]
    [InlineData(7, "y = Sigmoid(x)")]
    [InlineData(7, "y = Tanh(x)")]
    [InlineData(7, "a = Mul(x, 20.0); y = Softplus(a)")]
    [InlineData(7, "y = Softsign(x)")]
    [InlineData(18, "y = Mish(x)")]
    [InlineData(20, "y = Gelu(x)")]
    [InlineData(20, "y = Gelu<approximate=tanh>(x)")]
    [InlineData(24, "y = Swish<alpha=1.5>(x)")]
    [InlineData(9, "y = Erf(x)")]
    [InlineData(10, "y = ThresholdedRelu<alpha=0.3>(x)")]
    [InlineData(9, "y = Shrink<lambd=0.3, bias=0.1>(x)")]
    [InlineData(9, "y = Shrink(x)")]
    public void Activations(int opset, string statements, string image = Image) => AssertSameAsOnnxRuntime(opset, statements, image);

    [Theory]
    [InlineData(7, "y = Softmax(x)")]
    [InlineData(11, "y = Softmax<axis=2>(x)")]
    [InlineData(11, "y = Softmax<axis=-1>(x)")]
    [InlineData(11, "y = Softmax<axis=0>(x)")]
    [InlineData(13, "y = Softmax(x)")]
    [InlineData(13, "y = Softmax<axis=1>(x)")]
    [InlineData(13, "y = Softmax<axis=-2>(x)")]
    [InlineData(9, "y = LogSoftmax(x)")]
    [InlineData(11, "y = LogSoftmax<axis=3>(x)")]
    [InlineData(13, "y = LogSoftmax<axis=1>(x)")]
    public void Softmax(int opset, string statements, string image = Image) => AssertSameAsOnnxRuntime(opset, statements, image);

    [Theory]
    [InlineData(7, "f = Flatten(x); y = Gemm<transB=1>(f, float[5,360], float[5])")]
    [InlineData(9, "f = Flatten(x); y = Gemm(f, float[360,5], float[5])")]
    [InlineData(11, "f = Flatten(x); y = Gemm<alpha=0.5, beta=2.0>(f, float[360,5], float[1])")]
    [InlineData(11, "f = Flatten(x); y = Gemm<transB=1>(f, float[5,360])")]
    [InlineData(13, "f = Flatten(x); y = Gemm<transB=1, alpha=0.5>(f, float[5,360], 0.5)")]
    [InlineData(13, "f = Flatten(x); y = Gemm<beta=0.5>(f, float[360,5], float[1,5])")]
    [InlineData(13, "f = Flatten(x); y = Gemm<beta=0.5>(f, float[360,5], float[2,5])")]
    [InlineData(13, "f = Flatten(x); y = Gemm(f, float[360,5], float[2,1])")]
    [InlineData(13, "f = Flatten(x); t = Transpose(f); y = Gemm<transA=1, alpha=0.5>(t, float[360,5], float[5])")]
    [InlineData(13, "f = Flatten(x); t = Transpose(f); y = Gemm<transA=1, transB=1>(t, float[5,360])")]
    [InlineData(13, "f = Flatten(x); y = Gemm<transB=1>(f, f)")]
    [InlineData(9, "y = MatMul(x, float[10,5])")]
    [InlineData(13, "y = MatMul(x, float[4,10,5])")]
    [InlineData(13, "y = MatMul(float[7,9], x)")]
    [InlineData(13, "y = MatMul(x, float[10])")]
    [InlineData(13, "t = Transpose<perm=[0,1,3,2]>(x); y = MatMul(x, t)")]
    public void Products(int opset, string statements, string image = Image) => AssertSameAsOnnxRuntime(opset, statements, image);

    [Theory]
    [InlineData(7, "y = Add(x, float[4,1,1])")]
    [InlineData(14, "g = GlobalAveragePool(x); y = Add(g, x)")]
    [InlineData(7, "y = Sub(float[10], x)")]
    [InlineData(7, "y = Mul(x, float[1,1,9,1])")]
    [InlineData(14, "y = Div(x, positive[4,1,1])")]
    [InlineData(14, "e = Exp(x); y = Div(float[1], e)")]
    [InlineData(13, "y = Mod<fmod=1>(x, positive[10])")]
    [InlineData(7, "y = Pow(x, 2.0)")]
    [InlineData(13, "e = Exp(x); y = Pow(e, 0.5)")]
    [InlineData(15, "e = Exp(x); y = Pow(e, float[4,1,1])")]
    [InlineData(15, "y = Pow(x, {3})")]
    [InlineData(15, "y = Pow(2.0, x)")]
    [InlineData(7, "e = Exp(x); y = Sqrt(e)")]
    [InlineData(7, "e = Exp(x); y = Log(e)")]
    [InlineData(13, "y = Neg(x)")]
    [InlineData(13, "y = Abs(x)")]
    [InlineData(13, "y = Reciprocal(x)")]
    [InlineData(13, "a = Mul(x, 5.0); y = Floor(a)")]
    [InlineData(13, "a = Mul(x, 5.0); y = Ceil(a)")]
    [InlineData(11, "a = Mul(x, 2.0); b = Floor(a); c = Div(b, 2.0); y = Round(c)")]
    [InlineData(13, "y = Sign(x)")]
    [InlineData(13, "y = Sin(x)")]
    [InlineData(13, "y = Cos(x)")]
    [InlineData(8, "y = Min(x)")]
    [InlineData(8, "y = Min(x, float[4,1,1], float[10])")]
    [InlineData(13, "y = Max(x, 0.2)")]
    [InlineData(13, "g = GlobalAveragePool(x); y = Max(float[10], g, x)")]
    [InlineData(8, "y = Sum(x)")]
    [InlineData(8, "y = Sum(x, float[4,1,1], float[10], x)")]
    [InlineData(8, "y = Mean(x)")]
    [InlineData(13, "y = Mean(x, float[4,1,1], float[10])")]
    public void Arithmetic(int opset, string statements, string image = Image) => AssertSameAsOnnxRuntime(opset, statements, image);

    [Theory]
    [InlineData(13, "c = Greater(x, float[4,1,1]); y = Where(c, x, 0.5)")]
    [InlineData(16, "c = GreaterOrEqual(x, 0.1); y = Where(c, x, float[10])")]
    [InlineData(9, "c = Less(x, 0.1); y = Where(c, float[4,1,1], x)")]
    [InlineData(12, "c = LessOrEqual(x, 0.1); y = Cast<to=1>(c)")]
    [InlineData(13, "a = Sign(x); c = Equal(a, 1.0); n = Not(c); y = Where(n, x, 0.0)")]
    [InlineData(13, "a = Less(x, 0.5); b = Greater(x, -0.5); c = And(a, b); y = Where(c, x, 0.0)")]
    [InlineData(13, "a = Less(x, -0.5); b = Greater(x, 0.5); c = Or(a, b); y = Where(c, x, 0.0)")]
    [InlineData(13, "c = Greater(x, 0.0); y = Where(c, float[2,4,1,1], float[10])")]
    public void Comparisons(int opset, string statements, string image = Image) => AssertSameAsOnnxRuntime(opset, statements, image);
}
