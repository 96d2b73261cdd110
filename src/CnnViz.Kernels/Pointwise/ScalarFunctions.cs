using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

// The functions themselves: what they are is said in ScalarFunction.
internal readonly struct SigmoidFunction : IScalarFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Value(Vector512<float> x) => VectorMath.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Slope(Vector512<float> x)
    {
        Vector512<float> y = VectorMath.Sigmoid(x);
        return y * (Vector512<float>.One - y);
    }
}

internal readonly struct TanhFunction : IScalarFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Value(Vector512<float> x) => VectorMath.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Slope(Vector512<float> x)
    {
        Vector512<float> y = VectorMath.Tanh(x);
        return Vector512<float>.One - y * y;
    }
}

internal readonly struct GeluFunction : IScalarFunction
{
    private const float InverseRoot2 = 0.70710678f;
    private const float InverseRoot2Pi = 0.39894228f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Value(Vector512<float> x) => x * Distribution(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Slope(Vector512<float> x) =>
        Distribution(x) + x * VectorMath.Exp(x * x * Vector512.Create(-0.5f)) * Vector512.Create(InverseRoot2Pi);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Distribution(Vector512<float> x) =>
        VectorMath.Erf(x * Vector512.Create(InverseRoot2)) * Vector512.Create(0.5f) + Vector512.Create(0.5f);
}

internal readonly struct TanhGeluFunction : IScalarFunction
{
    private const float Root2OverPi = 0.79788456f;
    private const float Cubic = 0.044715f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Value(Vector512<float> x) => x * Vector512.Create(0.5f) * (Vector512<float>.One + VectorMath.Tanh(Inner(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Slope(Vector512<float> x)
    {
        Vector512<float> tanh = VectorMath.Tanh(Inner(x));
        Vector512<float> inner = Vector512.Create(Root2OverPi) + x * x * Vector512.Create(3 * Cubic * Root2OverPi);
        return Vector512.Create(0.5f) * (Vector512<float>.One + tanh + x * (Vector512<float>.One - tanh * tanh) * inner);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Inner(Vector512<float> x) => Vector512.Create(Root2OverPi) * (x + x * x * x * Vector512.Create(Cubic));
}

internal readonly struct SoftplusFunction : IScalarFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Value(Vector512<float> x) =>
        Vector512.Max(x, Vector512<float>.Zero) + VectorMath.Log1p(VectorMath.Exp(Vector512<float>.Zero - Vector512.Abs(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Slope(Vector512<float> x) => VectorMath.Sigmoid(x);
}

internal readonly struct MishFunction : IScalarFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Value(Vector512<float> x) => x * Gate(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Slope(Vector512<float> x)
    {
        Vector512<float> gate = Gate(x);
        return gate + x * (Vector512<float>.One - gate * gate) * VectorMath.Sigmoid(x);
    }

    // tanh(log(1 + eˣ)) is ((1 + eˣ)² − 1) / ((1 + eˣ)² + 1), with e to a power that is not above zero.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Gate(Vector512<float> x)
    {
        Vector512<float> two = Vector512.Create(2f);
        Vector512<float> e = VectorMath.Exp(Vector512<float>.Zero - Vector512.Abs(x));
        Vector512<float> above = (Vector512<float>.One + two * e) / (Vector512<float>.One + two * e + two * e * e);
        Vector512<float> below = (e * e + two * e) / (e * e + two * e + two);
        return Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), above, below);
    }
}

internal readonly struct SoftsignFunction : IScalarFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Value(Vector512<float> x) => x / (Vector512<float>.One + Vector512.Abs(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Slope(Vector512<float> x)
    {
        Vector512<float> size = Vector512<float>.One + Vector512.Abs(x);
        return Vector512<float>.One / (size * size);
    }
}

internal readonly struct ErfFunction : IScalarFunction
{
    private const float TwoOverRootPi = 1.1283792f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Value(Vector512<float> x) => VectorMath.Erf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Slope(Vector512<float> x) => VectorMath.Exp(Vector512<float>.Zero - x * x) * Vector512.Create(TwoOverRootPi);
}

internal readonly struct ExpFunction : IScalarFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Value(Vector512<float> x) => VectorMath.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Slope(Vector512<float> x) => VectorMath.Exp(x);
}

internal readonly struct AbsFunction : IScalarFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Value(Vector512<float> x) => Vector512.Abs(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Slope(Vector512<float> x) =>
        (Vector512<float>.One & Vector512.GreaterThan(x, Vector512<float>.Zero)) - (Vector512<float>.One & Vector512.LessThan(x, Vector512<float>.Zero));
}

internal readonly struct HardSwishFunction : IScalarFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Value(Vector512<float> x) =>
        x * Vector512.Min(Vector512.Max(x + Vector512.Create(3f), Vector512<float>.Zero), Vector512.Create(6f)) * Vector512.Create(1f / 6);

    // As libtorch has it: 0 up to −3, 1 from 3 on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Slope(Vector512<float> x)
    {
        Vector512<float> slope = x * Vector512.Create(1f / 3) + Vector512.Create(0.5f);
        slope = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(x, Vector512.Create(3f)), Vector512<float>.One, slope);
        return slope & Vector512.GreaterThan(x, Vector512.Create(-3f));
    }
}

internal readonly struct SwishFunction(float alpha) : IScalarFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Value(Vector512<float> x) => x * VectorMath.Sigmoid(x * alpha);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Slope(Vector512<float> x)
    {
        Vector512<float> gate = VectorMath.Sigmoid(x * alpha);
        return gate + x * alpha * gate * (Vector512<float>.One - gate);
    }
}

internal readonly struct HardSigmoidFunction(float alpha, float beta) : IScalarFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Value(Vector512<float> x) => Vector512.Min(Vector512.Max(Line(x), Vector512<float>.Zero), Vector512<float>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Slope(Vector512<float> x)
    {
        Vector512<float> line = Line(x);
        return Vector512.Create(alpha) & Vector512.GreaterThan(line, Vector512<float>.Zero) & Vector512.LessThan(line, Vector512<float>.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Line(Vector512<float> x) => x * alpha + Vector512.Create(beta);
}

internal readonly struct LeakyReluFunction(float alpha) : IScalarFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Value(Vector512<float> x) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), x, x * alpha);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Slope(Vector512<float> x) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), Vector512<float>.One, Vector512.Create(alpha));
}

internal readonly struct EluFunction(float alpha, float gamma, float tau) : IScalarFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Value(Vector512<float> x)
    {
        Vector512<float> below = (VectorMath.Exp(x * (1 / tau)) - Vector512<float>.One) * alpha;
        return Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), x, below) * gamma;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Slope(Vector512<float> x)
    {
        Vector512<float> below = VectorMath.Exp(x * (1 / tau)) * (alpha / tau);
        return Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), Vector512<float>.One, below) * gamma;
    }
}
