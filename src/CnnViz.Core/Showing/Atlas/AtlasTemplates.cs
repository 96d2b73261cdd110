using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using CnnViz.Showing.Atlas.Comparison;
using CnnViz.Showing.Atlas.Pages;
using Fluid;

namespace CnnViz.Showing.Atlas;

/// <summary>The templates of the pages, in Liquid. Every value is encoded for HTML, unless a template says that it is HTML.</summary>
internal static class AtlasTemplates
{
    private const string Prefix = "CnnViz.Showing.Atlas.";

    // Only what could be taken for markup is escaped: names in any script stay readable in the source.
    private static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private static readonly TemplateOptions s_options = MakeOptions();
    private static readonly FluidParser s_parser = new();
    private static readonly IReadOnlyDictionary<string, IFluidTemplate> s_templates =
        new[] { "page", "index", "layer", "filter", "compared-index", "compared-table" }.ToDictionary(name => name, name => s_parser.Parse(ReadAsset($"{name}.liquid")));

    /// <summary>Writes a whole page.</summary>
    public static void RenderPage(PageView page, Stream stream)
    {
        PageView full = page.Body.Length > 0 ? page : page with { Body = RenderSection(page) };
        stream.Write(Encoding.UTF8.GetBytes(Render("page", full)));
    }

    /// <summary>The middle of a page as HTML.</summary>
    public static string RenderSection(PageView page) => Render(page.Template, page);

    /// <summary>The text of one of our files.</summary>
    public static string ReadAsset(string name)
    {
        using var reader = new StreamReader(OpenAsset(name), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Copies the files that the pages of a folder share.</summary>
    public static void CopyAssets(string folder)
    {
        foreach (string name in new[] { "atlas.css", "atlas.js" })
        {
            WholeFile.Write(Path.Combine(folder, "assets", name), stream =>
            {
                using Stream asset = OpenAsset(name);
                asset.CopyTo(stream);
            });
        }
    }

    internal static Stream OpenAsset(string name) => Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name)
        ?? throw new FileNotFoundException($"There is no resource '{name}'.");

    private static string Render(string name, PageView page)
    {
        var context = new TemplateContext(s_options);
        context.SetValue("page", page);
        context.SetValue("view", page.Content);
        return s_templates[name].Render(context, s_encoder);
    }

    private static TemplateOptions MakeOptions()
    {
        var options = new TemplateOptions
        {
            CultureInfo = CultureInfo.InvariantCulture,
            FileProvider = new EmbeddedTemplates(),
            StrictFilters = true,
        };
        options.MemberAccessStrategy.MemberNameStrategy = MemberNameStrategies.CamelCase;
        foreach (Type view in new[]
        {
            typeof(PageView), typeof(LinkView), typeof(FactView), typeof(TileView), typeof(IndexView), typeof(LayerRowView), typeof(LayerView),
            typeof(FilterView), typeof(PictureView), typeof(PatchView), typeof(CurveView), typeof(ComparedIndexView), typeof(ComparedModelView),
            typeof(ComparedGroupView), typeof(ComparedStripView), typeof(ComparedTableView), typeof(ComparedColumnView), typeof(ComparedRowView),
            typeof(ComparedCellView),
        })
        {
            options.MemberAccessStrategy.Register(view);
        }

        return options;
    }
}
