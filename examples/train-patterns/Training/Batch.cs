namespace CnnViz.Patterns.Training;

/// <summary>Pictures with what they show.</summary>
/// <param name="count">Number of pictures.</param>
/// <param name="pictureLength">Number of values in a picture.</param>
internal sealed class Batch(int count, int pictureLength)
{
    /// <summary>Number of pictures.</summary>
    public int Count => count;

    /// <summary>Index of each picture's pattern.</summary>
    public long[] Patterns { get; } = new long[count];

    /// <summary>Index of each picture's hue.</summary>
    public long[] Hues { get; } = new long[count];

    /// <summary>N×3×H×W, 0…1, RGB.</summary>
    public float[] Pixels { get; } = new float[count * pictureLength];

    /// <summary>The values of one picture.</summary>
    public Span<float> Picture(int index) => Pixels.AsSpan(index * pictureLength, pictureLength);
}
