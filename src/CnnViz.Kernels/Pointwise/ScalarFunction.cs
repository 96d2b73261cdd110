using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>A function of one value with its derivative, to be applied to all values of a map.</summary>
public abstract class ScalarFunction
{
    private protected ScalarFunction()
    {
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static ScalarFunction Sigmoid { get; } = new Of<SigmoidFunction>(default);

    /// <summary>The hyperbolic tangent.</summary>
    public static ScalarFunction Tanh { get; } = new Of<TanhFunction>(default);

    /// <summary>x · Φ(x) with the distribution function of the normal distribution.</summary>
    public static ScalarFunction Gelu { get; } = new Of<GeluFunction>(default);

    /// <summary><see cref="Gelu"/> with tanh in place of the error function.</summary>
    public static ScalarFunction TanhGelu { get; } = new Of<TanhGeluFunction>(default);

    /// <summary>log(1 + eˣ).</summary>
    public static ScalarFunction Softplus { get; } = new Of<SoftplusFunction>(default);

    /// <summary>x · tanh(log(1 + eˣ)).</summary>
    public static ScalarFunction Mish { get; } = new Of<MishFunction>(default);

    /// <summary>x / (1 + |x|).</summary>
    public static ScalarFunction Softsign { get; } = new Of<SoftsignFunction>(default);

    /// <summary>The error function.</summary>
    public static ScalarFunction Erf { get; } = new Of<ErfFunction>(default);

    /// <summary>eˣ.</summary>
    public static ScalarFunction Exp { get; } = new Of<ExpFunction>(default);

    /// <summary>|x|; its derivative at zero is zero.</summary>
    public static ScalarFunction Abs { get; } = new Of<AbsFunction>(default);

    /// <summary>x · max(0, min(1, x / 6 + ½)).</summary>
    public static ScalarFunction HardSwish { get; } = new Of<HardSwishFunction>(default);

    /// <summary>x / (1 + e⁻ᵅˣ).</summary>
    /// <param name="alpha">α; 1 for SiLU.</param>
    public static ScalarFunction Swish(float alpha) => new Of<SwishFunction>(new SwishFunction(alpha));

    /// <summary>max(0, min(1, αx + β)).</summary>
    public static ScalarFunction HardSigmoid(float alpha, float beta) => new Of<HardSigmoidFunction>(new HardSigmoidFunction(alpha, beta));

    /// <summary>x, or αx where x is below zero.</summary>
    public static ScalarFunction LeakyRelu(float alpha) => new Of<LeakyReluFunction>(new LeakyReluFunction(alpha));

    /// <summary>γ · x, or γ · α · (e^(x/τ) − 1) where x is below zero: ELU, SELU and CELU.</summary>
    /// <param name="alpha">α.</param>
    /// <param name="gamma">γ.</param>
    /// <param name="tau">τ, above zero.</param>
    public static ScalarFunction Elu(float alpha, float gamma = 1, float tau = 1) => new Of<EluFunction>(new EluFunction(alpha, gamma, tau));

    /// <summary>A kernel for it.</summary>
    internal abstract Kernel On(MapShape shape);

    private sealed class Of<T>(T function) : ScalarFunction
        where T : struct, IScalarFunction
    {
        internal override Kernel On(MapShape shape) => new FunctionKernel<T>(function, shape);
    }
}

/// <summary>A function of sixteen values; the compiler makes a loop of its own for each.</summary>
internal interface IScalarFunction
{
    /// <summary>What it is.</summary>
    Vector512<float> Value(Vector512<float> x);

    /// <summary>Its derivative.</summary>
    Vector512<float> Slope(Vector512<float> x);
}
