using System.Globalization;
using System.Text.RegularExpressions;
using CnnViz.Import.Onnx.Protocol;

namespace CnnViz.Tests.Import;

/// <summary>
/// Small models written down as in ONNX's own textual syntax: <c>y = Conv&lt;pads=[1,1,1,1]&gt;(x, float[4,4,3,3])</c>, statements
/// separated by semicolons. An argument is a value's name, <c>_</c> for one left out, <c>float[…]</c> for random weights of a
/// shape (<c>positive[…]</c> for weights in 0.5…1.5), <c>{1, 2}</c> for constants in a list, or a number. With a point a constant
/// is a real number.
/// </summary>
internal static partial class OnnxText
{
    /// <summary>
    /// The model of some statements. Before the first, <c>x</c> is a 1×1 convolution of the image; the outputs of the last are
    /// the model's.
    /// </summary>
    /// <param name="opset">Version of the operators.</param>
    /// <param name="statements">The statements.</param>
    /// <param name="image">Shape of the image.</param>
    public static ModelProto Parse(int opset, string statements, params long[] image)
    {
        OnnxModelBuilder builder = new OnnxModelBuilder(opset).Input("image", image);
        string[] outputs = [];
        string[] all = statements.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (string statement in all.Prepend($"x = Conv(image, float[{image[1]},{image[1]},1,1])"))
        {
            outputs = Add(builder, statement);
        }

        foreach (string output in outputs)
        {
            builder.Output(output);
        }

        return builder.Model;
    }

    private static string[] Add(OnnxModelBuilder builder, string statement)
    {
        Match match = Statement().Match(statement);
        if (!match.Success)
        {
            throw new ArgumentException($"'{statement}' is no statement", nameof(statement));
        }

        string[] outputs = match.Groups["outputs"].Value.Split(',', StringSplitOptions.TrimEntries);
        string[] inputs = [.. Split(match.Groups["inputs"].Value).Select(input => Argument(builder, input))];
        (string, object)[] attributes = [.. Split(match.Groups["attributes"].Value).Select(attribute => attribute.Split('=', 2))
            .Select(pair => (pair[0].Trim(), AttributeValue(pair[1].Trim())))];
        builder.Node(match.Groups["type"].Value, inputs, outputs, attributes);
        return outputs;
    }

    private static string Argument(OnnxModelBuilder builder, string text)
    {
        if (text == "_")
        {
            return string.Empty;
        }

        if (char.IsLetter(text[0]) && !text.EndsWith(']'))
        {
            return text;
        }

        int index = builder.Model.Graph.Initializer.Count;
        TensorProto tensor = text[0] is 'f' or 'p' ? Weights($"c{index}", text, index) : Constant($"c{index}", text);
        builder.Initializer(tensor);
        return tensor.Name;
    }

    private static TensorProto Weights(string name, string text, int seed)
    {
        long[] shape = Whole(Inside(text));
        float[] noise = OnnxModelBuilder.Noise(shape.Aggregate(1L, (product, size) => product * size), seed + 7);
        return OnnxModelBuilder.Floats(name, text[0] == 'p' ? [.. noise.Select(value => 1 + value / 2)] : noise, shape);
    }

    private static TensorProto Constant(string name, string text)
    {
        string[] values = text[0] == '{' ? Inside(text) : [text];
        long[] shape = text[0] == '{' ? [values.Length] : [];
        return IsReal(text)
            ? OnnxModelBuilder.Floats(name, Real(values), shape)
            : OnnxModelBuilder.Longs(name, Whole(values), shape);
    }

    private static object AttributeValue(string text) => text[0] switch
    {
        '[' => IsReal(text) ? Real(Inside(text)) : (object)Whole(Inside(text)),
        '{' => Constant(string.Empty, text),
        >= 'A' => text,
        _ => IsReal(text) ? Real([text])[0] : (object)Whole([text])[0],
    };

    private static string[] Inside(string text) => text[(text.IndexOfAny(['[', '{']) + 1)..^1]
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool IsReal(string text) => text.Contains('.', StringComparison.Ordinal);

    private static float[] Real(string[] texts) => [.. texts.Select(text => float.Parse(text, CultureInfo.InvariantCulture))];

    private static long[] Whole(string[] texts) => [.. texts.Select(text => long.Parse(text, CultureInfo.InvariantCulture))];

    // At commas that are in no list.
    private static IEnumerable<string> Split(string text) =>
        CommaOutsideLists().Split(text).Select(part => part.Trim()).Where(part => part.Length > 0);

    [GeneratedRegex(@"^(?<outputs>[\w, ]+?)\s*=\s*(?<type>\w+)\s*(<(?<attributes>.*)>)?\s*\((?<inputs>.*)\)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Statement();

    [GeneratedRegex(@",(?![^\[{]*[\]}])")]
    private static partial Regex CommaOutsideLists();
}
