namespace CnnViz.Tests.Import.Keras;

/// <summary>A tensor in Keras's order of dimensions: an image is rows × columns × channels.</summary>
/// <param name="Values">The values, the last dimension fastest.</param>
/// <param name="Shape">The sizes, outermost first.</param>
internal sealed record Pixels(float[] Values, params int[] Shape)
{
    /// <summary>Zeros.</summary>
    public Pixels(params int[] shape)
        : this(new float[shape.Aggregate(1, (product, size) => product * size)], shape)
    {
    }

    public int Rows => Shape[0];

    public int Columns => Shape[1];

    public int Channels => Shape[^1];

    /// <summary>One value of an image.</summary>
    public float this[int row, int column, int channel]
    {
        get => Values[(row * Columns + column) * Channels + channel];
        set => Values[(row * Columns + column) * Channels + channel] = value;
    }

    /// <summary>One value of a kernel.</summary>
    public float this[int a, int b, int c, int d] => Values[((a * Shape[1] + b) * Shape[2] + c) * Shape[3] + d];

    /// <summary>Values in −1…1 of which no two are alike.</summary>
    public static Pixels Wave(params int[] shape)
    {
        var wave = new Pixels(shape);
        for (int i = 0; i < wave.Values.Length; i++)
        {
            wave.Values[i] = MathF.Sin(1.7f * i + 0.3f * shape.Length + 0.01f * i * i);
        }

        return wave;
    }

    /// <summary>As <see cref="Wave"/>, between 0.5 and 1.5.</summary>
    public static Pixels Positive(params int[] shape) => Wave(shape).Select(value => 1 + value / 2);

    /// <summary>An image of the given values.</summary>
    public static Pixels Of(int rows, int columns, int channels, Func<int, int, int, double> value)
    {
        var pixels = new Pixels(rows, columns, channels);
        for (int i = 0; i < pixels.Values.Length; i++)
        {
            pixels.Values[i] = (float)value(i / channels / columns, i / channels % columns, i % channels);
        }

        return pixels;
    }

    public Pixels Select(Func<float, double> function) => this with { Values = [.. Values.Select(value => (float)function(value))] };

    /// <summary>The same image channel by channel.</summary>
    public float[] ToPlanes()
    {
        int plane = Rows * Columns;
        return [.. Enumerable.Range(0, Values.Length).Select(i => Values[i % plane * Channels + i / plane])];
    }

    /// <summary>An image from what it is channel by channel.</summary>
    public static Pixels FromPlanes(float[] planes, int channels, int rows, int columns) =>
        Of(rows, columns, channels, (row, column, channel) => planes[(channel * rows + row) * columns + column]);
}
