using System.Management.Automation;
using CnnViz.Networks;

namespace CnnViz;

/// <summary>
/// The layers that names and kinds choose. Patterns choose among layers alone, so that nothing comes twice; a block is chosen by its name or its
/// kind, if no wildcard is in it, or where blocks are asked for.
/// </summary>
/// <param name="names">Names, with wildcards.</param>
/// <param name="kinds">Kinds, with wildcards.</param>
/// <param name="blocks">Whether blocks are asked for, and nothing else.</param>
internal sealed class LayerChoice(IEnumerable<string> names, IEnumerable<string> kinds, bool blocks)
{
    private readonly Pattern[] _names = [.. names.Select(name => new Pattern(name))];
    private readonly Pattern[] _kinds = [.. kinds.Select(kind => new Pattern(kind))];

    /// <summary>The chosen layers of a model in execution order; blocks alone in the order in which they begin.</summary>
    public IEnumerable<CnnLayer> Of(CnnModel model) => blocks
        ? model.Blocks.Where(Fits)
        : model.Layers.Where(Fits).Union(model.Blocks.Where(block => Fits(block) && IsNamed(block))).OrderBy(layer => layer.Index);

    /// <summary>The names without wildcards that nothing in a model has.</summary>
    public IEnumerable<string> Missing(CnnModel model) => _names
        .Where(name => name.IsLiteral && !model.LayersAndBlocks.Any(layer => name.Fits(layer.Name)))
        .Select(name => name.Text);

    /// <summary>The kinds without wildcards that nothing in a model is of.</summary>
    public IEnumerable<string> MissingKinds(CnnModel model) => _kinds
        .Where(kind => kind.IsLiteral && !model.LayersAndBlocks.Any(layer => kind.Fits(layer.Kind)))
        .Select(kind => kind.Text);

    private bool Fits(CnnLayer layer) =>
        Array.Exists(_names, name => name.Fits(layer.Name)) && Array.Exists(_kinds, kind => kind.Fits(layer.Kind));

    private bool IsNamed(CnnLayer block) =>
        Array.Exists(_names, name => name.IsLiteral && name.Fits(block.Name)) || Array.Exists(_kinds, kind => kind.IsLiteral && kind.Fits(block.Kind));

    private sealed class Pattern(string text)
    {
        private readonly WildcardPattern _pattern = Wildcards.Of(text);

        public string Text => WildcardPattern.Unescape(text);

        public bool IsLiteral { get; } = !WildcardPattern.ContainsWildcardCharacters(text);

        public bool Fits(string value) => _pattern.IsMatch(value);
    }
}
