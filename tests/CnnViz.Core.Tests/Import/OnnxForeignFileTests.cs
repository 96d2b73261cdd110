using CnnViz.Import;
using CnnViz.Import.Onnx;
using CnnViz.Import.Onnx.Protocol;
using Google.Protobuf;

namespace CnnViz.Tests.Import;

/// <summary>Files that are no models, or need more than is known.</summary>
public sealed class OnnxForeignFileTests : ReaderTest
{
    [Theory]
    [InlineData("picture.png", "NotAModel")]
    [InlineData("words.txt", "NotAModel")]
    [InlineData("archive.zip", "CheckpointDamaged")]
    [InlineData("page.html", "NotAModel")]
    [InlineData("zeros.bin", "FormatNotRead")]
    [InlineData("pointer.onnx", "ModelIsPointer")]
    [InlineData("empty.onnx", "ModelEmpty")]
    [InlineData("folder", "ModelIsFolder")]
    [InlineData("nowhere.onnx", "ModelNotFound")]
    public void A_foreign_file_is_refused_by_name(string name, string errorId)
    {
        string path = Path.Combine(Folder, name);
        switch (name)
        {
            case "folder":
                Directory.CreateDirectory(path);
                break;
            case "nowhere.onnx":
                break;
            default:
                File.WriteAllBytes(path, Content(name));
                break;
        }

        var error = Assert.ThrowsAny<CnnVizException>(() => ModelImporter.Import(path, new ImportOptions()));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_operator_that_is_not_known_is_named_with_its_node_and_domain()
    {
        ModelProto model = new OnnxModelBuilder()
            .Input("image", 1, 3, 8, 8)
            .Node("Frobnicate", ["image"], ["a"])
            .Node("Relu", ["a"], ["b"])
            .Node("Polish", ["b"], ["c"])
            .Node("LSTM", ["c"], ["d"])
            .Model;
        model.Graph.Node[0].Name = "first";
        (model.Graph.Node[2].Name, model.Graph.Node[2].Domain) = ("second", "com.example");
        CnnVizException error = ReadFails(model);
        Assert.Equal("UnsupportedOperator", error.ErrorId);
        Assert.Contains("Frobnicate of domain ai.onnx (node 'first')", error.Message, StringComparison.Ordinal);
        Assert.Contains("Polish of domain com.example (node 'second')", error.Message, StringComparison.Ordinal);
        Assert.Contains("LSTM of domain ai.onnx (node 'd')", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Relu", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_model_with_processing_of_its_own_around_it_is_refused_with_all_its_operators()
    {
        string path = TestFiles.Shared("models", "pytorch_superresolution_with_pre_post_processing_opset18.onnx");
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        string[] foreign = [.. model.Graph.Node.Where(node => !OnnxReader.IsStandard(node.Domain)).Select(node => node.OpType).Distinct()];
        Assert.NotEmpty(foreign);
        CnnVizException error = ReadFails(model);
        Assert.Equal("UnsupportedOperator", error.ErrorId);
        Assert.All(foreign, type => Assert.Contains(type, error.Message, StringComparison.Ordinal));
    }

    private static byte[] Content(string name) => Path.GetExtension(name) switch
    {
        ".png" => [0x89, .. "PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0"u8],
        ".zip" => [.. "PK\x03\x04\x14\0\0\0\x08\0"u8, .. new byte[100]],
        ".html" => [.. "<!DOCTYPE html><html><body>404 Not Found</body></html>"u8],
        ".bin" => new byte[4096],
        ".onnx" when name == "pointer.onnx" => [.. "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"u8],
        ".onnx" => [],
        _ => [.. "The quick brown fox jumps over the lazy dog. \n"u8],
    };
}
