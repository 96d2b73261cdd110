using CnnViz.Networks;
using PureHDF;

namespace CnnViz.Tests.Import.Keras;

/// <summary>What cannot be read is refused with its name and reason.</summary>
public sealed class KerasRefusalTests : KerasTest
{
    private static readonly Pixels s_kernel = Pixels.Wave(3, 2, 2, 4);
    private static readonly Pixels s_bias = Pixels.Wave(4);

    [Fact]
    public void A_circle_of_layers_is_refused()
    {
        KerasFile file = new KerasFile(6, 5, 2).Add("Add", "a", string.Empty, ["eye", "b"]).Add("ReLU", "b", string.Empty, ["a"]);
        Assert.Contains("'a'", Fails(file.ToHdf5()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_layers_that_are_not_known_are_named()
    {
        KerasFile file = new KerasFile(6, 5, 2)
            .Add("Lambda", "code", "'function':['4wEAAAA=',null,null]", ["image"])
            .Add("ReLU", "relu", string.Empty, ["code"])
            .Add("MyAttention", "attention", string.Empty, ["image"])
            .Add("Conv2D", "causal", "'padding':'causal'", ["image"], s_kernel, s_bias)
            .Add("Add", "layer", string.Empty, ["relu", "attention"]);
        string config = file.Config().Replace("\"eye\",\"config\":{\"name\":\"eye\"", "\"eye\",\"config\":{\"padding\":\"causal\"", StringComparison.Ordinal);
        ModelFormatException error = Fails(file.ToHdf5(config));
        Assert.Equal("UnsupportedLayer", error.ErrorId);
        Assert.Contains("Lambda ('code'); layer MyAttention ('attention'); ", error.Message, StringComparison.Ordinal);
        Assert.Contains("layer Conv2D ('causal') with padding = causal.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_before_layers_that_are_not_known_is_read()
    {
        KerasFile file = new KerasFile(6, 5, 2)
            .Add("Conv2D", "conv", "'padding':'same'", ["eye"], s_kernel, s_bias)
            .Add("LSTM", "lstm", string.Empty, ["conv"])
            .Add("ReLU", "other", string.Empty, ["conv"])
            .Add("Dense", "layer", string.Empty, ["lstm"], Pixels.Wave(4, 2), Pixels.Wave(2));
        using CnnModel model = Load(file);
        Assert.Equal(["eye", "conv", "other"], model.Layers.Select(layer => layer.Name));
        Pixels image = Pixels.Wave(6, 5, 2);
        AssertClose(KerasReference.Conv(image, s_kernel, s_bias, same: true), Output(model, image, "conv"));
        Assert.Contains("left out: layer LSTM ('lstm').", Remark(file.ToHdf5()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_of_the_authors_own_is_not_taken_for_one_of_keras()
    {
        KerasFile file = new KerasFile(6, 5, 2).Add("LayerNormalization", string.Empty, Pixels.Positive(2), Pixels.Wave(2));
        byte[] content = file.ToHdf5(file.NewConfig().Replace(
            "\"keras.layers\",\"class_name\":\"LayerN", "\"__main__\",\"class_name\":\"LayerN", StringComparison.Ordinal));
        Assert.Contains("__main__>LayerNormalization ('layer')", Remark(content), StringComparison.Ordinal);
        Assert.Null(Remark(file.ToHdf5(file.NewConfig())));
    }

    [Fact]
    public void A_model_that_is_code_is_refused()
    {
        byte[] content = KerasFile.WriteHdf5(KerasFile.Json("{'class_name':'MyModel','config':{'name':'mine'}}"), "2.4.0", _ => { });
        Assert.Contains("MyModel", Fails(content).Message, StringComparison.Ordinal);
        Assert.Equal("UnsupportedModel", Fails(content).ErrorId);
    }

    [Fact]
    public void Weights_alone_are_no_model()
    {
        byte[] content = KerasFile.ToBytes(new H5File { ["conv"] = new H5Group { ["kernel:0"] = KerasFile.Plain(s_kernel) } });
        Assert.Equal("WeightsOnly", Fails(content).ErrorId);
    }

    [Fact]
    public void A_weight_that_is_missing_is_named()
    {
        KerasFile file = new KerasFile(6, 5, 2).Add("Conv2D", "'padding':'same'", s_kernel);
        ModelFormatException error = Fails(file.ToHdf5());
        Assert.Equal("LayerInvalid", error.ErrorId);
        Assert.Contains("Conv2D 'layer': its bias is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_model_of_images_is_refused()
    {
        KerasFile file = new KerasFile(6, 5, 2).Add("Conv2D", string.Empty, s_kernel, s_bias);
        string Config(string shape) => file.Config().Replace("[null,6,5,2]", shape, StringComparison.Ordinal);
        Assert.Equal("NotAnImageModel", Fails(file.ToHdf5(Config("[null,6,5]"))).ErrorId);
        Assert.Equal("NotAnImageModel", Fails(file.ToHdf5(Config("[null,6,5,99999999]"))).ErrorId);
        string dense = KerasFile.Json(
            "{'class_name':'Sequential','config':[{'class_name':'Flatten','config':{'name':'a','batch_input_shape':[null,4,4,1]}}]}");
        Assert.Equal("NotAnImageModel", Fails(KerasFile.WriteHdf5(dense, "2.4.0", _ => { })).ErrorId);
    }
}
