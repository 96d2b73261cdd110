using CnnViz.Import;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Tests.Import;

namespace CnnViz.Tests.Networks;

public sealed class CnnClassesTests : ReaderTest
{
    private const string Features = "pool = GlobalAveragePool(x); flat = Flatten(pool);";
    private const string Maps = "maps = Conv(x, float[5,3,1,1]);";

    [Theory]
    [InlineData(Features + "logits = Gemm<transB=1>(flat, float[5,3])")]
    [InlineData(Features + "logits = Gemm<transB=1>(flat, float[5,3]); probability = Softmax(logits)")]
    [InlineData(Features + "logits = Gemm<transB=1>(flat, float[5,3]); probability = LogSoftmax(logits)")]
    [InlineData(Features + "logits = Gemm<transB=1>(flat, float[5,3]); same = Identity(logits); probability = Sigmoid(same)")]
    [InlineData(Features + "product = MatMul(flat, float[3,5]); logits = Add(product, float[5]); probability = Softmax(logits)")]
    [InlineData(Maps + "positive = Relu(maps); logits = GlobalAveragePool(positive); probability = Softmax<axis=1>(logits)")]
    [InlineData(Maps + "logits = GlobalAveragePool(maps); row = Flatten(logits); probability = Softmax(row)")]
    [InlineData(Maps + "logits = GlobalAveragePool(maps); s = Squeeze(logits, {2, 3}); r = Reshape(s, {1, 5}); p = Softmax(r)")]
    [InlineData(Maps + "logits = GlobalAveragePool(maps); last = Transpose<perm=[0,2,3,1]>(logits); p = Softmax(last)")]
    public void The_classes_are_the_units_of_the_last_layer_before_the_probabilities(string network)
    {
        using CnnModel model = Load(OnnxText.Parse(13, network, 1, 3, 8, 8));

        var classes = new CnnClasses(model, null, null);

        Assert.Equal(["logits:0", "logits:1", "logits:2", "logits:3", "logits:4"], classes.All.Select(unit => unit.ToString()));
        Assert.False(classes.IsGuess);
    }

    [Theory]
    [InlineData(Maps)]
    [InlineData(Maps + "probability = Softmax<axis=1>(maps)")]
    [InlineData(Features + "logits = Gemm<transB=1>(flat, float[5,3]); best = ArgMax<axis=1>(logits)")]
    public void A_network_that_does_not_end_in_one_value_a_class_says_so(string network)
    {
        using CnnModel model = Load(OnnxText.Parse(13, network, 1, 3, 8, 8));

        Assert.Equal("NoClassifier", Assert.Throws<CnnVizException>(() => new CnnClasses(model, null, null)).ErrorId);
        Assert.Equal(3, new CnnClasses(model, "x", null).All.Count);
    }

    [Fact]
    public void A_name_means_any_output_and_a_number_the_first_with_names()
    {
        ModelProto proto = OnnxText.Parse(
            13,
            Features + "shape = Gemm<transB=1>(flat, float[2,3]); colour = Gemm<transB=1>(flat, float[3,3]); p = Softmax(colour)",
            1, 3, 8, 8);
        proto.Graph.Output.Insert(0, new ValueInfoProto { Name = "shape" });
        using CnnModel model = Load(proto);

        var classes = new CnnClasses(model, null, ["red, rouge", "green", "red"]);

        Assert.Equal(["shape:0", "shape:1", "colour:0", "colour:1", "colour:2"], classes.All.Select(unit => unit.ToString()));
        Assert.Equal(["colour:0", "colour:2"], classes.Get("RED").Select(unit => unit.ToString()));
        Assert.Equal("red, rouge", Assert.Single(classes.Get("Rouge")).ClassName);
        Assert.Equal("colour:0", Assert.Single(classes.Get("red, rouge")).ToString());
        Assert.Equal("shape:1", Assert.Single(classes.Get("1")).ToString());
        Assert.Equal("colour:1", Assert.Single(new CnnClasses(model, "colour", null).Get("1")).ToString());
        Assert.Equal(["shape:1", "colour:1"], classes.Matching(name => name is "1" or "green").Select(unit => unit.ToString()));
    }

