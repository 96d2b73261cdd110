namespace CnnViz.Pictures;

/// <summary>
/// A colour by what eyes see: equal distances look equally large (Ottosson, "A perceptual color space for image processing", 2020).
/// </summary>
/// <param name="Lightness">0, black, to 1, white.</param>
/// <param name="A">Green (below 0) to red.</param>
/// <param name="B">Blue (below 0) to yellow.</param>
internal readonly record struct OklabColour(float Lightness, float A, float B)
{
    /// <summary>A colour by its hue.</summary>
    /// <param name="lightness">0…1.</param>
    /// <param name="chroma">0, grey, to about 0.3.</param>
    /// <param name="hue">In degrees: about 30 for red, 110 for yellow, 264 for blue.</param>
    public static OklabColour FromHue(double lightness, double chroma, double hue) =>
        new((float)lightness, (float)(chroma * Math.Cos(hue * Math.PI / 180)), (float)(chroma * Math.Sin(hue * Math.PI / 180)));

    /// <summary>The lightness of a grey.</summary>
    /// <param name="value">Its sRGB value, 0…255.</param>
    public static float LightnessOf(byte value) => MathF.Cbrt(ToLinear(value / 255f));

    /// <summary>How different two colours look.</summary>
    public double DistanceTo(OklabColour other) =>
        Math.Sqrt(Math.Pow(Lightness - other.Lightness, 2) + Math.Pow(A - other.A, 2) + Math.Pow(B - other.B, 2));

    /// <summary>The colour in sRGB; what a screen cannot show becomes the nearest in each of red, green and blue.</summary>
    /// <param name="rgb">Three bytes to write.</param>
    public void ToRgb(Span<byte> rgb)
    {
        float l = Cube(Lightness + 0.3963377774f * A + 0.2158037573f * B);
        float m = Cube(Lightness - 0.1055613458f * A - 0.0638541728f * B);
        float s = Cube(Lightness - 0.0894841775f * A - 1.2914855480f * B);
        rgb[0] = ToByte(4.0767416621f * l - 3.3077115913f * m + 0.2309699292f * s);
        rgb[1] = ToByte(-1.2684380046f * l + 2.6097574011f * m - 0.3413193965f * s);
        rgb[2] = ToByte(-0.0041960863f * l - 0.7034186147f * m + 1.7076147010f * s);
    }

    private static float Cube(float value) => value * value * value;

    // IEC 61966-2-1.
    private static float ToLinear(float value) => value <= 0.04045f ? value / 12.92f : MathF.Pow((value + 0.055f) / 1.055f, 2.4f);

    private static byte ToByte(float linear)
    {
        float value = linear <= 0.0031308f ? 12.92f * linear : 1.055f * MathF.Pow(linear, 1 / 2.4f) - 0.055f;
        return (byte)MathF.Round(Math.Clamp(value, 0, 1) * 255);
    }
}
