using System.Runtime.InteropServices;
using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using CnnViz.Showing.Files;
using Google.Protobuf;
using TorchSharp;

namespace CnnViz.Tests.Showing.Atlas;

/// <summary>A network of layers with any names and numbers of filters, side by side behind the image, and pictures of them.</summary>
internal sealed class WideModel : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz-").FullName;

    public WideModel(params (string Name, int Filters)[] layers)
    {
        var graph = new GraphProto { Name = "wide" };
        var shape = new TensorShapeProto();
        shape.Dim.Add(new long[] { 1, 3, 8, 8 }.Select(length => new TensorShapeProto.Types.Dimension { DimValue = length }));
        graph.Input.Add(new ValueInfoProto { Name = "input", Type = new TypeProto { TensorType = new() { ElemType = 1, Shape = shape } } });
        foreach ((string name, int filters) in layers)
        {
            var weights = new float[filters * 3];
            Array.Fill(weights, 1);
            var tensor = new TensorProto
            {
                Name = $"{name}.weight",
                DataType = 1,
                RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(weights)),
            };
            tensor.Dims.AddRange([filters, 3, 1, 1]);
            graph.Initializer.Add(tensor);
            var node = new NodeProto { OpType = "Conv" };
            node.Input.AddRange(["input", tensor.Name]);
            node.Output.Add($"out of {name}");
            graph.Node.Add(node);
        }

        graph.Output.Add(new ValueInfoProto { Name = $"out of {layers[^1].Name}" });
        var model = new ModelProto { IrVersion = 8, ProducerName = "CnnViz.Tests", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = string.Empty, Version = 13 });
        string path = Path.Combine(_folder, "wide.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        Model = ModelImporter.Import(path, new ImportOptions { Preprocessing = Preprocessing.Unit });
    }

    public CnnModel Model { get; }

    public void Dispose()
    {
        Model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A picture of a filter, of one colour and stripes that its number chooses.</summary>
    public FilterImage Picture(
        string layer,
        int filter,
        int size = 16,
        long seed = 0,
        int channels = 3,
        AscentStatus status = AscentStatus.StepLimit,
        string? className = null,
        float[]? curve = null)
    {
        CnnFilter target = Model.GetLayer(layer).GetFilter(filter);
        return Make(new FilterObjective(className is null ? target : target.WithClassName(className)), Stripes(filter + seed, channels, size), seed, status, curve);
    }

    public static FilterImage Make(
        CnnObjective objective,
        torch.Tensor pixels,
        long seed = 0,
        AscentStatus status = AscentStatus.StepLimit,
        float[]? curve = null,
        string? initialImage = null) =>
        new(new AscentResult(pixels, null, 2.5f, curve ?? [0, 1, 1.5f, 2], status, AscentRescue.None, []), objective)
        {
            Seed = seed,
            Recipe = Recipe.Robust,
            Minimized = false,
            Border = 0,
            InitialImage = initialImage,
            Spectrum = null,
            Elapsed = TimeSpan.FromSeconds(1),
        };

    public static torch.Tensor Stripes(long number, int channels, int size)
    {
        var values = new float[channels * size * size];
        double angle = number * 0.37;
        for (int i = 0; i < values.Length; i++)
        {
            (int channel, int row, int column) = (i / (size * size), i / size % size, i % size);
            double wave = Math.Sin((row * Math.Sin(angle) + column * Math.Cos(angle)) * (0.3 + number % 5 * 0.2) + channel * number);
            values[i] = (float)(0.5 + 0.45 * wave);
        }

        return torch.tensor(values, [channels, size, size]);
    }
}
