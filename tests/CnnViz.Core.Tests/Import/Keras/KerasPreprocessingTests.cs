using CnnViz.Networks;

namespace CnnViz.Tests.Import.Keras;

/// <summary>What a Keras model is believed to want of a picture, and how sure that is.</summary>
public sealed class KerasPreprocessingTests : KerasTest
{
    [Theory]
    [InlineData("'scale':0.00392156862745098,'offset':0.0")]
    [InlineData("'scale':0.00784313725490196,'offset':-1")]
    public void A_rescaling_in_front_means_bytes(string settings)
    {
        using CnnModel model = Load(InFront("Rescaling", settings));
        Assert.Equal(Preprocessing.None with { Source = PreprocessingSource.Metadata }, model.Preprocessing);
    }

    [Theory]
    [InlineData("'axis':[-1],'mean':[123.675,116.28,103.53],'variance':[3409.976,3262.694,3291.891]", "None")]
    [InlineData("'axis':[-1],'mean':[0.485,0.456,0.406],'variance':[0.0524,0.0502,0.0506]", "Unit")]
    public void A_normalization_in_front_has_the_range_of_its_mean(string settings, string name)
    {
        using CnnModel model = Load(InFront("Normalization", settings));
        Assert.Equal((name, PreprocessingSource.Metadata), (model.Preprocessing.Name, model.Preprocessing.Source));
    }

    [Theory]
    [InlineData(60, 3600, "None")]
    [InlineData(0.48, 0.05, "Unit")]
    public void An_adapted_normalization_has_its_mean_among_the_weights(float mean, float variance, string name)
    {
        byte[] content = InFront(
            "Normalization", "'axis':[-1]", new Pixels([mean, mean, mean], 3), new Pixels([variance, variance, variance], 3), new Pixels([5f], 1));
        using CnnModel model = Load(content);
        Assert.Equal((name, PreprocessingSource.Metadata), (model.Preprocessing.Name, model.Preprocessing.Source));
    }

    [Theory]
    [InlineData("math.truediv", "127.5", "None")]
    [InlineData("math.subtract", "127.5", "None")]
    [InlineData("nn.bias_add", "[-103.9,-116.8,-123.7]", "None")]
    [InlineData("math.multiply", "2.0", "Unit")]
    public void Arithmetic_in_front_says_the_range(string function, string number, string name)
    {
        KerasFile file = InFrontOf("TFOpLambda", $"'function':'{function}'");
        string operand = function == "nn.bias_add" ? "bias" : "y";
        string config = Scaled(file, "TFOpLambda")
            .Replace("[[[\"image\",0,0,{}]]]},\n{\"class_name\":\"Add", $"[[[\"image\",0,0,{{\"{operand}\":{number}}}]]]}},\n{{\"class_name\":\"Add", StringComparison.Ordinal);
        using CnnModel model = Load(file.ToHdf5(config));
        Assert.Equal((name, PreprocessingSource.Metadata), (model.Preprocessing.Name, model.Preprocessing.Source));
    }

    [Theory]
    [InlineData("vgg16", "Custom (BGR, 0…255, minus 103.939, 116.779, 123.68)")]
    [InlineData("resnet50", "Custom (BGR, 0…255, minus 103.939, 116.779, 123.68)")]
    [InlineData("resnet50v2", "Symmetric (RGB, 0…1, minus 0.5, divided by 0.5)")]
    [InlineData("inception_v3", "Symmetric (RGB, 0…1, minus 0.5, divided by 0.5)")]
    [InlineData("mobilenet_1.00_224", "Symmetric (RGB, 0…1, minus 0.5, divided by 0.5)")]
    [InlineData("densenet121", "ImageNet (RGB, 0…1, minus 0.485, 0.456, 0.406, divided by 0.229, 0.224, 0.225)")]
    public void A_known_model_has_its_own(string name, string expected)
    {
        using CnnModel model = Load(new KerasFile(8, 8, 3) { Name = name }.Add("ReLU"));
        Assert.Equal(expected, model.Preprocessing.ToString());
        Assert.Equal(PreprocessingSource.Metadata, model.Preprocessing.Source);
    }

    [Theory]
    [InlineData("model_1", 3)]
    [InlineData("vgg16", 1)]
    public void Another_is_guessed_and_says_so(string name, int channels)
    {
        using CnnModel model = Load(new KerasFile(8, 8, channels) { Name = name }.Add("ReLU"));
        Assert.Equal(("Unit", PreprocessingSource.Guessed), (model.Preprocessing.Name, model.Preprocessing.Source));
    }

    private static byte[] InFront(string layer, string settings, params Pixels[] weights)
    {
        KerasFile file = InFrontOf(layer, settings, weights);
        return file.ToHdf5(Scaled(file, layer));
    }

    private static KerasFile InFrontOf(string layer, string settings, params Pixels[] weights) =>
        new KerasFile(8, 8, 3).Add(layer, "scale", settings, ["image"], weights).Add("Add", "layer", string.Empty, ["eye"]);

    // The convolution is applied to what is scaled.
    private static string Scaled(KerasFile file, string layer)
    {
        string follower = $"\",0,0,{{}}]]]}},\n{{\"class_name\":\"{layer}\"";
        return file.Config().Replace($"[[[\"image{follower}", $"[[[\"scale{follower}", StringComparison.Ordinal);
    }
}
