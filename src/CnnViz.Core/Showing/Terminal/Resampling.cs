namespace CnnViz.Showing.Terminal;

/// <summary>
/// Other sizes of pictures. A pixel of a smaller one is the mean of the area that it covers, in light rather than in sRGB values, so that fine
/// stripes become the grey that they look like from afar; one of a larger picture lies between its neighbours.
/// </summary>
internal static class Resampling
{
    private const int Channels = 3;

    private static readonly float[] s_light = [.. Enumerable.Range(0, 256).Select(value => (float)Light(value / 255.0))];

    /// <summary>The picture at another size.</summary>
    public static RgbPicture Resize(RgbPicture picture, int width, int height)
    {
        if (width == picture.Width && height == picture.Height)
        {
            return picture;
        }

        var light = new float[picture.Pixels.Length];
        for (int i = 0; i < light.Length; i++)
        {
            light[i] = s_light[picture.Pixels[i]];
        }

        float[] narrow = Along(light, picture.Height, Shares(picture.Width, width), picture.Width * Channels, Channels, width * Channels, Channels, Channels);
        float[] small = Along(narrow, 1, Shares(picture.Height, height), 0, width * Channels, 0, width * Channels, width * Channels);
        return new RgbPicture(width, height, Array.ConvertAll(small, Value));
    }

    // Mixes runs of values, as many as there are shares, out of each of some lines.
    private static float[] Along(
        float[] values, int lines, Share[] shares, int lineStride, int stride, int newLineStride, int newStride, int run)
    {
        var result = new float[lines == 1 ? shares.Length * newStride : lines * newLineStride];
        for (int line = 0; line < lines; line++)
        {
            for (int i = 0; i < shares.Length; i++)
            {
                int to = line * newLineStride + i * newStride;
                for (int j = 0; j < shares[i].Weights.Length; j++)
                {
                    int from = line * lineStride + (shares[i].First + j) * stride;
                    float weight = shares[i].Weights[j];
                    for (int k = 0; k < run; k++)
                    {
                        result[to + k] += weight * values[from + k];
                    }
                }
            }
        }

        return result;
    }

    // What each of the new pixels of a line is made of.
    private static Share[] Shares(int from, int to)
    {
        double ratio = (double)from / to;
        return [.. Enumerable.Range(0, to).Select(i => ratio >= 1 ? Covered(i * ratio, (i + 1) * ratio, from) : Between((i + 0.5) * ratio - 0.5, from))];
    }

    private static Share Covered(double start, double end, int count)
    {
        int first = (int)start;
        int last = Math.Clamp((int)Math.Ceiling(end - 1e-9) - 1, first, count - 1);
        var weights = new float[last - first + 1];
        for (int i = first; i <= last; i++)
        {
            weights[i - first] = (float)((Math.Min(end, i + 1) - Math.Max(start, i)) / (end - start));
        }

        return new Share(first, weights);
    }

    private static Share Between(double centre, int count)
    {
        centre = Math.Clamp(centre, 0, count - 1);
        int first = Math.Min((int)centre, Math.Max(0, count - 2));
        float part = (float)(centre - first);
        return count == 1 ? new Share(0, [1]) : new Share(first, [1 - part, part]);
    }

    // sRGB to light, and back (IEC 61966-2-1).
    private static double Light(double value) => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);

    private static byte Value(float light)
    {
        double value = light <= 0.0031308 ? light * 12.92 : 1.055 * Math.Pow(light, 1 / 2.4) - 0.055;
        return (byte)Math.Clamp(Math.Round(value * 255), 0, 255);
    }

    private readonly record struct Share(int First, float[] Weights);
}
