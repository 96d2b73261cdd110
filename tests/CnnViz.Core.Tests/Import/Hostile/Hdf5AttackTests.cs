using System.IO.Compression;
using System.Text;
using CnnViz.Tests.Import.Keras;
using PureHDF;
using PureHDF.Filters;
using PureHDF.VOL.Native;

namespace CnnViz.Tests.Import.Hostile;

/// <summary>HDF5 files of Keras that are far larger than their files, or never end.</summary>
public sealed class Hdf5AttackTests : HostileFileTest
{
    [Fact]
    public void Zeros_that_were_packed_a_thousand_times_are_refused()
    {
        // 200 MB in each of five layers.
        KerasFile file = new KerasFile(8, 8, 1).Add("Flatten");
        var large = new Pixels(64, 800_000);
        for (int i = 0; i < 5; i++)
        {
            file.Add("Dense", $"dense{i}", "'units':800000,'use_bias':false", ["layer"], large);
        }

        byte[] bytes = file.ToHdf5(dataset: weight => new H5Dataset(
            weight.Values, fileDims: [.. weight.Shape.Select(size => (ulong)size)], chunks: [.. weight.Shape.Select(size => (uint)size)],
            datasetCreation: new H5DatasetCreation(Filters: [DeflateFilter.Id])));
        Assert.Equal("ModelDamaged", Refused("bomb.h5", bytes));
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"config\":", "}")]
    [InlineData("{\"class_name\":\"Sequential\",\"config\":{\"layers\":[", "]}}")]
    public void A_configuration_that_is_deeply_nested_is_refused(string open, string close)
    {
        foreach (int depth in new[] { 60, 50_000 })
        {
            string config = string.Concat(Enumerable.Repeat(open, depth)) + string.Concat(Enumerable.Repeat(close, depth));
            Assert.NotNull(Import("deep.h5", KerasFile.WriteHdf5(config, "2.4.0", _ => { })));
            Assert.NotNull(Import("deep.keras", KerasFile.Zip(("config.json", Encoding.UTF8.GetBytes(config)), ("model.weights.h5", new KerasFile(4, 4, 1).ToHdf5()))));
        }
    }

    [Fact]
    public void Groups_within_groups_end_soon()
    {
        var inner = new H5Group();
        for (int i = 0; i < 2_000; i++)
        {
            inner = new H5Group { ["layers"] = inner };
        }

        Assert.NotNull(Import("deep.h5", KerasFile.ToBytes(new H5File { ["layers"] = inner })));
    }

    [Fact]
    public void A_model_within_itself_a_hundred_times_doubles_nothing()
    {
        // Models that call the one within them twice.
        string config = """{"class_name":"Conv2D","name":"c","config":{"name":"c","filters":1,"kernel_size":[1,1],"use_bias":false},"inbound_nodes":[[["i",0,0,{}]]]}""";
        string Model(string name, string layers, string last, string nodes) =>
            $$$"""{"class_name":"Functional","name":"{{{name}}}","config":{"name":"{{{name}}}","layers":[{"class_name":"InputLayer","name":"i","config":{"name":"i","batch_input_shape":[null,4,4,1]},"inbound_nodes":[]},{{{layers}}}],"input_layers":[["i",0,0]],"output_layers":[["{{{last}}}",0,1]]},"inbound_nodes":{{{nodes}}}}""";
        const string twice = """[[["i",0,0,{}]],[["m",0,0,{}]]]""";
        string whole = Model("m", config, "c", twice).Replace("[\"c\",0,1]", "[\"c\",0,0]");
        for (int i = 0; i < 30; i++)
        {
            whole = Model("m", whole, "m", twice);
        }

        Assert.NotNull(Import("double.h5", KerasFile.WriteHdf5(whole, "2.4.0", _ => { })));
    }
}
