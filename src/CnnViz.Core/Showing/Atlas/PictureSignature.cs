using System.Numerics;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Showing.Atlas;

/// <summary>
/// The looks of a picture in a few bytes, to find others that look alike: its mean colour and how strong its contrasts are, and how its
/// structures are spread over widths (octaves) and directions. Where in the picture they are does not count.
/// </summary>
/// <remarks>Computed without libtorch, which may be at work for the next picture on another thread.</remarks>
internal static class PictureSignature
{
    private const int Side = 64;
    private const int Octaves = 5;
    private const int Directions = 6;
    private const int Colours = 6;

    /// <summary>Bytes of a signature.</summary>
    public const int Length = Colours + Octaves * Directions;

    // The band of each frequency; −1 for those that count nowhere.
    private static readonly int[] s_bands = ListBands();

    // Hann's window: the picture's edges are no structure.
    private static readonly double[] s_window =
        [.. Enumerable.Range(0, Side).Select(i => 0.5 - 0.5 * Math.Cos(2 * Math.PI * (i + 0.5) / Side))];

    /// <summary>The signature of a picture.</summary>
    /// <param name="picture">C×H×W, 0…1, single precision, on the CPU.</param>
    public static byte[] Of(torch.Tensor picture)
    {
        (int channels, int height, int width) = ((int)picture.shape[0], (int)picture.shape[1], (int)picture.shape[2]);
        float[] values = picture.ToFloats();
        double[][] planes = [.. Enumerable.Range(0, channels).Select(channel => Shrink(values.AsSpan(channel * height * width), height, width))];
        double[] grey = Mix(planes, Enumerable.Repeat(1.0 / channels, channels));
        double[][] colours = channels == 3 ? planes : [grey, grey, grey];
        double[] features =
        [
            .. colours.Select(plane => plane.Average()),
            Deviation(grey) * 2,
            Deviation(Mix(colours, [1, 0, -1])),
            Deviation(Mix(colours, [-0.5, 1, -0.5])),
            .. Shares(grey),
        ];
        return [.. features.Select(feature => (byte)Math.Round(255 * Math.Clamp(double.IsFinite(feature) ? feature : 0, 0, 1)))];
    }

    /// <summary>How far two signatures are apart; 0 for none.</summary>
    public static int Distance(byte[] one, byte[] other)
    {
        int sum = 0;
        for (int i = 0; i < Length; i++)
        {
            int difference = one[i] - other[i];
            sum += difference * difference;
        }

        return sum;
    }

    // Each value is the mean of what it covers.
    private static double[] Shrink(ReadOnlySpan<float> plane, int height, int width)
    {
        var small = new double[Side * Side];
        for (int i = 0; i < small.Length; i++)
        {
            (int top, int bottom) = Covered(i / Side, height);
            (int left, int right) = Covered(i % Side, width);
            double sum = 0;
            for (int row = top; row < bottom; row++)
            {
                for (int column = left; column < right; column++)
                {
                    sum += plane[row * width + column];
                }
            }

            small[i] = sum / ((bottom - top) * (right - left));
        }

        return small;
    }

    private static (int Start, int End) Covered(int place, int length) => (place * length / Side, ((place + 1) * length + Side - 1) / Side);

    private static double[] Mix(double[][] planes, IEnumerable<double> weights)
    {
        double[] factors = [.. weights];
        return [.. Enumerable.Range(0, Side * Side).Select(i => planes.Select((plane, channel) => plane[i] * factors[channel]).Sum())];
    }

    private static double Deviation(double[] plane)
    {
        double mean = plane.Average();
        return Math.Sqrt(plane.Average(value => (value - mean) * (value - mean)));
    }

    // Square roots of the shares of each band in all power.
    private static IEnumerable<double> Shares(double[] grey)
    {
        double mean = grey.Average();
        var waves = new Complex[Side * Side];
        for (int i = 0; i < waves.Length; i++)
        {
            waves[i] = (grey[i] - mean) * s_window[i / Side] * s_window[i % Side];
        }

        for (int i = 0; i < Side; i++)
        {
            Transform(waves, i * Side, 1);
        }

        for (int i = 0; i < Side; i++)
        {
            Transform(waves, i, Side);
        }

        var bands = new double[Octaves * Directions];
        for (int i = 0; i < waves.Length; i++)
        {
            if (s_bands[i] >= 0)
            {
                bands[s_bands[i]] += waves[i].Real * waves[i].Real + waves[i].Imaginary * waves[i].Imaginary;
            }
        }

        double total = bands.Sum() + 1e-6;
        return bands.Select(band => Math.Sqrt(band / total));
    }

    // Fourier's transform of a row or a column in place: Cooley and Tukey's, of 64 values.
    private static void Transform(Complex[] values, int start, int stride)
    {
        for (int i = 1, j = 0; i < Side; i++)
        {
            int bit = Side >> 1;
            for (; (j & bit) != 0; bit >>= 1)
            {
                j ^= bit;
            }

            j ^= bit;
            if (i < j)
            {
                (values[start + i * stride], values[start + j * stride]) = (values[start + j * stride], values[start + i * stride]);
            }
        }

        for (int length = 2; length <= Side; length <<= 1)
        {
            for (int k = 0; k < length / 2; k++)
            {
                Complex turn = Complex.FromPolarCoordinates(1, -2 * Math.PI * k / length);
                for (int i = k; i < Side; i += length)
                {
                    (int even, int odd) = (start + i * stride, start + (i + length / 2) * stride);
                    Complex turned = turn * values[odd];
                    (values[even], values[odd]) = (values[even] + turned, values[even] - turned);
                }
            }
        }
    }

    private static int[] ListBands()
    {
        var bands = new int[Side * Side];
        for (int i = 0; i < bands.Length; i++)
        {
            (int row, int column) = (i / Side, i % Side);
            (double down, double right) = (row <= Side / 2 ? row : row - Side, column <= Side / 2 ? column : column - Side);
            double octave = Math.Floor(Math.Log2(Math.Sqrt(down * down + right * right)));

            // Opposite frequencies are one direction.
            double direction = (Math.Atan2(down, right) / Math.PI + 1) % 1;
            bands[i] = octave is >= 0 and < Octaves
                ? (int)octave * Directions + (int)Math.Round(direction * Directions) % Directions
                : -1;
        }

        return bands;
    }
}
