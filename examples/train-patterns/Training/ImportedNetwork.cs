using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using static TorchSharp.torch;

namespace CnnViz.Patterns.Training;

/// <summary>The network as CnnViz reads it from its file.</summary>
internal sealed class ImportedNetwork : IDisposable
{
    private readonly CnnModel _model;
    private readonly SubGraph _heads;
    private readonly int _classifier;
    private readonly int _colour;

    /// <summary>Imports a file.</summary>
    /// <exception cref="CnnVizException">It cannot be imported, or has other layers.</exception>
    public ImportedNetwork(string path)
    {
        _model = ModelImporter.Import(path, new ImportOptions());
        _classifier = _model.GetLayer("classifier").Node;
        _colour = _model.GetLayer("colour").Node;
        _heads = _model.Graph.SubGraph(_classifier, _colour);
    }

    /// <summary>How a picture becomes its input, according to the file.</summary>
    public Preprocessing Preprocessing => _model.Preprocessing;

    /// <summary>Scores of patterns and hues.</summary>
    /// <param name="pictures">N×3×H×W, 0…1, RGB.</param>
    public (Tensor Pattern, Tensor Hue) Run(Tensor pictures)
    {
        (Tensor? pattern, Tensor? hue) = (null, null);
        _heads.Run(_model.Preprocessing.Apply(pictures), (node, value) =>
        {
            if (node == _classifier)
            {
                pattern = value.alias().MoveToOuterDisposeScope();
            }
            else if (node == _colour)
            {
                hue = value.alias().MoveToOuterDisposeScope();
            }
        });
        return (pattern!, hue!);
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();
}
