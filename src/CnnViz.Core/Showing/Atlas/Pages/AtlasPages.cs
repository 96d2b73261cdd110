using System.Globalization;
using System.Text.RegularExpressions;
using CnnViz.Ascent;
using CnnViz.Networks.Graphs;
using CnnViz.Showing.Atlas.Data;

namespace CnnViz.Showing.Atlas.Pages;

/// <summary>Makes of what an atlas knows what its pages show.</summary>
/// <param name="contents">All that is known.</param>
/// <param name="links">Where the page's links lead.</param>
internal sealed partial class AtlasPages(AtlasContents contents, AtlasLinks links)
{
    private const int StripLength = 14;
    private const int SimilarCount = 6;

    // Below this, a smoothed picture is a blur.
    private const int SmallSide = 48;

    // As wide as the drawing of the receptive field.
    private const double ReachSide = 26;

    private string SiteTitle => contents.Title ?? contents.Model.Name;

    public static string? Version => typeof(AtlasPages).Assembly.GetName().Version?.ToString(3);

    public PageView Index()
    {
        AtlasLayer[] layers = [.. contents.Layers];
        int pictured = layers.Sum(CountOf);
        var facts = new List<FactView>();
        AddIfKnown(facts, "Model", contents.Title is null ? null : contents.Model.Name);
        facts.AddRange(ModelFacts());
        var view = new IndexView(
            SiteTitle,
            $"{Figures.Count(pictured, "filter")} with a picture, in {Figures.Count(layers.Count(layer => CountOf(layer) > 0), "layer")} of {Figures.Text(layers.Length)}.",
            facts,
            [.. layers.Select(Row)],
            layers.Any(layer => layer.Reach is not null));
        return Page(AtlasLinks.IndexId, SiteTitle, "index", view) with { Up = links.Comparison is { } href ? new LinkView("All models", href) : null };
    }

    /// <summary>What is known of the model.</summary>
    public IReadOnlyList<FactView> ModelFacts()
    {
        AtlasModel model = contents.Model;
        var facts = new List<FactView>();
        AddIfKnown(facts, "Format", model.Format);
        AddIfKnown(facts, "Input", model.Input);
        AddIfKnown(facts, "Trained values", model.Parameters is { } parameters ? Figures.Text(parameters) : null);
        AddIfKnown(facts, "Preprocessing", model.Preprocessing);
        facts.Add(new FactView("SHA-256", model.Sha256, IsCode: true));
        return facts;
    }

    public PageView Layer(AtlasLayer layer)
    {
        var facts = new List<FactView>();
        AddIfKnown(facts, "Kind", layer.Kind);
        AddIfKnown(facts, "Output", layer.OutputShape);
        AddIfKnown(facts, "Receptive field / stride", layer.ReceptiveField);
        AddIfKnown(
            facts,
            layer.Kind == GraphBlock.UsualKind ? "Ends with layer" : "Layer",
            layer.Index is { } index ? $"number {index + 1} of the model" : null);
        var view = new LayerView(layer.Title, $"{CountText(layer)} with a picture.", facts, [.. layer.Entries.Values.Select(filter => Tile(layer, filter))]);
        AtlasLayer[] shown = [.. contents.Layers.Where(other => other.Entries.Count > 0)];
        int place = Array.IndexOf(shown, layer);
        return Page(AtlasLinks.IdOf(layer), $"{layer.Title} – {SiteTitle}", "layer", view) with
        {
            Up = new LinkView("Map of the model", links.Index),
            Previous = place > 0 ? new LinkView(shown[place - 1].Title, links.To(shown[place - 1])) : null,
            Next = place < shown.Length - 1 ? new LinkView(shown[place + 1].Title, links.To(shown[place + 1])) : null,
        };
    }

    public PageView Filter(AtlasLayer layer, AtlasFilter filter)
    {
        int place = layer.Entries.IndexOfKey(filter.Order);
        AtlasPicture? main = filter.Main;
        string title = TitleOf(layer, filter);
        var view = new FilterView
        {
            Title = filter.Number is null ? filter.Title : $"Filter {filter.Title}",
            Layer = layer.Title,
            LayerHref = links.To(layer),
            ClassName = filter.ClassName,
            Position = $"{Figures.Text(place + 1)} of {Figures.Text(layer.Entries.Count)} here",
            Main = main is null ? null : Picture(layer, filter, main),
            Others = [.. filter.Pictures.Where(picture => picture != main).Select(picture => Picture(layer, filter, picture))],
            Patches = [.. filter.Patches.Select(patch => Patch(layer, filter, patch))],
            Similar = [.. Similar(layer, filter).Select(other => Tile(layer, other))],
            Statistics = StatisticsFacts.Of(filter.Statistics),
            Quality = main is null ? QualityFacts.Of(filter.Qualities.FirstOrDefault()) : [],
        };
        return Page(AtlasLinks.IdOf(layer, filter), $"{title} – {SiteTitle}", "filter", view) with
        {
            Up = new LinkView(layer.Title, links.To(layer)),
            Previous = place > 0 ? Link(layer, layer.Entries.Values[place - 1]) : null,
            Next = place < layer.Entries.Count - 1 ? Link(layer, layer.Entries.Values[place + 1]) : null,
        };
    }

    private PageView Page(string id, string title, string template, object content) => new()
    {
        Id = id,
        Title = title,
        SiteTitle = SiteTitle,
        IndexHref = links.Index,
        Template = template,
        Content = content,
        Version = Version,
    };

