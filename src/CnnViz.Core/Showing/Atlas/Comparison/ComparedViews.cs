using CnnViz.Showing.Atlas.Pages;

namespace CnnViz.Showing.Atlas.Comparison;

/// <summary>The page that a comparison begins with.</summary>
internal sealed record ComparedIndexView(string Title, string Summary, IReadOnlyList<ComparedModelView> Models, IReadOnlyList<ComparedGroupView> Groups);

/// <summary>A model among those that are compared.</summary>
internal sealed record ComparedModelView(string Name, string Href, IReadOnlyList<FactView> Facts);

/// <summary>A layer as one of many.</summary>
/// <param name="Href">Its page.</param>
/// <param name="Name">Its name, or what else the filters have in common.</param>
/// <param name="Count">How many filters there are in how many models.</param>
/// <param name="Strips">The first filters, a row a model.</param>
internal sealed record ComparedGroupView(string Href, string Name, string Count, IReadOnlyList<ComparedStripView> Strips);

/// <summary>The first filters of one model.</summary>
internal sealed record ComparedStripView(string Model, IReadOnlyList<TileView> Tiles);

/// <summary>Filters side by side.</summary>
/// <param name="Title">Name of the layer, or what else the filters have in common.</param>
/// <param name="IsLayer">Whether it is a layer's.</param>
/// <param name="Summary">How many filters there are.</param>
/// <param name="Models">The columns: the models, and the page that each has of this layer.</param>
/// <param name="Rows">The filters.</param>
internal sealed record ComparedTableView(string Title, bool IsLayer, string Summary, IReadOnlyList<ComparedColumnView> Models, IReadOnlyList<ComparedRowView> Rows);

/// <summary>The head of a column.</summary>
internal sealed record ComparedColumnView(string Text, string Href);

/// <summary>One filter of all models.</summary>
internal sealed record ComparedRowView(string Label, string? Note, IReadOnlyList<ComparedCellView> Cells);

/// <summary>One filter of one model.</summary>
/// <param name="Href">Its page; null where the model's atlas has nothing of it.</param>
/// <param name="Picture">Its picture; null where there is none.</param>
/// <param name="Figure">Its activation; or null.</param>
/// <param name="Missing">Why there is no picture, in a word or two; null where there is one.</param>
internal sealed record ComparedCellView(string? Href, PictureView? Picture, string? Figure, string? Missing);
