using System.Globalization;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>The part of a layer's map that an objective looks at. For a dense layer it is always the whole.</summary>
internal abstract record MapArea
{
    /// <summary>All of it.</summary>
    public static MapArea Whole { get; } = new WholeMap();

    /// <summary>The position in the middle: the one neuron whose receptive field lies within the image, if any does.</summary>
    public static MapArea Center { get; } = new CenterPosition();

    /// <summary>One position.</summary>
    /// <param name="row">Row of the map, from 0.</param>
    /// <param name="column">Column of the map, from 0.</param>
    public static MapArea Position(int row, int column) => new SinglePosition(row, column);

    /// <summary>A rectangle, in shares of the map's height and width, so that it means the same at every size.</summary>
    /// <param name="top">Upper edge, 0…1.</param>
    /// <param name="left">Left edge, 0…1.</param>
    /// <param name="height">Height, above 0.</param>
    /// <param name="width">Width, above 0.</param>
    /// <exception cref="CnnVizException">It does not lie within the map.</exception>
    public static MapArea Region(double top, double left, double height, double width) =>
        top >= 0 && left >= 0 && height > 0 && width > 0 && top + height <= 1 && left + width <= 1
            ? new RelativeRegion(top, left, height, width)
            : throw new CnnVizException(
                "RegionOutOfMap",
                string.Create(CultureInfo.InvariantCulture, $"The region {top}, {left}, {height}, {width} does not lie within the map."),
                "Give top, left, height and width as shares of the map, from 0 to 1.");

    /// <summary>What it leaves of the values: N×C×h×w of N×C×H×W; N×C×1×1 of N×C.</summary>
    /// <exception cref="ImageSizeException">The map has no such position.</exception>
    public torch.Tensor Cut(torch.Tensor values)
    {
        torch.Tensor maps = values.dim() == 4 ? values : values.reshape([values.shape[0], values.shape[1], -1, 1]);
        (long top, long left, long height, long width) = Within(maps.shape[2], maps.shape[3]);
        return maps.narrow(2, top, height).narrow(3, left, width);
    }

    protected abstract (long Top, long Left, long Height, long Width) Within(long height, long width);

    private sealed record WholeMap : MapArea
    {
        public override string ToString() => string.Empty;

        protected override (long Top, long Left, long Height, long Width) Within(long height, long width) => (0, 0, height, width);
    }

    private sealed record CenterPosition : MapArea
    {
        public override string ToString() => "[center]";

        protected override (long Top, long Left, long Height, long Width) Within(long height, long width) => (height / 2, width / 2, 1, 1);
    }

    private sealed record SinglePosition(int Row, int Column) : MapArea
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{Row},{Column}]");

        protected override (long Top, long Left, long Height, long Width) Within(long height, long width) => Row < height && Column < width
            ? (Row, Column, 1, 1)
            : throw new ImageSizeException(
                "PositionOutOfMap",
                $"The layer's map has {height} rows and {width} columns at this size: there is no position {Row}, {Column}.",
                "Choose another -Position, or a larger -Size.");
    }

    private sealed record RelativeRegion(double Top, double Left, double Height, double Width) : MapArea
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"[{Top:0.###},{Left:0.###},{Height:0.###},{Width:0.###}]");

        protected override (long Top, long Left, long Height, long Width) Within(long height, long width)
        {
            (long top, long rows) = Span(Top, Height, height);
            (long left, long columns) = Span(Left, Width, width);
            return (top, left, rows, columns);
        }

        // At least one row or column.
        private static (long Start, long Count) Span(double start, double share, long length)
        {
            long first = Math.Clamp((long)Math.Round(start * length), 0, length - 1);
            return (first, Math.Clamp((long)Math.Round((start + share) * length) - first, 1, length - first));
        }
    }
}
