using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using CnnViz.Networks;
using CnnViz.Pictures;

namespace CnnViz.Activations;

/// <summary>Where in an image a filter answers, or what of the image its answer comes from: a map, and its picture over the image.</summary>
public sealed record FilterMap : ActivationPicture
{
    private readonly float[] _values;
    private readonly MapGrid _grid;
    private readonly MapPhoto _photo;
    private readonly Lazy<byte[]> _pixels;

    /// <param name="activation">What the image does to the filter.</param>
    /// <param name="method">What the map says.</param>
    /// <param name="values">The map, row by row.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="grid">Where its positions lie in the image.</param>
    /// <param name="photo">The image.</param>
    [SetsRequiredMembers]
    internal FilterMap(FilterActivation activation, MapMethod method, float[] values, int columns, MapGrid grid, MapPhoto photo)
        : base(activation)
    {
        (Method, _values, Rows, Columns, _grid, _photo) = (method, values, values.Length / columns, columns, grid, photo);
        Minimum = values.Any(float.IsNaN) ? float.NaN : values.Min();
        Maximum = values.Any(float.IsNaN) ? float.NaN : values.Max();
        _pixels = new Lazy<byte[]>(Draw);
    }

    /// <summary>What the map says.</summary>
    public MapMethod Method { get; }

    /// <summary>The layer whose positions the map has; null where they are places of the image itself.</summary>
    public string? MapLayer { get; init; }

    /// <summary>For occlusion, the square that covers the image, in pixels of the image as it was fed to the network; else null.</summary>
    public int? WindowSize { get; init; }

    /// <summary>1 for the image with the largest maximum of all, 2 for the next; null where there was no choice.</summary>
    public int? Rank { get; init; }

    /// <summary>Rows of the map.</summary>
    public int Rows { get; }

    /// <summary>Columns of the map.</summary>
    public int Columns { get; }

    /// <summary>Least value of the map; NaN where a value is no number.</summary>
    public float Minimum { get; }

    /// <summary>Largest value of the map, which has the strongest colour in the picture; NaN where a value is no number.</summary>
    public float Maximum { get; }

    /// <summary>Whether any value is above 0; without, the picture is the photo alone.</summary>
    public bool HasSignal => Maximum > 0;

    /// <inheritdoc />
    public override int Height => _photo.Pixels.Height;

    /// <inheritdoc />
    public override int Width => _photo.Pixels.Width;

    /// <summary>Where the map's positions lie in the image.</summary>
    internal MapGrid Grid => _grid;

    /// <inheritdoc />
    internal override byte[] Pixels => _pixels.Value;

    /// <summary>
    /// The map: rows × columns. In PowerShell it is the property Values; here it is no property, or ConvertTo-Json would write it number by number.
    /// </summary>
    public float[,] GetValues()
    {
        var values = new float[Rows, Columns];
        Buffer.BlockCopy(_values, 0, values, 0, _values.Length * sizeof(float));
        return values;
    }

    /// <summary>The maps of an image's activations, which have been kept.</summary>
    /// <param name="image">What the image does to filters of layers that have maps.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="CnnVizException">The image cannot be read any more.</exception>
    internal static IEnumerable<FilterMap> Of(ImageActivations image, CnnModel model)
    {
        var photo = MapPhoto.Read(image.Path, model.InputShape);
        return image.Activations.Select(activation => Of(activation, model.GetLayer(activation.Layer), photo));
    }

    /// <summary>The map of an activation, over the image, which is read again.</summary>
    /// <param name="activation">The activation, whose map has been kept.</param>
    /// <param name="rank">Its place among the filter's activations, from 1.</param>
    /// <param name="model">The model that it was measured with.</param>
    /// <exception cref="CnnVizException">The image cannot be read any more.</exception>
    internal static FilterMap Read(FilterActivation activation, int rank, CnnModel model) =>
        Of(activation, model.GetLayer(activation.Layer), MapPhoto.Read(activation.Path, model.InputShape)) with { Rank = rank };

    /// <summary>Such as <c>inception_4c/3x3:7 over cat.jpg (Activation, max 83.4)</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Layer}:{Filter} over {Image} ({Method}, max {Maximum:0.0###})");

    private static FilterMap Of(FilterActivation activation, CnnLayer layer, MapPhoto photo) =>
        new(activation, MapMethod.Activation, activation.Map!, layer.OutputShape.Width, MapGrid.Of(layer), photo) { MapLayer = layer.Name };

    private byte[] Draw()
    {
        float[] spread = _grid.Spread(_values, Columns, Height / _photo.Scale, Width / _photo.Scale, _photo.Scale);
        float most = HasSignal ? Maximum : 1;
        for (int i = 0; i < spread.Length; i++)
        {
            spread[i] /= most;
        }

        return HeatMap.Draw(_photo.Pixels, spread).Samples;
    }
}
