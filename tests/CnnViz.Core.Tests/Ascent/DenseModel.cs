using System.Runtime.InteropServices;
using CnnViz.Import.Onnx.Protocol;
using Google.Protobuf;

namespace CnnViz.Tests.Ascent;

/// <summary>A convolution, a flattening, and a dense layer that fits one size of image only.</summary>
internal static class DenseModel
{
    public static void Write(string path, int size)
    {
        ModelProto model = TinyModel.Build(size);
        var weights = new TensorProto
        {
            Name = "dense.weight",
            DataType = 1,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(
                [.. Enumerable.Range(0, 2 * 8 * size * size).Select(i => MathF.Sin(i))])),
        };
        weights.Dims.AddRange([2, 8 * size * size]);
        model.Graph.Initializer.Add(weights);
        var flatten = new NodeProto { OpType = "Flatten" };
        flatten.Input.Add("c1");
        flatten.Output.Add("flattened");
        var dense = new NodeProto { OpType = "Gemm" };
        dense.Input.AddRange(["flattened", "dense.weight"]);
        dense.Output.Add("dense_out");
        dense.Attribute.Add(new AttributeProto { Name = "transB", Type = 2, I = 1 });
        model.Graph.Node.AddRange([flatten, dense]);
        File.WriteAllBytes(path, model.ToByteArray());
    }
}
