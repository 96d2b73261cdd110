using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using CnnViz.Tests.Import.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnViz.Tests.Import.Weights;

/// <summary>Files that TorchSharp's <c>module.save</c> writes.</summary>
public sealed class TorchSharpWeightsTests : WeightFileTest
{
    private string SavedPath => Path.Combine(Folder, "saved.dat");

    [Fact]
    public void What_a_module_saves_is_read_again()
    {
        using var module = new SmallNetwork();
        module.save(SavedPath);

        using StateDict weights = StateDictReader.Read(SavedPath);

        Assert.Equal("TorchSharp", weights.Format);
        Assert.Equal(module.state_dict().Keys.Order(), Names(weights).Order());
        Assert.Equal(
            module.state_dict()["stem.conv.weight"].ToFloats().Select(value => (double)value), Values(weights, "stem.conv.weight"));
        Assert.Equal([0.0], Values(weights, "stem.bn.num_batches_tracked"));
    }

    [Theory]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Int16)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Bool)]
    public void Every_type_is_read(ScalarType type)
    {
        using Tensor tensor = torch.tensor(new[] { 0f, 1f, 1f }).to(type);
        using StateDict weights = Read(Saved(("x", tensor), ("y", tensor)));
        Assert.Equal([0.0, 1, 1], Values(weights, "x"));
        Assert.Equal([0.0, 1, 1], Values(weights, "y"));
    }

    [Fact]
    public void Complex_weights_are_refused()
    {
        using Tensor tensor = zeros(2, complex64);
        Assert.Equal("UnsupportedTensorType", ReadFails(Saved(("x", tensor))).ErrorId);
    }

    [Fact]
    public void Weights_become_the_network_of_their_architecture()
    {
        string description = Write("net.txt", "input size=8\nstem.conv conv padding=1\nrelu relu\nblock conv padding=1\n"u8.ToArray());
        using var module = TorchSharp.torch.nn.Sequential(
            ("stem", TorchSharp.torch.nn.Sequential(("conv", TorchSharp.torch.nn.Conv2d(2, 4, 3, padding: 1)))),
            ("relu", TorchSharp.torch.nn.ReLU()),
            ("block", TorchSharp.torch.nn.Conv2d(4, 3, 3, padding: 1)));
        module.save(SavedPath);
        using CnnModel model = ModelImporter.Import(SavedPath, new ImportOptions { Architecture = description });
        using Tensor image = rand(1, 2, 8, 8);
        using Tensor expected = module.call(image);
        using Tensor output = model.Graph.SubGraph(model.Graph.Outputs[0]).Run(image);

        Assert.Equal("TorchSharp", model.Format);
        Assert.Equal(expected.ToFloats().Length, output.ToFloats().Length);
        Assert.All(expected.ToFloats().Zip(output.ToFloats()), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void A_file_that_contradicts_itself_is_damaged()
    {
        using Tensor tensor = ones(3);
        byte[] two = Saved(("x", tensor), ("y", tensor));
        Assert.Equal("CheckpointDamaged", ReadFails(two[..^1]).ErrorId);
        Assert.Equal("CheckpointDamaged", ReadFails([.. two, 0]).ErrorId);
        Assert.Equal("CheckpointDamaged", ReadFails([9, .. two[1..]]).ErrorId);
        Assert.Equal("CheckpointDamaged", ReadFails([2, .. Saved(("x", tensor))[1..], .. Saved(("x", tensor))[1..]]).ErrorId);
    }

    /// <summary>What <c>save</c> writes for tensors of these names.</summary>
    internal static byte[] Saved(params (string Name, Tensor Tensor)[] tensors)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        TorchSharp.torch.nn.Module.save_state_dict(writer, tensors.ToDictionary(pair => pair.Name, pair => pair.Tensor));
        return stream.ToArray();
    }
}
