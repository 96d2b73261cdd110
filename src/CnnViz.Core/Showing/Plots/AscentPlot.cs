using System.Security.Cryptography;
using System.Text;
using CnnViz.Ascent;
using CnnViz.Pictures;
using CnnViz.Quality;
using OxyPlot;

namespace CnnViz.Showing.Plots;

/// <summary>Activation against step: how ascents went.</summary>
public sealed class AscentPlot
{
    /// <summary>More curves than this are an error.</summary>
    public const int MaxCurves = 1000;

    private readonly PlotOptions _options;
    private readonly CurveModel _model;

    /// <param name="curves">One curve a picture.</param>
    /// <param name="options">How the plot looks.</param>
    /// <exception cref="CnnVizException">There is no value that is a number, or there are more than <see cref="MaxCurves"/> curves.</exception>
    public AscentPlot(IReadOnlyList<AscentCurve> curves, PlotOptions? options = null)
    {
        if (curves.Count > MaxCurves)
        {
            throw new CnnVizException(
                "TooManyCurves", $"There are {curves.Count:N0} curves, but a plot can have at most {MaxCurves:N0}.", "Plot fewer pictures.");
        }

        if (curves.All(curve => curve.LastFinite < 0))
        {
            throw new CnnVizException(
                "NothingToPlot", "No picture has an activation that is a number at any step.", "Plot pictures of ascents that took a step.");
        }

        _options = options ?? new PlotOptions();
        _model = new CurveModel(curves, _options);
    }

    /// <summary>Another plot of the same kind: how pictures are like natural images to each layer on the way to their filters.</summary>
    /// <param name="qualities">What was measured of the pictures.</param>
    /// <param name="options">How the plot looks.</param>
    /// <exception cref="CnnVizException">None of them has a curve, or there are too many.</exception>
    public static AscentPlot OfPaths(IReadOnlyList<FilterImageQuality> qualities, PlotOptions? options = null)
    {
        AscentCurve[] curves = [.. PathCurves.Of(qualities)];
        return curves.Length > 0
            ? new AscentPlot(curves, (options ?? new PlotOptions()) with { Across = "Layer on the way", Up = "Spearman's correlation" })
            : throw new CnnVizException(
                "NothingToPlot", "No picture was compared with natural images on the way to its filter.", "Measure pictures with Measure-FilterImage -NaturalImage.");
    }

    /// <summary>The curves of pictures as an element that can stand in an HTML page.</summary>
    /// <param name="images">The pictures; they may be disposed.</param>
    /// <param name="options">How the plot looks.</param>
    /// <returns>The SVG element, without a declaration before it.</returns>
    /// <exception cref="CnnVizException">There is nothing to plot, or too much.</exception>
    public static string ToSvg(IEnumerable<FilterImage> images, PlotOptions? options = null)
    {
        string svg = new AscentPlot([.. images.Select(AscentCurve.Of)], options).ToSvg(isDocument: false);

        // Ids are the page's, on which other plots may stand.
        string id = $"plot{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(svg)))[..12]}-";
        return svg.Replace("\"clipPath", $"\"{id}", StringComparison.Ordinal).Replace("(#clipPath", $"(#{id}", StringComparison.Ordinal);
    }

    /// <summary>Writes the plot, whole or not at all; makes the folder if need be.</summary>
    /// <param name="path">Full path of the file, which ends in .svg or .png; one that is there is replaced.</param>
    /// <param name="cancellation">Stops at the next piece of the file.</param>
    /// <exception cref="CnnVizException">The file is to be in another format, or cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; there is no file then.</exception>
    public void Write(string path, CancellationToken cancellation = default)
    {
        byte[] content = ToFile(FormatOf(path));
        WholeFile.Write(path, stream => stream.Write(content), cancellation);
    }

    /// <summary>Whether the file that would be written is there already, the same to the byte.</summary>
    /// <param name="path">Full path of the file, which ends in .svg or .png.</param>
    /// <param name="cancellation">Stops at the next piece of the file.</param>
    /// <exception cref="CnnVizException">The file is in another format, or cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public bool IsIn(string path, CancellationToken cancellation = default) =>
        WholeFile.Has(path, stream => stream.Write(ToFile(FormatOf(path))), cancellation);

    /// <summary>The format of a file by its extension.</summary>
    /// <exception cref="CnnVizException">It is neither .svg nor .png.</exception>
    public static PlotFormat FormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".svg" => PlotFormat.Svg,
        ".png" => PlotFormat.Png,
        _ => throw new CnnVizException(
            "UnknownPlotFormat", $"'{Path.GetFileName(path)}' is not a file name for a plot: it does not end in .svg, .png.", "Choose one of these."),
    };

    private byte[] ToFile(PlotFormat format)
    {
        if (format == PlotFormat.Svg)
        {
            return Encoding.UTF8.GetBytes(ToSvg(isDocument: true));
        }

        var context = new CanvasRenderContext();
        _model.Render(context);
        return ImageFile.ToFile(context.ToPicture(_options.Height, _options.Width), PictureFormat.Png, quality: null, _model.Facts());
    }

    private string ToSvg(bool isDocument)
    {
        using var content = new MemoryStream();
        var context = new SvgRenderContext(content, _options.Width, _options.Height, isDocument, new CanvasRenderContext(), OxyColors.White);
        _model.Render(context);
        context.Complete();
        context.Flush();
        string svg = Encoding.UTF8.GetString(content.ToArray()).TrimStart('\ufeff');
        int element = svg.IndexOf("<svg", StringComparison.Ordinal);

        // With a box, a page can show the plot at another size.
        string boxed = svg.Insert(element + "<svg".Length, $" viewBox=\"0 0 {_options.Width} {_options.Height}\"");
        return isDocument ? boxed : boxed[element..];
    }
}
