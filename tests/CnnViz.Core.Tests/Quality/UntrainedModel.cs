using System.Runtime.InteropServices;
using CnnViz.Import.Onnx.Protocol;
using Google.Protobuf;

namespace CnnViz.Tests.Quality;

/// <summary>A network that has learned nothing: another one with the values of each of its tensors in random order.</summary>
internal static class UntrainedModel
{
    /// <summary>Writes it as an ONNX file.</summary>
    /// <param name="trained">Path of the network that has learned something.</param>
    /// <param name="path">Path of the new file.</param>
    public static void Write(string trained, string path)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(trained));
        var random = new Random(1);
        foreach (TensorProto tensor in model.Graph.Initializer.Where(tensor => tensor.DataType == 1))
        {
            float[] values = MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();
            random.Shuffle(values);
            tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values));
        }

        File.WriteAllBytes(path, model.ToByteArray());
    }
}
