namespace CnnViz.Patterns.Drawing;

/// <summary>A colour; red, green and blue in 0…1.</summary>
internal readonly record struct Colour(float Red, float Green, float Blue)
{
    /// <summary>Brightness, 0…1, with the weights of ITU-R BT.601.</summary>
    public float Luma => 0.299f * Red + 0.587f * Green + 0.114f * Blue;

    /// <summary>Hue in degrees (red at 0, green at 120, blue at 240), saturation and value in 0…1.</summary>
    public (float Hue, float Saturation, float Value) ToHsv()
    {
        float high = Math.Max(Red, Math.Max(Green, Blue));
        float chroma = high - Math.Min(Red, Math.Min(Green, Blue));
        float hue = chroma == 0 ? 0
            : high == Red ? (Green - Blue) / chroma
            : high == Green ? 2 + (Blue - Red) / chroma
            : 4 + (Red - Green) / chroma;
        return ((hue + 6) % 6 * 60, high == 0 ? 0 : chroma / high, high);
    }

    /// <summary>The colour of a hue in degrees, a saturation and a value.</summary>
    public static Colour FromHsv(float hue, float saturation, float value)
    {
        return new Colour(Part(5), Part(3), Part(1));

        float Part(float sector)
        {
            float k = (sector + hue / 60 + 6) % 6;
            return value * (1 - saturation * Math.Clamp(Math.Min(k, 4 - k), 0, 1));
        }
    }
}
