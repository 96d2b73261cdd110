using System.Text;
using CnnViz.Import;
using CnnViz.Tests.Import.Keras;

namespace CnnViz.Tests.Import;

/// <summary>A file of a format that is not read is called by its name, with a way out.</summary>
public sealed class ForeignFormatTests : ReaderTest
{
    private const string OtherFormat = "FormatNotRead";
    private const string NoModel = "NotAModel";

    // Latin-1 letters stand for bytes.
    [Theory]
    [InlineData("a.onnx", "\u001c\0\0\0TFL3\u0014\0", OtherFormat, "TensorFlow Lite", "--tflite")]
    [InlineData("a.onnx", "\u0014\0\0\0ORTM\u000c\0", OtherFormat, "ONNX Runtime", ".onnx")]
    [InlineData("a", "GGUF\u0003\0\0\0", OtherFormat, "GGUF", "")]
    [InlineData("a.h5", "MATLAB 7.3 MAT-file, Platform: PCWIN64", OtherFormat, "MATLAB", "exportONNXNetwork")]
    [InlineData("a", "\u0093NUMPY\u0001\0v\0{'descr': '<f4'}", OtherFormat, "NumPy", "safetensors")]
    [InlineData("a", "7767517\n130 153\nInput input 0 1 data", OtherFormat, "ncnn", "ONNX")]
    [InlineData("a.bin", "Gk0\u0001\u0006\u00ad\u00bf\u00a8", OtherFormat, "ncnn", "ONNX")]
    [InlineData("a", "\u0008\u0001\u0012\u0040\u000a\u0023\u000a\u000aimageInput", OtherFormat, "Core ML", "coreml")]
    [InlineData("a", "\u0008\u0001\u0012\u00d0\u008f\u0008\u000a\u0018\u0012\u0016\u000a", OtherFormat, "SavedModel", "--saved-model")]
    [InlineData("a", "\u000a\u001f\u000a\u0005input\u0012\u000bPlaceholder", OtherFormat, "frozen TensorFlow", "--graphdef")]
    [InlineData("a.pb", "\u000a\u0005other\u0012\u0003two\0", OtherFormat, "TensorFlow", "tf2onnx")]
    [InlineData("a", "\u000a\u000512Net\u00a2\u0006o\u000a\u0006data12\0", OtherFormat, "Caffe", "MMdnn")]
    [InlineData("a.txt", "name: \"RNet\"\ninput: \"data\"\ninput_dim: 1", OtherFormat, "prototxt", "MMdnn")]
    [InlineData("a", "# yolo\n[net]\nbatch=32\n[convolutional]\nfilters=8", OtherFormat, "Darknet", "darknet2onnx")]
    [InlineData("a.weights", "\0\0\0\0\u0002\0\0\0\u0005\0\0\0", OtherFormat, "Darknet", "darknet2onnx")]
    [InlineData("m.json", "{\"format\": \"layers-model\", \"modelTopology\": {}}", OtherFormat, "TensorFlow.js layers", "tensorflowjs_converter")]
    [InlineData("m.json", "{\"format\": \"graph-model\", \"modelTopology\": {}}", OtherFormat, "TensorFlow.js", "--tfjs")]
    [InlineData("group1-shard1of1.bin", "\0\0\0\0\u0002\0\0\0", OtherFormat, "TensorFlow.js", "--tfjs")]
    [InlineData("m.json", "{\"class_name\": \"Sequential\", \"config\": {}}", OtherFormat, "Keras", "model.save")]
    [InlineData("a.mnn", "\u001c\0\0\0\0\0\u0016\0", OtherFormat, "MNN", "ONNX")]
    [InlineData("a", "\u000a\u00d0\u0008\u0008\0\u0010\u00ff\u00ff\u00ff", OtherFormat, "Paddle", "paddle2onnx")]
    [InlineData("a.xml", "<?xml version=\"1.0\"?>\n<net name=\"a\" version=\"11\">\n<layers>\n<layer id=\"0\">", OtherFormat, "OpenVINO", "ONNX")]
    [InlineData("a.bin", "\u0001\u0002\u0003\u0004\0", OtherFormat, "weights", "ONNX")]
    [InlineData("a.data-00000-of-00001", "\u0001\u0002\u0003\u0004\0", OtherFormat, "checkpoint", "--checkpoint")]
    [InlineData("a.onnx", "\n\n<!DOCTYPE html>\n<html lang=\"en\">", NoModel, "web page", "raw file")]
    [InlineData("a.onnx", "\u00ff\u00d8\u00ff\u00e0\0\u0010JFIF", NoModel, "picture", "")]
    [InlineData("a.onnx", "\u0089PNG\r\n\u001a\n\0", NoModel, "picture", "")]
    [InlineData("a.onnx", "RIFF\0\0\0\0WEBPVP8 ", NoModel, "picture", "")]
    [InlineData("a.onnx", "%PDF-1.7\n\u00e2\u00e3", NoModel, "PDF", "")]
    [InlineData("a.onnx", "\u001f\u008b\u0008\0\0\0", NoModel, "gzip", "Unpack")]
    [InlineData("a.onnx", "7z\u00bc\u00af\u0027\u001c", NoModel, "7-Zip", "Unpack")]
    [InlineData("a.onnx", "Rar!\u001a\u0007", NoModel, "RAR", "Unpack")]
    [InlineData("a.onnx", "This is not a model, really.", NoModel, "text", "")]
    [InlineData("a.onnx", "version https://git-lfs.github.com/spec/v1\noid sha256:00", "ModelIsPointer", "Git LFS", "git lfs pull")]
    public void Its_first_bytes_say_what_it_is(string name, string bytes, string errorId, string what, string wayOut)
    {
        CnnVizException error = Fails(name, Encoding.Latin1.GetBytes(bytes));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains($"'{name}' is ", error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains(wayOut, error.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("photo.jpg", NoModel, "zip archive")]
    [InlineData("arr_0.npy", OtherFormat, "NumPy")]
    [InlineData("a.mlpackage/Data/model.mlmodel", OtherFormat, "Core ML")]
    public void What_is_in_an_archive_says_what_it_is(string member, string errorId, string what)
    {
        CnnVizException error = Fails("a.zip", KerasFile.Zip((member, [1, 2, 3])));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tar_archive()
    {
        var bytes = new byte[512];
        "model.onnx"u8.CopyTo(bytes);
        "ustar"u8.CopyTo(bytes.AsSpan(257));
        Assert.Contains("tar archive", Fails("a.onnx", bytes).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("saved", "saved_model.pb", "SavedModel")]
    [InlineData("net.mlpackage", "Manifest.json", "Core ML")]
    public void A_folder_that_is_a_model(string name, string file, string what)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        File.WriteAllText(Path.Combine(folder, file), "{}");
        var error = Assert.ThrowsAny<CnnVizException>(() => ModelImporter.Import(folder, new ImportOptions()));
        Assert.Equal(OtherFormat, error.ErrorId);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    private CnnVizException Fails(string name, byte[] content)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, content);
        return Assert.ThrowsAny<CnnVizException>(() => ModelImporter.Import(path, new ImportOptions()));
    }
}
