using CnnViz.Networks.Operators;

namespace CnnViz.Import.Onnx;

/// <summary>
/// The ONNX operators that are known, each with how ours is made of a node. The semantics are those of the ONNX operator
/// specification; where versions differ, the node's operator set decides.
/// </summary>
internal static partial class OnnxOperators
{
    private static readonly Dictionary<string, Func<OnnxNode, Operator>> s_operators = new(StringComparer.Ordinal);

    static OnnxOperators()
    {
        Dictionary<string, Func<OnnxNode, Operator>>[] families =
            [Windows(), Normalizations(), Activations(), Arithmetic(), Reductions(), Structure(), Cutting(), Resizing(), Indexing()];
        foreach (Dictionary<string, Func<OnnxNode, Operator>> family in families)
        {
            foreach ((string type, Func<OnnxNode, Operator> make) in family)
            {
                s_operators.Add(type, make);
            }
        }
    }

    /// <summary>The names of all known operators.</summary>
    public static IReadOnlyCollection<string> Names => s_operators.Keys;

    /// <summary>How to make an operator, or null.</summary>
    public static Func<OnnxNode, Operator>? Find(string type) => s_operators.GetValueOrDefault(type);

    /// <summary>Whether an operator hands its first input through when a network is used, not trained.</summary>
    public static bool IsIdentityAtInference(string type) => type is "Identity" or "Dropout";

    private static Exception Unsupported(string attribute, object value) =>
        new UnsupportedUseException($"with {attribute} = {value}");
}
