using System.Runtime.CompilerServices;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// Simple pictures of many kinds, always the same ones: a single colour, and two colours as gradients, gratings, checks and noise, from fine to coarse.
/// </summary>
internal static class ProbePictures
{
    /// <summary>How many there are.</summary>
    public const int Count = 256;

    // Corners of the colour cube, for as many channels as have few of them.
    private const int MostCornerChannels = 3;

    private const int Directions = 8;
    private const int Scales = 6;

    private static readonly float[] s_levels = [0, 0.5f, 1];

    /// <summary>How many of them, the first ones, have a single colour: full ones, which affine filters like most, and grey.</summary>
    public static int Plain(int channels) => channels switch { 1 => 5, <= MostCornerChannels => (1 << channels) + 1, _ => 9 };

    /// <summary>Makes some of them, as large as the images of an ascent.</summary>
    /// <param name="numbers">Which, each from 0.</param>
    /// <param name="channels">Channels of the pictures.</param>
    /// <param name="geometry">Their size; with the border.</param>
    /// <param name="device">Where they are to be.</param>
    /// <returns>N×C×H×W, 0…1; belongs to the caller's dispose scope.</returns>
    public static torch.Tensor Make(IEnumerable<int> numbers, int channels, AscentGeometry geometry, torch.Device device)
    {
        (int height, int width) = (geometry.FullHeight, geometry.FullWidth);
        return torch.stack(numbers.Select(number => torch.tensor(Make(number, channels, height, width), [channels, height, width]))).to(device);
    }

    // C×H×W, 0…1.
    private static float[] Make(int number, int channels, int height, int width)
    {
        var random = new Random(unchecked((number + 1) * (int)2654435761));
        int plain = Plain(channels);
        int coloured = plain + (channels == 1 ? 0 : 18);
        if (number < coloured)
        {
            float[] colour = number < plain ? Colour(number, channels, random) : Draw(channels, random, s_levels);
            return Mix(colour, colour, new float[height * width]);
        }

        // A quarter of them in black and white, which many filters like.
        bool isGrey = channels == 1 || random.Next(4) == 0;
        float[] first = isGrey ? new float[channels] : Draw(channels, random, s_levels);
        float[] second = isGrey ? [.. Enumerable.Repeat(1f, channels)] : Draw(channels, random, s_levels);
        return Mix(first, second, Pattern(number - coloured, height, width, random));
    }

    // Of two colours, by the share of the second at each pixel.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float[] Mix(float[] first, float[] second, float[] shares)
    {
        var picture = new float[first.Length * shares.Length];
        for (int channel = 0; channel < first.Length; channel++)
        {
            (float start, float way) = (first[channel], second[channel] - first[channel]);
            Span<float> plane = picture.AsSpan(channel * shares.Length, shares.Length);
            for (int pixel = 0; pixel < plane.Length; pixel++)
            {
                plane[pixel] = start + way * shares[pixel];
            }
        }

        return picture;
    }

    private static float[] Colour(int number, int channels, Random random) =>
        channels == 1 ? [number / 4f]
        : number == Plain(channels) - 1 ? [.. Enumerable.Repeat(0.5f, channels)]
        : channels <= MostCornerChannels ? [.. Enumerable.Range(0, channels).Select(channel => (float)((number >> channel) & 1))]
        : number < 2 ? [.. Enumerable.Repeat((float)number, channels)]
        : Draw(channels, random, [0, 1]);

    private static float[] Draw(int channels, Random random, float[] levels) =>
        [.. Enumerable.Range(0, channels).Select(_ => levels[random.Next(levels.Length)])];

    // H×W, 0…1.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float[] Pattern(int number, int height, int width, Random random)
    {
        (int kind, int scale, int direction) = (number % 4, number / 4 % Scales, number / 4 / Scales % Directions);
        float length = 2 << scale;
        (float sine, float cosine) = MathF.SinCos(MathF.PI * direction / Directions);
        float extent = MathF.Abs(cosine) * width + MathF.Abs(sine) * height;
        float start = random.NextSingle();
        Grid grid = kind == 3 ? new Grid(height, width, 2 << scale, random) : default;
        var shares = new float[height * width];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                float along = (x - width / 2f) * cosine + (y - height / 2f) * sine;
                shares[y * width + x] = kind switch
                {
                    0 => Math.Clamp(0.5f + along / extent * (1 + scale), 0, 1),
                    1 => 0.5f + 0.5f * MathF.Cos(2 * MathF.PI * (along / length + start)),
                    2 => (x / (2 << scale) + y / (2 << scale)) % 2,
                    _ => grid.At(y, x),
                };
            }
        }

        return shares;
    }

    // Noise of a scale: linear between random values, with the contrast that this takes away given back.
    private readonly struct Grid(int height, int width, int length, Random random)
    {
        private readonly int _columns = width / length + 2;
        private readonly float[] _values =
            [.. Enumerable.Range(0, (height / length + 2) * (width / length + 2)).Select(_ => random.NextSingle())];

        public float At(int y, int x)
        {
            (int first, float down, float right) = (y / length * _columns + x / length, (float)(y % length) / length, (float)(x % length) / length);
            float upper = _values[first] * (1 - right) + _values[first + 1] * right;
            float lower = _values[first + _columns] * (1 - right) + _values[first + _columns + 1] * right;
            return Math.Clamp((upper * (1 - down) + lower * down - 0.5f) * 2 + 0.5f, 0, 1);
        }
    }
}
