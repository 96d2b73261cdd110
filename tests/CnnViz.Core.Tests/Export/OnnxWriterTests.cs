using CnnViz.Export;
using CnnViz.Import;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Tests.Import;
using Google.Protobuf;

namespace CnnViz.Tests.Export;

public sealed class OnnxWriterTests : EngineTest, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [InlineData("googlenet.onnx")]
    [InlineData("squeezenet1.1.onnx")]
    [InlineData("mnist_cntk.onnx")]
    [InlineData("ultraface_rfb320.onnx")]
    [InlineData("ppocr_v4_det.onnx")]
    [InlineData("light/light_resnet50.onnx")]
    public void A_model_that_is_written_gives_the_same_and_is_named_the_same(string file) =>
        Check(TestFiles.Shared(["models", .. file.Split('/')]));

    [Fact]
    public void The_tiny_model_gives_the_same_and_is_named_the_same()
    {
        string path = Path.Combine(_folder, "tiny.onnx");
        TinyModel.Write(path);
        Check(path);
    }

    [Fact]
    public void Whole_numbers_that_are_wider_here_are_written_as_they_are_here()
    {
        string path = Path.Combine(_folder, "model.onnx");
        File.WriteAllBytes(path, OnnxText.Parse(
            13,
            "n = Shape(x); k = Cast<to=6>(n); c = Cast<to=6>({1}); m = Concat<axis=0>(k, c); o = Cast<to=7>(m); p = Slice(o, {0}, {4}); r = Reshape(x, p); y = Relu(r)",
            1, 3, 8, 8).ToByteArray());
        Check(path);
    }

    [Fact]
    public void A_quantized_part_of_a_network_is_written_as_the_network_that_it_is_here()
    {
        string path = Path.Combine(_folder, "model.onnx");
        string written = Path.Combine(_folder, "written.onnx");
        File.WriteAllBytes(path, OnnxText.Parse(
            13, "q = QuantizeLinear(x, 0.01, {0}); d = DequantizeLinear(q, 0.01, {0}); a = Conv(d, float[4,3,3,3]); y = LSTM(a)", 1, 3, 8, 8).ToByteArray());
        using CnnModel model = ModelImporter.Import(path, new ImportOptions());
        OnnxWriter.Write(model, written);
        using CnnModel again = ModelImporter.Import(written, new ImportOptions());
        Assert.Equal(model.Layers.Select(layer => layer.Name), again.Layers.Select(layer => layer.Name));
        (_, float[] values) = OnnxRuntimeReference.RunOutputs(ModelProto.Parser.ParseFrom(File.ReadAllBytes(written)), OnnxModelBuilder.Noise(192, 1), [1, 3, 8, 8]).Single();
        Assert.Equal(4 * 6 * 6, values.Length);
    }

    [Fact]
    public void Preprocessing_and_class_names_are_read_back()
    {
        string path = Path.Combine(_folder, "tiny.onnx");
        string names = Path.Combine(_folder, "names.txt");
        TinyModel.Write(path);
        File.WriteAllLines(names, ["rot", "grün", "bläulich \"cyan\""]);
        var preprocessing = new Preprocessing { Mean = [1, 2, 3], Std = [0.5f], Scale = 200, ChannelOrder = ChannelOrder.Bgr };
        using CnnModel model = ModelImporter.Import(path, new ImportOptions { Preprocessing = preprocessing, ClassNames = ClassLists.Read(names) });

        string written = Path.Combine(_folder, "written.onnx");
        OnnxWriter.Write(model, written);
        using CnnModel again = ModelImporter.Import(written, new ImportOptions());

        Assert.Equal(preprocessing.ToString(), again.Preprocessing.ToString());
        Assert.Equal(PreprocessingSource.Metadata, again.Preprocessing.Source);
        Assert.Equal(["rot", "grün", "bläulich \"cyan\""], again.ClassNames);
        Assert.Equal("grün", again.GetLayer("classifier").GetFilter(1).ClassName);
        Assert.Null(again.GetLayer("conv1").GetFilter(1).ClassName);
    }

    [Fact]
    public void A_disposed_model_is_refused_and_leaves_no_file()
    {
        string path = Path.Combine(_folder, "tiny.onnx");
        TinyModel.Write(path);
        CnnModel model = ModelImporter.Import(path, new ImportOptions());
        model.Dispose();

        Assert.Throws<CnnVizException>(() => OnnxWriter.Write(model, Path.Combine(_folder, "written.onnx")));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    private void Check(string path)
    {
        using CnnModel model = ModelImporter.Import(path, new ImportOptions { Preprocessing = Preprocessing.Unit });
        string written = Path.Combine(_folder, "written.onnx");

        OnnxWriter.Write(model, written);

        using CnnModel again = ModelImporter.Import(written, new ImportOptions());
        Assert.Equal(model.Layers.Select(Describe), again.Layers.Select(Describe));
        ModelProto before = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        ModelProto after = ModelProto.Parser.ParseFrom(File.ReadAllBytes(written));
        string[] outputs = [.. before.Graph.Output.Select(output => output.Name)];
        Assert.Equal(outputs.Order(), after.Graph.Output.Select(output => output.Name).Order());

        int[] shape = [1, model.InputShape.Channels, model.InputShape.Height, model.InputShape.Width];
        float[] input = [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(i => MathF.Sin(i * 0.37f))];
        Dictionary<string, float[]> expected = OnnxRuntimeReference.Run(before, _folder, input, shape, outputs);
        Dictionary<string, float[]> actual = OnnxRuntimeReference.Run(after, _folder, input, shape, outputs);
        Assert.All(outputs.Where(name => expected[name].All(float.IsFinite)), name =>
            Assert.InRange(OnnxRuntimeReference.WorstError(expected[name], actual[name]), 0, 1e-5));
    }

    private static string Describe(CnnLayer layer) => $"{layer.Name} {layer.Kind} {layer.OutputShape} {layer.Parameters}";
}
