using System.Globalization;
using CnnViz.Activations;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Tests.Import;
using TorchSharp;

namespace CnnViz.Tests.Activations;

public sealed class PreprocessingMeasurementTests : MeasurementTest
{
    public static TheoryData<string> Names => [.. Preprocessing.Named.Select(preprocessing => preprocessing.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_network_whose_normalizations_know_its_preprocessing_gives_it_away(string name)
    {
        string[] paths = Noise(8);
        using CnnModel model = Normalizing(Preprocessing.Named.Single(named => named.Name == name));

        IReadOnlyList<PreprocessingScore> scores = Measure(model, paths);

        Assert.Equal(name, scores[0].Preprocessing.Name);
        Assert.Equal(0, scores[0].NormalizationMismatch!.Value, 1e-4);
        Assert.Equal(Enumerable.Range(1, scores.Count), scores.Select(score => score.Rank));
        Assert.Equal(scores.Select(score => score.Score).OrderDescending(), scores.Select(score => score.Score));
        Assert.Equal("Unit", scores.Single(score => score.IsInUse).Preprocessing.Name);
        Assert.All(scores, score => Assert.Equal(8, score.Photos));
    }

    [Theory]
    [InlineData("red_0001")]
    [InlineData("n01440764_red")]
    public void Photos_that_are_called_after_their_class_tell_the_order_of_the_colours(string name)
    {
        string[] paths = [Plain(name, 255, 0, 0), Plain("green/1", 0, 255, 0), Plain("blue/2", 0, 0, 255)];
        using CnnModel model = ModelImporter.Import(
            At("tiny.onnx"), new ImportOptions { Preprocessing = Preprocessing.Unit, ClassNames = ["Red", "green, verdant", "blue"] });

        IReadOnlyList<PreprocessingScore> scores = Measure(model, paths);

        Assert.Equal((ChannelOrder.Rgb, 1d), (scores[0].Preprocessing.ChannelOrder, scores[0].Accuracy!.Value));
        Assert.Equal("RGB", scores[0].ChannelOrder);
        PreprocessingScore swapped = scores.First(score => score.ImportParameters == "-Scale 1 -ChannelOrder Bgr");
        Assert.Equal(1 / 3d, swapped.Accuracy!.Value, 1e-9);
        Assert.Null(swapped.NormalizationMismatch);
        Assert.Equal(3, swapped.NamedPhotos);
        Assert.Equal(swapped.LogLikelihood, swapped.Score);
    }

    [Fact]
    public void Photos_without_colours_do_not_decide_their_order()
    {
        IReadOnlyList<PreprocessingScore> scores = Measure(Model, [Plain("dark", 60, 60, 60), Plain("bright", 200, 200, 200)]);

        Assert.Equal("not decided", scores.Single(score => score.Preprocessing.Name == "Unit").ChannelOrder);
    }

    [Fact]
    public void A_model_without_classes_and_normalizations_is_refused()
    {
        using CnnModel model = ReaderTest.Load(OnnxText.Parse(11, "y = Relu(x)", 1, 3, 8, 8));

        Assert.Equal("PreprocessingNotMeasurable", Assert.Throws<CnnVizException>(() => new PreprocessingMeasurement(model, null, 4)).ErrorId);
    }

    [Fact]
    public void A_photo_that_cannot_be_read_does_not_count()
    {
        string[] paths = [.. Noise(2), At("tiny.onnx"), At("nowhere.png")];
        var measurement = new PreprocessingMeasurement(Model, null, 3);

        (string Path, CnnVizException Failure)[] failures = [.. measurement.Run(paths, null, default)];

        Assert.Equal(paths[2..], failures.Select(failure => failure.Path));
        Assert.All(failures, failure => Assert.Equal("PictureUnreadable", failure.Failure.ErrorId));
        Assert.All(measurement.Scores(), score => Assert.Equal(2, score.Photos));
        Assert.Empty(new PreprocessingMeasurement(Model, null, 3).Scores());
    }

    [Fact]
    public void No_tensor_is_left_behind_also_when_it_is_cancelled()
    {
        using CnnModel model = Normalizing(Preprocessing.Caffe);
        string[] paths = Noise(12);
        long before = NativeTensors.Settled();

        Assert.NotEmpty(Measure(model, paths));
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => new PreprocessingMeasurement(model, null, 5).Run(paths, null, cancellation.Token).Count());

        Assert.Equal(before, NativeTensors.Settled());
    }

    private static IReadOnlyList<PreprocessingScore> Measure(CnnModel model, string[] paths)
    {
        var measurement = new PreprocessingMeasurement(model, null, 5);
        Assert.Empty(measurement.Run(paths, null, default));
        return measurement.Scores();
    }

    private string Plain(string name, params byte[] colour)
    {
        string path = At($"{name}.png");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        TestPictures.Write(path, 32, 32, [.. Enumerable.Repeat(colour, 32 * 32).SelectMany(pixel => pixel)]);
        return path;
    }

    // Batch normalization of the image itself, with the mean and the variance that Noise(8) has under a preprocessing.
    private CnnModel Normalizing(Preprocessing preprocessing)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor images = torch.stack([.. Enumerable.Range(0, 8).Select(seed =>
            torch.tensor(TestPictures.WriteNoise(At("again.png"), 32, 32, seed), [32, 32, 3]).permute(2, 0, 1).to(torch.ScalarType.Float32) / 255)]);
        torch.Tensor input = preprocessing.Apply(images);
        string means = List(input.mean([0, 2, 3]));
        string variances = List(input.var([0, 2, 3], unbiased: false));
        return ReaderTest.Load(OnnxText.Parse(
            11, $"y = BatchNormalization(image, {{1.0, 1.0, 1.0}}, {{0.0, 0.0, 0.0}}, {{{means}}}, {{{variances}}})", 1, 3, 32, 32));
    }

    private static string List(torch.Tensor values) => string.Join(
        ", ", values.cpu().data<float>().ToArray().Select(value => value.ToString("F6", CultureInfo.InvariantCulture)));
}
