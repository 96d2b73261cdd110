namespace CnnViz.Import.Onnx;

/// <summary>
/// Operators that are written in plainer ones: quantized ones, fused ones, and those of the oldest sets. Quantized networks are read
/// with their weights as the real numbers that they stand for, and without the rounding of activations, so that there is a gradient.
/// </summary>
internal static partial class OnnxRewrites
{
    private const string Microsoft = "com.microsoft";

    private static readonly Dictionary<(string Domain, string Type), Action<OnnxRewrite>> s_rewrites = [];

    static OnnxRewrites()
    {
        foreach ((string domain, Dictionary<string, Action<OnnxRewrite>> family) in new[]
        {
            (string.Empty, Quantized()), (Microsoft, Quantized()), (Microsoft, QuantizedByMicrosoft()), (Microsoft, Fused()),
            (string.Empty, Oldest()), ("qonnx.custom_op.general", Brevitas()), ("onnx.brevitas", Brevitas()),
            ("finn.custom_op.general", Brevitas()),
        })
        {
            foreach ((string type, Action<OnnxRewrite> rewrite) in family)
            {
                s_rewrites[(domain, type)] = rewrite;
            }
        }
    }

    /// <summary>How to write an operator in plainer ones, or null.</summary>
    public static Action<OnnxRewrite>? Find(string domain, string type) =>
        s_rewrites.GetValueOrDefault((OnnxReader.IsStandard(domain) ? string.Empty : domain, type));
}