    private LayerRowView Row(AtlasLayer layer)
    {
        AtlasFilter[] strip = [.. layer.Entries.Values.Take(StripLength)];
        double reach = ReachSide * (layer.Reach ?? 0);
        return new LayerRowView(
            layer.Entries.Count > 0 ? links.To(layer) : null,
            layer.Title,
            layer.Kind,
            layer.OutputShape,
            layer.ReceptiveField,
            layer.Reach is null ? null : FormattableString.Invariant($"{Math.Max(reach, 1.5):0.#}"),
            layer.Reach is null ? null : FormattableString.Invariant($"{1 + (ReachSide - Math.Max(reach, 1.5)) / 2:0.##}"),
            layer.Entries.Count > 0 ? CountText(layer) : layer.Filters is { } filters ? Figures.Count(filters, "filter") : string.Empty,
            [.. strip.Select(filter => Tile(layer, filter))],
            layer.Entries.Count - strip.Length);
    }

    public TileView Tile(AtlasLayer layer, AtlasFilter filter)
    {
        AtlasPicture? main = filter.Main;
        bool hasPicture = main is { Reason: null };
        (int height, int width) = main is null ? (1, 1) : AtlasImages.ThumbnailSize(main.Height, main.FileWidth);
        return new TileView(
            links.To(layer, filter),
            hasPicture ? links.Picture(AtlasPaths.Thumbnail(layer, filter)) : null,
            TitleOf(layer, filter),
            height,
            width,
            filter.Title,
            filter.ClassName,
            hasPicture && main!.Activation is { } activation ? Figures.Text(activation) : null,
            main is null ? "no picture" : hasPicture ? null : Words(main.Status));
    }

    public PictureView Picture(AtlasLayer layer, AtlasFilter filter, AtlasPicture picture)
    {
        string what = picture.Minimized ? "lowers" : "raises";
        var facts = new List<FactView>
        {
            new("Activation", picture.Activation is { } activation ? Figures.Text(activation) : "not a number"),
            new("Status", Words(picture.Status)),
            new("Recipe", picture.Recipe),
            new("Steps", Figures.Text(picture.Steps)),
            new("Seed", picture.Seed.ToString(CultureInfo.InvariantCulture)),
            new("Size", $"{picture.Height}×{picture.Width}"),
        };
        AddIfKnown(facts, "Direction", picture.Minimized ? "lowered instead of raised" : null);
        AddIfKnown(facts, "Rescue", picture.Rescue == AscentRescue.None ? null : Words(picture.Rescue));
        AddIfKnown(facts, "Began with", picture.InitialImage);
        AddIfKnown(facts, "Magnitudes of", picture.Spectrum);
        AddIfKnown(facts, "Cut off each side", picture.Border == 0 ? null : $"{picture.Border} pixels");
        return new PictureView
        {
            Src = picture.Reason is null ? links.Picture(AtlasPaths.Picture(layer, filter, picture)) : null,
            Alt = $"Picture that {what} {TitleOf(layer, filter)} (recipe {picture.Recipe}, seed {picture.Seed})",
            Height = picture.Height,
            Width = picture.FileWidth,
            IsSmall = Math.Max(picture.Height, picture.FileWidth) < SmallSide,
            Caption = $"{picture.Recipe}, seed {picture.Seed}{(picture.Minimized ? ", lowered" : string.Empty)}",
            Status = Words(picture.Status),
            Reason = picture.Reason,
            Facts = facts,
            Numbers = [.. picture.Numbers.Select(number => new FactView(number.Name, number.Value))],
            Quality = QualityFacts.Of(filter.QualityOf(picture)),
            Curve = CurveView.Of(picture),
        };
    }

    private PatchView Patch(AtlasLayer layer, AtlasFilter filter, AtlasPatch patch) => new(
        links.Picture(AtlasPaths.Patch(layer, filter, patch)),
        $"Part of {patch.Image}, which fires {TitleOf(layer, filter)} as number {patch.Rank}",
        patch.Height,
        patch.Width,
        patch.Image,
        $"{patch.Rank}. {(patch.Max is { } max ? Figures.Text(max) : "not a number")}");

    private LinkView Link(AtlasLayer layer, AtlasFilter filter) => new(
        filter.ClassName is null ? filter.Title : $"{filter.Title} {filter.ClassName}", links.To(layer, filter));

    private static IEnumerable<AtlasFilter> Similar(AtlasLayer layer, AtlasFilter filter) => SignatureOf(filter) is { } own
        ? layer.Entries.Values
            .Where(other => other != filter && SignatureOf(other) is not null)
            .Select(other => (Filter: other, Distance: PictureSignature.Distance(own, SignatureOf(other)!)))
            .OrderBy(pair => pair.Distance)
            .Take(SimilarCount)
            .Select(pair => pair.Filter)
        : [];

    private static byte[]? SignatureOf(AtlasFilter filter) => filter.Main is { Reason: null } main ? main.Signature : null;

    private static string TitleOf(AtlasLayer layer, AtlasFilter filter)
    {
        string name = layer.Name is null ? filter.Title : $"{layer.Name}:{filter.Title}";
        return filter.ClassName is null ? name : $"{name} ({filter.ClassName})";
    }

    private static int CountOf(AtlasLayer layer) => layer.Entries.Values.Count(filter => filter.Main is { Reason: null });

    private static string CountText(AtlasLayer layer) => layer.Filters is { } filters
        ? $"{Figures.Text(CountOf(layer))} of {Figures.Count(filters, "filter")}"
        : Figures.Count(CountOf(layer), layer.Name is null ? "objective" : "filter");

    private static void AddIfKnown(List<FactView> facts, string name, string? value)
    {
        if (value is not null)
        {
            facts.Add(new FactView(name, value));
        }
    }

    // StepLimit becomes "step limit".
    private static string Words(Enum value) => Capital().Replace(value.ToString(), match => $" {match.Value}").Trim().ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex Capital();
}
