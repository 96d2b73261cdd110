using System.Xml.Linq;
using CnnViz.Networks.Operators;
using CnnViz.Pictures;
using CnnViz.Showing.Plots;
using CnnViz.Tests.Pictures;
using TorchSharp;

namespace CnnViz.Tests.Showing.Plots;

public sealed class AscentPlotTests : EngineTest, IDisposable
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_plot_has_axes_a_title_and_names_in_both_formats()
    {
        AscentCurve[] curves = [Curve("conv1:0", 1, 2, 3), Curve("conv1:1 <&\u0001", 3, 2, 1)];
        XElement svg = Svg(curves);

        string[] texts = [.. svg.Descendants(s_svg + "text").Select(text => text.Value)];
        Assert.Contains("Step", texts);
        Assert.Contains("Activation", texts);
        Assert.Contains("tiny", texts);
        Assert.Contains("conv1:0", texts);
        Assert.Contains("conv1:1 <&", texts);

        new AscentPlot(curves).Write(At("plot.png"));
        PictureBytes png = TestPicture.Read(At("plot.png"));
        Assert.Equal((800, 500), (png.Width, png.Height));
        Assert.True(Pixels(png, 0, 114, 178) > 100);
        Assert.True(Pixels(png, 213, 94, 0) > 100);
    }

    [Fact]
    public void A_gap_breaks_the_line_and_a_lone_value_is_a_point()
    {
        XElement whole = Svg([Curve("a", 1, 2, 3, 4, 5)]);
        XElement broken = Svg([Curve("a", 1, 2, float.NaN, 4, float.PositiveInfinity, 6, 7)]);

        Assert.Equal(Lines(whole) + 1, Lines(broken));
        Assert.Empty(whole.Descendants(s_svg + "ellipse"));
        Assert.Single(broken.Descendants(s_svg + "ellipse"));
    }

    [Fact]
    public void A_single_step_is_a_point()
    {
        Assert.Single(Svg([Curve("a", 1)]).Descendants(s_svg + "ellipse"));
        new AscentPlot([Curve("a", 1)]).Write(At("one.png"));
        PictureBytes png = TestPicture.Read(At("one.png"));
        Assert.True(Pixels(png, 0, 114, 178) > 4);
    }

    [Fact]
    public void Names_do_not_touch_even_where_curves_end_alike()
    {
        XElement svg = Svg([.. Enumerable.Range(0, 28).Select(i => Curve($"name {i}", 0, 1, 1 + i * 1e-4f))]);

        double[] rows = [.. svg.Descendants(s_svg + "text").Where(text => text.Value.StartsWith("name ", StringComparison.Ordinal))
            .Select(RowOf).Order()];
        Assert.Equal(28, rows.Length);
        Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.True(pair.Second - pair.First > 11));
    }

    [Fact]
    public void Curves_that_are_named_differ_in_colour_or_dashes()
    {
        var styles = Enumerable.Range(0, CurveStyle.Count).Select(CurveStyle.At).ToList();

        Assert.Equal(28, styles.Select(style => (style.Colour, string.Join(',', style.Dashes ?? []))).Distinct().Count());
    }

    [Fact]
    public void Very_many_curves_have_a_median_instead_of_names()
    {
        AscentCurve[] curves = [.. Enumerable.Range(0, 40).Select(i => Curve($"conv1:{i}", 0, i))];
        string[] texts = [.. Svg(curves).Descendants(s_svg + "text").Select(text => text.Value)];

        Assert.Contains("median", texts);
        Assert.Contains("40 curves", texts);
        Assert.DoesNotContain("conv1:0", texts);
    }

    [Fact]
    public void Nothing_and_too_much_are_errors()
    {
        Assert.Equal("NothingToPlot", Error([Curve("a", float.NaN), Curve("b")]));
        Assert.Equal("NothingToPlot", Error([]));
        Assert.Equal("TooManyCurves", Error([.. Enumerable.Repeat(Curve("a", 1, 2), 1001)]));
        Assert.Equal("UnknownPlotFormat", Assert.Throws<CnnVizException>(() => new AscentPlot([Curve("a", 1, 2)]).Write(At("a.pdf"))).ErrorId);
    }

    [Fact]
    public void Names_tell_models_seeds_and_repetitions_apart()
    {
        Assert.Equal(["a", "b"], CurveNames.Of([Curve("a"), Curve("b")]));
        Assert.Equal(["a, seed 1", "a, seed 2", "b"], CurveNames.Of([Curve("a") with { Seed = 1 }, Curve("a") with { Seed = 2 }, Curve("b")]));
        Assert.Equal(["a, seed 0 (1)", "a, seed 0 (2)"], CurveNames.Of([Curve("a"), Curve("a")]));
        Assert.Equal(["tiny a", "other a"], CurveNames.Of([Curve("a"), Curve("a") with { Model = "other" }]));
    }

    [Theory]
    [InlineData(200, 150)]
    [InlineData(1600, 900)]
    public void Small_and_large_plots_are_as_large_as_asked(int width, int height)
    {
        var plot = new AscentPlot([Curve("a long name of an objective - 0.5 * another:7", 1, 2), Curve("b", 2, 1)], new PlotOptions { Width = width, Height = height });

        plot.Write(At("plot.png"));
        plot.Write(At("plot.svg"));

        PictureBytes png = TestPicture.Read(At("plot.png"));
        Assert.Equal((width, height), (png.Width, png.Height));
        Assert.Equal($"{width}", XDocument.Load(At("plot.svg")).Root!.Attribute("width")!.Value);
    }

    [Fact]
    public void Pictures_become_an_element_for_a_page_and_may_be_disposed()
    {
        using var pictures = new MadePictures();
        var image = pictures.Make(torch.rand(3, 4, 4), activations: [1, 2, 3]);
        image.Dispose();

        string svg = AscentPlot.ToSvg([image], new PlotOptions { Width = 320, Height = 180, Title = string.Empty });

        Assert.StartsWith("<svg", svg);
        Assert.DoesNotContain("conv1", svg);
        XElement element = XElement.Parse(svg);
        Assert.Equal(s_svg + "svg", element.Name);
        Assert.Equal("0 0 320 180", element.Attribute("viewBox")!.Value);
        string[] ids = [.. element.Descendants(s_svg + "clipPath").Select(clip => clip.Attribute("id")!.Value)];
        string other = AscentPlot.ToSvg([image], new PlotOptions { Width = 300, Height = 180, Title = string.Empty });
        Assert.All(ids, id => Assert.Contains($"url(#{id})", svg));
        Assert.All(ids, id => Assert.DoesNotContain(id, other));
    }

    [Fact]
    public void Equal_plots_are_equal_files()
    {
        foreach (string name in new[] { "a.svg", "b.svg", "a.png", "b.png" })
        {
            new AscentPlot([Curve("a", 1, 2, 4)]).Write(At(name));
        }

        Assert.Equal(File.ReadAllBytes(At("a.svg")), File.ReadAllBytes(At("b.svg")));
        Assert.Equal(File.ReadAllBytes(At("a.png")), File.ReadAllBytes(At("b.png")));
    }

    private static AscentCurve Curve(string objective, params float[] values) => new("tiny", objective, 0, values);

    private static string Error(AscentCurve[] curves) => Assert.Throws<CnnVizException>(() => new AscentPlot(curves)).ErrorId;

    private static int Lines(XElement svg) => svg.Descendants(s_svg + "polyline")
        .Where(line => line.Attribute("points")!.Value.Contains(' ', StringComparison.Ordinal))
        .Count(line => line.Attribute("style")!.Value.Contains("rgb(0,114,178)", StringComparison.Ordinal));

    private static double RowOf(XElement text)
    {
        string place = text.Attribute("transform")?.Value ?? text.Parent!.Attribute("transform")!.Value;
        return double.Parse(place[(place.IndexOf(',') + 1)..place.IndexOf(')')], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static int Pixels(PictureBytes image, byte red, byte green, byte blue)
    {
        byte[] pixels = image.Samples;
        return Enumerable.Range(0, pixels.Length / 3).Count(i => pixels[i * 3] == red && pixels[i * 3 + 1] == green && pixels[i * 3 + 2] == blue);
    }

    private string At(string name) => Path.Combine(_folder, name);

    private XElement Svg(AscentCurve[] curves)
    {
        new AscentPlot(curves).Write(At("plot.svg"));
        return XDocument.Load(At("plot.svg")).Root!;
    }
}
