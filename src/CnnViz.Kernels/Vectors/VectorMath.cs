using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>Functions of sixteen values at once, in single precision. A value does not depend on where among others it stands.</summary>
public static class VectorMath
{
    // Beyond, e to the power, or one divided by it, has fewer digits than other numbers and takes longer.
    private const float Limit = 87;

    // The natural logarithm of two in two parts: whole multiples of the first are exact.
    private const float Log2 = 0.693359375f;
    private const float RestOfLog2 = -2.12194440e-4f;
    private const float InverseLog2 = 1.44269504f;

    private const int ExponentBias = 127;
    private const int MantissaBits = 23;

    // Below, a difference of large numbers has lost the digits that a polynomial still has.
    private const float SmallTanh = 0.25f;

    /// <summary>
    /// eˣ for x from −87 to 87, and its value there beyond. It is 2ⁿ·eʳ with |r| ≤ ½ log 2, where a polynomial does (Moshier's Cephes library,
    /// expf). What is no number stays none.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        Vector512<float> smallest = Vector512.Create(-Limit);
        Vector512<float> largest = Vector512.Create(Limit);
        x = Vector512.ConditionalSelect(Vector512.LessThan(x, smallest), smallest, x);
        x = Vector512.ConditionalSelect(Vector512.GreaterThan(x, largest), largest, x);
        Vector512<float> n = Vector512.Floor(x * InverseLog2 + Vector512.Create(0.5f));
        Vector512<float> r = x - n * Log2 - n * RestOfLog2;
        Vector512<float> sum = r * 1.9875691500e-4f + Vector512.Create(1.3981999507e-3f);
        sum = sum * r + Vector512.Create(8.3334519073e-3f);
        sum = sum * r + Vector512.Create(4.1665795894e-2f);
        sum = sum * r + Vector512.Create(1.6666665459e-1f);
        sum = sum * r + Vector512.Create(5.0000001201e-1f);
        sum = sum * (r * r) + r + Vector512<float>.One;
        Vector512<int> exponent = Vector512.ConvertToInt32(n) + Vector512.Create(ExponentBias);
        return sum * Vector512.ShiftLeft(exponent, MantissaBits).AsSingle();
    }

    /// <summary>The logistic function, 1 / (1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x) =>
        Vector512<float>.One / (Vector512<float>.One + Exp(Vector512<float>.Zero - x));

    /// <summary>The hyperbolic tangent: 2 / (1 + e⁻²ˣ) − 1, and near zero its series.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        Vector512<float> square = x * x;
        Vector512<float> series = square * Vector512.Create(-17f / 315) + Vector512.Create(2f / 15);
        series = series * square - Vector512.Create(1f / 3);
        series = series * square * x + x;
        Vector512<float> large = Vector512.Create(2f) * Sigmoid(x + x) - Vector512<float>.One;
        return Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Abs(x), Vector512.Create(SmallTanh)), series, large);
    }

    /// <summary>log(1 + x) for x from 0 to 1: twice the series of artanh at x / (2 + x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log1p(Vector512<float> x)
    {
        Vector512<float> z = x / (x + Vector512.Create(2f));
        Vector512<float> square = z * z;
        Vector512<float> sum = square * Vector512.Create(2f / 15) + Vector512.Create(2f / 13);
        sum = sum * square + Vector512.Create(2f / 11);
        sum = sum * square + Vector512.Create(2f / 9);
        sum = sum * square + Vector512.Create(2f / 7);
        sum = sum * square + Vector512.Create(2f / 5);
        sum = sum * square + Vector512.Create(2f / 3);
        return (sum * square + Vector512.Create(2f)) * z;
    }

    /// <summary>The error function, with an error of at most 1.5e-7 (Abramowitz and Stegun, "Handbook of Mathematical Functions", 7.1.26).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Erf(Vector512<float> x)
    {
        Vector512<float> size = Vector512.Abs(x);
        Vector512<float> t = Vector512<float>.One / (size * Vector512.Create(0.3275911f) + Vector512<float>.One);
        Vector512<float> sum = t * Vector512.Create(1.061405429f) - Vector512.Create(1.453152027f);
        sum = sum * t + Vector512.Create(1.421413741f);
        sum = sum * t - Vector512.Create(0.284496736f);
        sum = sum * t + Vector512.Create(0.254829592f);
        Vector512<float> result = Vector512<float>.One - sum * t * Exp(Vector512<float>.Zero - size * size);
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), Vector512<float>.Zero - result, result);
    }
}