    [Fact]
    public void What_is_not_there_is_an_error_with_the_nearest_names()
    {
        using CnnModel model = Classifier(3);
        var named = new CnnClasses(model, null, ["tench, Tinca tinca", "goldfish", "7"]);

        CnnVizException misspelled = Assert.Throws<CnnVizException>(() => named.Get("tinka tinca"));
        Assert.Equal("ClassNotFound", misspelled.ErrorId);
        Assert.Contains("Nearest: 'Tinca tinca'", misspelled.Message);
        Assert.Equal("FilterOutOfRange", Assert.Throws<CnnVizException>(() => named.Get("3")).ErrorId);
        Assert.Equal("FilterOutOfRange", Assert.Throws<CnnVizException>(() => named.Get("-1")).ErrorId);
        Assert.Equal(2, Assert.Single(named.Get("7")).Index);
        Assert.Contains("not known", Assert.Throws<CnnVizException>(() => new CnnClasses(model, null, null).Get("cat")).Message);
        Assert.Equal("ClassNamesMismatch", Assert.Throws<CnnVizException>(() => new CnnClasses(model, null, ["one", "two"])).ErrorId);
        Assert.Equal("LayerNotFound", Assert.Throws<CnnVizException>(() => new CnnClasses(model, "logit", null)).ErrorId);
    }

    [Fact]
    public void A_thousand_units_without_names_are_taken_for_ImageNets_and_said_to_be_a_guess()
    {
        using CnnModel model = Classifier(1000);

        var guessed = new CnnClasses(model, null, null);

        Assert.True(guessed.IsGuess);
        Assert.Equal(281, Assert.Single(guessed.Get("Tabby")).Index);
        Assert.False(new CnnClasses(model, null, ClassLists.ImageNet).IsGuess);
        Assert.All(model.Layers, layer => Assert.Empty(layer.ClassNames));
    }

    [SkippableTheory]
    [InlineData("googlenet.onnx", "loss3/classifier", "Linear", 1000)]
    [InlineData("squeezenet1.1.onnx", "globalaveragepool1", "GlobalAvgPool2d", 1000)]
    [InlineData("light/light_bvlc_alexnet.onnx", "fc8", "Linear", 1000)]
    [InlineData("light/light_vgg19.onnx", "fc8", "Linear", 1000)]
    [InlineData("light/light_inception_v1.onnx", "n142", "Linear", 1000)]
    [InlineData("light/light_squeezenet.onnx", "n64", "GlobalAvgPool2d", 1000)]
    [InlineData("light/light_resnet50.onnx", "gpu_0/pred", "Linear", 1000)]
    [InlineData("light/light_densenet121.onnx", "fc6", "Conv2d", 1000)]
    [InlineData("mnist_cntk.onnx", "Plus214", "Add", 10)]
    [InlineData("vww_96.h5", "dense", "Linear", 2)]
    [InlineData("pretrainedResnet.h5", "dense", "Linear", 10)]
    [InlineData("fer2013_mini_xception.hdf5", "global_average_pooling2d_1", "GlobalAvgPool2d", 7)]
    [InlineData("resnet20-12fca82f.th", "linear", "Linear", 10)]
    public void The_classifier_of_a_real_network_is_found(string file, string layer, string kind, int units)
    {
        using CnnModel model = Import(file);

        CnnFilter[] classes = [.. new CnnClasses(model, null, null).All];

        Assert.Equal((layer, kind, units), (classes[0].Layer.Name, classes[0].Layer.Kind, classes.Length));
    }

    [SkippableTheory]
    [InlineData("ultraface_rfb320.onnx")]
    [InlineData("ppocr_v4_det.onnx")]
    public void A_real_network_that_is_no_classifier_says_so(string file)
    {
        using CnnModel model = Import(file);

        Assert.Equal("NoClassifier", Assert.Throws<CnnVizException>(() => new CnnClasses(model, null, null)).ErrorId);
    }

    private static CnnModel Import(string file) =>
        ModelImporter.Import(TestFiles.Shared(["models", .. file.Split('/')]), new ImportOptions());

    private static CnnModel Classifier(int units) =>
        Load(OnnxText.Parse(13, $"{Features} logits = Gemm<transB=1>(flat, float[{units},3]); p = Softmax(logits)", 1, 3, 8, 8));
}
