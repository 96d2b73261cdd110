using CnnViz.Import;
using CnnViz.Networks;
using PureHDF;

namespace CnnViz.Tests.Import.Keras;

/// <summary>What Teachable Machine exports: a model of two, and the names of its classes beside it.</summary>
public sealed class TeachableMachineTests : ReaderTest
{
    private const string Json = """
        {'class_name':'Sequential','config':{'name':'sequential_4','layers':[
         {'class_name':'Sequential','config':{'name':'sequential_1','layers':[
          {'class_name':'Functional','config':{'name':'model1','layers':[
           {'class_name':'InputLayer','name':'input_1','config':{'batch_input_shape':[null,8,8,3]},'inbound_nodes':[]},
           {'class_name':'Conv2D','name':'Conv1','config':{'name':'Conv1','use_bias':false},'inbound_nodes':[[['input_1',0,0,{}]]]}],
           'input_layers':[['input_1',0,0]],'output_layers':[['Conv1',0,0]]}},
          {'class_name':'GlobalAveragePooling2D','config':{'name':'global_average_pooling2d_GlobalAveragePooling2D1'}}]}},
         {'class_name':'Sequential','config':{'name':'sequential_3','layers':[
          {'class_name':'Dense','config':{'name':'dense_Dense1','activation':'relu','batch_input_shape':[null,4]}},
          {'class_name':'Dense','config':{'name':'dense_Dense2','activation':'softmax','use_bias':false}}]}}]}}
        """;

    [Fact]
    public void It_is_known_with_its_range_and_its_names()
    {
        string path = Path.Combine(Folder, "keras_model.h5");
        File.WriteAllBytes(path, KerasFile.WriteHdf5(KerasFile.Json(Json), "2.4.0", root =>
        {
            root["sequential_1"] = new H5Group
            {
                Attributes = { ["weight_names"] = new[] { "Conv1/kernel:0" } },
                ["Conv1"] = Weights(("kernel:0", Pixels.Wave(3, 3, 3, 4))),
            };
            root["sequential_3"] = new H5Group
            {
                Attributes = { ["weight_names"] = new[] { "dense_Dense1/kernel:0", "dense_Dense1/bias:0", "dense_Dense2/kernel:0" } },
                ["dense_Dense1"] = Weights(("kernel:0", Pixels.Wave(4, 5)), ("bias:0", Pixels.Wave(5))),
                ["dense_Dense2"] = Weights(("kernel:0", Pixels.Wave(5, 2))),
            };
        }));
        using (CnnModel plain = ModelImporter.Import(path, new ImportOptions()))
        {
            Assert.Equal(Preprocessing.Symmetric with { Source = PreprocessingSource.Metadata }, plain.Preprocessing);
            Assert.Empty(plain.ClassNames);
            Assert.NotNull(plain.GetLayer("sequential_1/model1/Conv1"));
        }

        File.WriteAllText(Path.Combine(Folder, "labels.txt"), "0 Ripe\n1 Not ripe\n");
        using CnnModel model = ModelImporter.Import(path, new ImportOptions());
        Assert.Equal(["Ripe", "Not ripe"], model.ClassNames);
        Assert.Equal("Not ripe", model.GetLayer("sequential_3/dense_Dense2").ClassNames[1]);
    }

    private static H5Group Weights(params (string Name, Pixels Values)[] weights)
    {
        var group = new H5Group();
        foreach ((string name, Pixels values) in weights)
        {
            group[name] = KerasFile.Plain(values);
        }

        return group;
    }
}
