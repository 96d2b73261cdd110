using TorchSharp;

namespace CnnViz.Networks.Graphs;

/// <summary>
/// How a node is written down again, in the vocabulary of ONNX: what its operator was made of.
/// </summary>
/// <param name="Type">The operator's ONNX name.</param>
/// <param name="Attributes">Its attributes: <see cref="long"/>, <see cref="float"/>, <see cref="string"/>, arrays of the first two,
/// or a tensor.</param>
/// <param name="Operands">The position of each of the node's inputs among those of the definition.</param>
/// <param name="Constants">The constants at the other positions; owned by the definition, their storage is shared with the
/// operator's weights.</param>
/// <param name="Output">Which output of the operator the node is.</param>
/// <param name="OutputCount">How many outputs the operator has.</param>
internal sealed record NodeDefinition(
    string Type,
    IReadOnlyDictionary<string, object> Attributes,
    IReadOnlyList<int> Operands,
    IReadOnlyDictionary<int, torch.Tensor> Constants,
    int Output = 0,
    int OutputCount = 1) : IDisposable
{
    public void Dispose()
    {
        foreach (torch.Tensor tensor in Constants.Values.Concat(Attributes.Values.OfType<torch.Tensor>()))
        {
            tensor.Dispose();
        }
    }
}
