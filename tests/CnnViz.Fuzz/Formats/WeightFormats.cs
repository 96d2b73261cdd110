using System.IO.Compression;
using System.Text;
using CnnViz.Import;
using CnnViz.Tests.Import.Weights;
using TorchSharp;

namespace CnnViz.Fuzz;

/// <summary>Formats that have weights alone, and what lies beside them: descriptions, indexes, and the files of a folder.</summary>
internal static class WeightFormats
{
    private const string Description = """
        # A network of all kinds of options.
        input size=8 preprocessing=Unit
        stem conv padding=1
        relu relu
        pool maxpool kernel=2 stride=2 padding=0 ceil=yes
        up upsample scale=2
        block conv padding=1 dilation=1 from=up
        sum add from=block,block
        last identity
        """;

    private const string Header = """
        {"__metadata__":{"format":"pt"},"stem.weight":{"dtype":"F32","shape":[4,2,3,3],"data_offsets":[0,288]},"stem.bias":{"dtype":"F32","shape":[4],"data_offsets":[288,304]},"block.weight":{"dtype":"F32","shape":[3,4,3,3],"data_offsets":[304,736]},"block.bias":{"dtype":"F32","shape":[3],"data_offsets":[736,748]}}
        """;

    private static readonly (string Name, long[] Shape)[] s_weights =
        [("stem.weight", [4, 2, 3, 3]), ("stem.bias", [4]), ("block.weight", [3, 4, 3, 3]), ("block.bias", [3])];

    /// <summary>The formats.</summary>
    public static IReadOnlyList<FuzzFormat> All { get; } =
    [
        new("safetensors", () => [new FuzzInput(("weights.safetensors", Safetensors()), Text())], folder => Read(folder, "weights.safetensors")),
        new("pytorch-zip", ZipSeeds, folder => Read(folder, "weights.pt")),
        new("pytorch-legacy", LegacySeeds, folder => Read(folder, "weights.pth")),
        new("torchsharp", () => [new FuzzInput(("weights.dat", Saved()), Text())], folder => Read(folder, "weights.dat")),
        new("shards", ShardSeeds, folder => Read(folder, "model.safetensors.index.json")),
        new("hub-folder", HubSeeds, folder => Importing.Import(Path.Combine(folder, "hub"), Described(folder))),
        new("description", () => [new FuzzInput(("net.txt", Encoding.UTF8.GetBytes(Description)), ("weights.safetensors", Safetensors()))], ReadDescription),
        new("draft", DraftSeeds, Draft) { SpareMemory = 512L << 20 },
    ];

    private static (string, byte[]) Text() => ("net.txt", Encoding.UTF8.GetBytes(Description));

    private static ImportOptions Described(string folder) => new() { Architecture = Path.Combine(folder, "net.txt") };

    private static string Read(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        Importing.ReadWeights(path);
        return Importing.Import(path, Described(folder));
    }

    private static string ReadDescription(string folder) => Importing.Import(Path.Combine(folder, "weights.safetensors"), Described(folder));

    private static string Draft(string folder) =>
        string.Join(' ', ModelImporter.Draft(Path.Combine(folder, "weights.safetensors"), new ImportOptions { InputSize = (8, 8) }).Text.Split('\n').Take(30)
            .Select(line => line.Split(' ').ElementAtOrDefault(1)));

    private static byte[] Safetensors() => WeightFiles.Safetensors(Header.Trim(), WeightFiles.Floats(187));

    private static IEnumerable<FuzzInput> ZipSeeds()
    {
        byte[][] storages = [.. s_weights.Select(weight => WeightFiles.Floats((int)weight.Shape.Aggregate(1L, (product, size) => product * size)))];
        (string, byte[])[] members = [("w/data.pkl", Pickle()), .. storages.Select((storage, i) => ($"w/data/{i}", storage)), ("w/version", "3\n"u8.ToArray())];
        yield return new FuzzInput(("weights.pt", WeightFiles.Archive(CompressionLevel.NoCompression, members)), Text());
        yield return new FuzzInput(("weights.pt", WeightFiles.Archive(CompressionLevel.Fastest, members)), Text());
    }

    private static IEnumerable<FuzzInput> LegacySeeds()
    {
        (string, long, byte[])[] storages =
        [
            .. s_weights.Select((weight, i) =>
            {
                long count = weight.Shape.Aggregate(1L, (product, size) => product * size);
                return ($"{i}", count, WeightFiles.Floats((int)count));
            }),
        ];
        yield return new FuzzInput(("weights.pth", WeightFiles.Legacy(Pickle(), storages)), Text());
    }

