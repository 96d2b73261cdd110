using System.Runtime.InteropServices;
using CnnViz.Import;
using CnnViz.Import.Onnx;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks;
using Google.Protobuf;
using DataType = CnnViz.Import.Onnx.Protocol.TensorProto.Types.DataType;

namespace CnnViz.Tests.Import;

/// <summary>Weights in a file beside the model, which is as little to be trusted as the model.</summary>
public sealed class OnnxExternalDataTests : ReaderTest
{
    private static readonly float[] s_weights = OnnxModelBuilder.Noise(108, 1);

    [Theory]
    [InlineData("weights.bin", "40", "432")]
    [InlineData("weights.bin", "40", null)]
    [InlineData("data/weights.bin", "40", "432")]
    public void Weights_are_read_at_their_offset(string location, string offset, string? length)
    {
        byte[] padding = new byte[40];
        string path = Path.Combine(Folder, location);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, [.. padding, .. Bytes(), .. length is null ? [] : padding]);
        Assert.Equal(Output(OnnxModelBuilder.Convolution().Model), Output(Model(location, offset, length)));
    }

    [Fact]
    public void The_runtime_reads_the_same_from_that_file()
    {
        File.WriteAllBytes(Path.Combine(Folder, "weights.bin"), Bytes());
        ModelProto model = Model("weights.bin", "0", "432");
        float[] expected = OnnxRuntimeReference.Run(model, Folder, OnnxModelBuilder.Noise(192, 5), [1, 3, 8, 8], ["relu"])["relu"];
        Assert.True(OnnxRuntimeReference.WorstError(expected, Output(model)) < 1e-4);
    }

    [SkippableFact]
    public void A_pipe_is_not_opened()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no pipes among files.");
        Links.MakePipe(Path.Combine(Folder, "weights.bin"));

        Assert.Equal("TensorInvalid", Assert.ThrowsAny<CnnVizException>(() => Output(Model("weights.bin", "0", null))).ErrorId);
    }

    [SkippableTheory]
    [InlineData("../weights.bin")]
    [InlineData("data/../../weights.bin")]
    [InlineData("/etc/hostname")]
    [InlineData("inner/link.bin")]
    [InlineData("linked/weights.bin")]
    [InlineData("")]
    [InlineData(".")]
    public void Data_outside_the_models_folder_is_refused(string location)
    {
        string outside = Directory.CreateDirectory(Path.Combine(Folder, "outside")).FullName;
        string inside = Directory.CreateDirectory(Path.Combine(Folder, "model", "inner")).FullName;
        File.WriteAllBytes(Path.Combine(outside, "weights.bin"), Bytes());
        File.WriteAllBytes(Path.Combine(Folder, "weights.bin"), Bytes());
        if (location.Contains("link"))
        {
            Links.Make(Path.Combine(inside, "link.bin"), Path.Combine(outside, "weights.bin"));
            Links.Make(Path.Combine(Folder, "model", "linked"), outside);
        }

        var error = Assert.ThrowsAny<CnnVizException>(() => ReadIn("model", Model(location, "0", "432")));
        Assert.Equal("ExternalDataOutside", error.ErrorId);
        Assert.Contains("'weight'", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_cache_of_Hugging_Face_is_read_through_its_links()
    {
        string repository = Path.Combine(Folder, "models--owner--name");
        string snapshot = Directory.CreateDirectory(Path.Combine(repository, "snapshots", "1f0c", "onnx")).FullName;
        string blobs = Directory.CreateDirectory(Path.Combine(repository, "blobs")).FullName;
        File.WriteAllBytes(Path.Combine(blobs, "a1"), Model("model.onnx_data", "0", "432").ToByteArray());
        File.WriteAllBytes(Path.Combine(blobs, "b2"), Bytes());
        Links.Make(Path.Combine(snapshot, "model.onnx"), "../../../blobs/a1");
        Links.Make(Path.Combine(snapshot, "model.onnx_data"), "../../../blobs/b2");

        using CnnModel model = ModelImporter.Import(Path.Combine(snapshot, "model.onnx"), new ImportOptions());

        Assert.Equal(Output(OnnxModelBuilder.Convolution().Model), Output(model.Graph));
    }

    [Theory]
    [InlineData("nowhere.bin", "0", "432", "ExternalDataMissing")]
    [InlineData("weights.bin", "4", "432", "TensorInvalid")]
    [InlineData("weights.bin", "1000", null, "TensorInvalid")]
    [InlineData("weights.bin", "0", "9223372036854775807", "TensorInvalid")]
    [InlineData("weights.bin", "9223372036854775807", "9223372036854775807", "TensorInvalid")]
    [InlineData("weights.bin", "-4", "432", "TensorInvalid")]
    [InlineData("weights.bin", "0", "many", "TensorInvalid")]
    [InlineData("weights.bin", "0", "400", "TensorInvalid")]
    [InlineData("wei\0ghts.bin", "0", "432", "ExternalDataOutside")]
    public void Data_that_is_not_there_is_one_clear_error(string location, string offset, string? length, string errorId)
    {
        File.WriteAllBytes(Path.Combine(Folder, "weights.bin"), Bytes());
        var error = Assert.ThrowsAny<CnnVizException>(() => Output(Model(location, offset, length)));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains("'weight'", error.Message, StringComparison.Ordinal);
    }

    private void ReadIn(string folder, ModelProto model) =>
        OnnxReader.Read(Path.Combine(Folder, folder, "test.onnx"), model.ToByteArray()).Graph.Dispose();

    private static byte[] Bytes() => MemoryMarshal.AsBytes<float>(s_weights).ToArray();

    private static ModelProto Model(string location, string offset, string? length)
    {
        var weights = new TensorProto
        {
            Name = "weight",
            DataType = (int)DataType.Float,
            Dims = { 4, 3, 3, 3 },
            DataLocation = TensorProto.Types.DataLocation.External,
            ExternalData =
            {
                new StringStringEntryProto { Key = "location", Value = location },
                new StringStringEntryProto { Key = "offset", Value = offset },
            },
        };
        if (length is not null)
        {
            weights.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = length });
        }

        return OnnxModelBuilder.Convolution(weights).Model;
    }
}
