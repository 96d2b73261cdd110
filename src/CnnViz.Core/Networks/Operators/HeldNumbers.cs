using TorchSharp;

namespace CnnViz.Networks.Operators;

/// <summary>
/// Operations of tensors with numbers, called like TorchSharp's. They hold each number until libtorch has read it: TorchSharp 0.107 does not keep the
/// <see cref="Scalar"/> that it makes of a number, and a garbage collection during the call frees it (docs/torchsharp-scalars.md). Shapes, types and
/// exceptions are TorchSharp's.
/// </summary>
internal static class HeldNumbers
{
    // TorchSharp multiplies what it adds by a number of its own, unless it is given one.
    private static readonly Scalar s_one = 1;
    private static readonly Scalar s_two = 2;

    /// <summary><c>left + right</c>.</summary>
    public static torch.Tensor Add(this torch.Tensor left, torch.Tensor right) => left.add(right, s_one);

    /// <summary><c>left + right</c>.</summary>
    public static torch.Tensor Add(this torch.Tensor left, Scalar right) => Held(left.add(right, s_one), right);

    /// <summary><c>left += right</c>.</summary>
    public static torch.Tensor AddInPlace(this torch.Tensor left, torch.Tensor right) => left.add_(right, s_one);

    /// <summary><c>left += alpha · right</c>.</summary>
    public static torch.Tensor AddInPlace(this torch.Tensor left, torch.Tensor right, Scalar alpha) => Held(left.add_(right, alpha), alpha);

    /// <summary><c>left − right</c>.</summary>
    public static torch.Tensor Sub(this torch.Tensor left, Scalar right) => Held(left.sub(right), right);

    /// <summary><c>left · right</c>.</summary>
    public static torch.Tensor Mul(this torch.Tensor left, Scalar right) => Held(left.mul(right), right);

    /// <summary><c>left *= right</c>.</summary>
    public static torch.Tensor MulInPlace(this torch.Tensor left, Scalar right) => Held(left.mul_(right), right);

    /// <summary><c>left += value · first · second</c>.</summary>
    public static torch.Tensor AddcmulInPlace(this torch.Tensor left, torch.Tensor first, torch.Tensor second, Scalar value) =>
        Held(left.addcmul_(first, second, value), value);

    /// <summary><c>left / right</c>.</summary>
    public static torch.Tensor Div(this torch.Tensor left, Scalar right) => Held(left.div(right), right);

    /// <summary><c>left /= right</c>.</summary>
    public static torch.Tensor DivInPlace(this torch.Tensor left, Scalar right) => Held(left.div_(right), right);

    /// <summary>What a division leaves, with the sign of the divisor.</summary>
    public static torch.Tensor Remainder(this torch.Tensor left, Scalar right) => Held(left.remainder(right), right);

    /// <summary>The square.</summary>
    public static torch.Tensor Square(this torch.Tensor tensor) => tensor.pow(s_two);

    /// <summary>A power.</summary>
    public static torch.Tensor Pow(this torch.Tensor tensor, Scalar exponent) => Held(tensor.pow(exponent), exponent);

    /// <summary><c>left &lt; right</c>.</summary>
    public static torch.Tensor Lt(this torch.Tensor left, Scalar right) => Held(left.lt(right), right);

    /// <summary><c>left ≤ right</c>.</summary>
    public static torch.Tensor Le(this torch.Tensor left, Scalar right) => Held(left.le(right), right);

    /// <summary><c>left &gt; right</c>.</summary>
    public static torch.Tensor Gt(this torch.Tensor left, Scalar right) => Held(left.gt(right), right);

    /// <summary><c>left ≥ right</c>.</summary>
    public static torch.Tensor Ge(this torch.Tensor left, Scalar right) => Held(left.ge(right), right);

    /// <summary><c>left = right</c>.</summary>
    public static torch.Tensor Eq(this torch.Tensor left, Scalar right) => Held(left.eq(right), right);

    /// <summary>Values outside of a range become its nearest end.</summary>
    public static torch.Tensor Clamp(this torch.Tensor tensor, Scalar? min = null, Scalar? max = null) => Held(tensor.clamp(min, max), min, max);

    /// <summary>The same in place.</summary>
    public static torch.Tensor ClampInPlace(this torch.Tensor tensor, Scalar min, Scalar max) => Held(tensor.clamp_(min, max), min, max);

    /// <summary>Values below the least become that.</summary>
    public static torch.Tensor ClampMin(this torch.Tensor tensor, Scalar min) => Held(tensor.clamp_min(min), min);

    /// <summary>Values above the largest become that.</summary>
    public static torch.Tensor ClampMax(this torch.Tensor tensor, Scalar max) => Held(tensor.clamp_max(max), max);

    /// <summary>The values, and a share of those below zero.</summary>
    public static torch.Tensor LeakyRelu(this torch.Tensor tensor, Scalar slope) => Held(tensor.leaky_relu(slope), slope);

    /// <summary>The values, and <c>alpha · (exp(x) − 1)</c> of those below zero.</summary>
    public static torch.Tensor Elu(this torch.Tensor tensor, Scalar alpha) => Held(tensor.elu(alpha, s_one, s_one), alpha);

    /// <summary>The values, and <c>alpha · (exp(x / alpha) − 1)</c> of those below zero.</summary>
    public static torch.Tensor Celu(this torch.Tensor tensor, Scalar alpha) => Held(tensor.celu(alpha), alpha);

    /// <summary><c>log(1 + exp(x))</c>. TorchSharp's own makes scalars that nobody else can hold.</summary>
    public static torch.Tensor Softplus(this torch.Tensor tensor) => tensor.negative().log_sigmoid().negative();

    /// <summary>A value where a mask is true.</summary>
    public static torch.Tensor MaskedFill(this torch.Tensor tensor, torch.Tensor mask, Scalar value) => Held(tensor.masked_fill(mask, value), value);

    /// <summary>A value everywhere, in place.</summary>
    public static torch.Tensor FillInPlace(this torch.Tensor tensor, Scalar value) => Held(tensor.fill_(value), value);

    /// <summary>Adds slices of a source at indices along a dimension.</summary>
    public static torch.Tensor IndexAdd(this torch.Tensor tensor, long dimension, torch.Tensor index, torch.Tensor source) =>
        tensor.index_add(dimension, index, source, s_one);

    /// <summary>A tensor of one value.</summary>
    public static torch.Tensor Full(long[] shape, Scalar value, torch.ScalarType? type = null, torch.Device? device = null) =>
        Held(torch.full(shape, value, type, device), value);

    /// <summary>Whole numbers from 0.</summary>
    public static torch.Tensor Arange(Scalar stop, torch.ScalarType? type = null, torch.Device? device = null) =>
        Held(torch.arange(stop, type, device), stop);

    /// <summary>Numbers with a step between them.</summary>
    public static torch.Tensor Arange(Scalar start, Scalar stop, Scalar step, torch.ScalarType type) =>
        Held(Held(torch.arange(start, stop, step, type), start), stop, step);

    // Whoever has made the result needs the numbers no longer.
    private static torch.Tensor Held(torch.Tensor result, Scalar? number, Scalar? other = null)
    {
        GC.KeepAlive(number);
        GC.KeepAlive(other);
        return result;
    }
}