    // The tensors, among what training programs save beside them.
    private static byte[] Pickle()
    {
        PickleWriter pickle = new PickleWriter()
            .Op('}').Op('(')
            .Text("epoch").Op('K').Raw(90)
            .Text("args").Global("argparse", "Namespace").Op(')').Raw(0x81).Op('}').Text("lr").Op('G').Raw(new byte[8]).Op('s').Op('b')
            .Text("state_dict").Global("collections", "OrderedDict").Op(')').Op('R').Op('q').Raw(0).Op('(');
        for (int i = 0; i < s_weights.Length; i++)
        {
            (string name, long[] shape) = s_weights[i];
            long[] strides = [.. shape.Select((_, axis) => shape.Skip(axis + 1).Aggregate(1L, (product, size) => product * size))];
            pickle.Text($"module.{name}").Tensor($"{i}", shape[0] * strides[0], "FloatStorage", 0, shape, strides);
        }

        return pickle.Op('u').Op('}').Text("_metadata").Op('h').Raw(0).Op('s').Op('b').Op('u').Stop();
    }

    private static byte[] Saved()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        using DisposeScope scope = torch.NewDisposeScope();
        torch.nn.Module.save_state_dict(writer, s_weights.ToDictionary(weight => weight.Name, weight => torch.ones(weight.Shape)));
        return stream.ToArray();
    }

    private static IEnumerable<FuzzInput> ShardSeeds()
    {
        const string index = """
            {"metadata":{"total_size":748},"weight_map":{"stem.weight":"a.safetensors","stem.bias":"a.safetensors","block.weight":"b.safetensors","block.bias":"b.safetensors"}}
            """;
        byte[] whole = Safetensors();
        yield return new FuzzInput(("model.safetensors.index.json", Encoding.UTF8.GetBytes(index)), ("a.safetensors", whole), ("b.safetensors", whole), Text());
    }

    private static IEnumerable<FuzzInput> HubSeeds()
    {
        const string config = """
            {"architecture":"resnet20","architectures":["A"],"image_size":8,"num_channels":2,"id2label":{"0":"cat","1":"dog","2":"bird"},"pretrained_cfg":{"mean":[0.1,0.2],"std":[0.4,0.5],"input_size":[2,8,8]},"label_names":["a","b","c"]}
            """;
        const string processor = """
            {"do_normalize":true,"do_rescale":true,"rescale_factor":0.00392156862745098,"image_mean":[0.5,0.5],"image_std":[0.5,0.5],"size":{"height":8,"width":8},"crop_size":{"shortest_edge":8},"do_center_crop":false,"do_flip_channel_order":false}
            """;
        yield return new FuzzInput(
            ("hub/config.json", Encoding.UTF8.GetBytes(config)),
            ("hub/preprocessor_config.json", Encoding.UTF8.GetBytes(processor)),
            ("hub/model.safetensors", Safetensors()),
            Text());
    }

    // Shapes that are those of no network that is known, for which a description is made.
    private static IEnumerable<FuzzInput> DraftSeeds()
    {
        (string Name, int[] Shape)[] tensors =
        [
            ("conv1.weight", [4, 2, 3, 3]), ("conv1.bias", [4]), ("bn1.weight", [4]), ("bn1.bias", [4]), ("bn1.running_mean", [4]), ("bn1.running_var", [4]),
            ("layer.0.weight", [4, 1, 5, 5]), ("layer.1.weight", [8, 4, 1, 1]), ("fc1.weight", [6, 32]), ("fc1.bias", [6]), ("fc2.weight", [3, 6]), ("fc2.bias", [3]),
        ];
        int end = 0;
        IEnumerable<string> entries = tensors.Select(tensor =>
        {
            (int begin, end) = (end, end + 4 * tensor.Shape.Aggregate(1, (product, size) => product * size));
            return $"\"{tensor.Name}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', tensor.Shape)}],\"data_offsets\":[{begin},{end}]}}";
        });
        string header = $"{{{string.Join(',', entries)}}}";
        yield return new FuzzInput(("weights.safetensors", WeightFiles.Safetensors(header, WeightFiles.Floats(end / 4))));
    }
}
