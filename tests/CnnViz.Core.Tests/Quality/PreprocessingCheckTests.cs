using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Quality;
using CnnViz.Tests.Import;

namespace CnnViz.Tests.Quality;

/// <summary>A network whose one batch normalization remembers photos of some range.</summary>
public sealed class PreprocessingCheckTests : EngineTest, IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("None", "Unit", true)]
    [InlineData("ImageNet", "None", true)]
    [InlineData("Caffe", "Unit", true)]
    [InlineData("Unit", "Unit", false)]
    [InlineData("None", "None", false)]
    public void Another_range_than_that_of_training_is_found(string trained, string used, bool isFound)
    {
        using CnnModel model = Import(Find(trained), Find(used));

        (Preprocessing Better, double Margin)? found = PreprocessingCheck.Find(model);

        Assert.Equal(isFound, found is not null);
        Assert.True(found is null || found.Value.Better.Name == trained, $"{found?.Better}");
    }

    [Fact]
    public void A_network_that_was_never_trained_tells_nothing()
    {
        using CnnModel model = Import(null, Preprocessing.None);

        Assert.Empty(PreprocessingCheck.Score(model));
    }

    private static Preprocessing Find(string name) => Preprocessing.Named.Single(named => named.Name == name);

    // The convolution passes the image on; photos have a mean of about 0.5 and a standard deviation of about 0.2.
    private CnnModel Import(Preprocessing? trained, Preprocessing used)
    {
        float[] Each(Func<int, float> value) => [.. Enumerable.Range(0, 3).Select(value)];
        float Of(IReadOnlyList<float> values, int channel) => values[values.Count == 1 ? 0 : channel];
        float[] mean = Each(i => trained is null ? 0 : (0.5f * trained.Scale - Of(trained.Mean, i)) / Of(trained.Std, i));
        float[] variance = Each(i => trained is null ? 1 : MathF.Pow(0.2f * trained.Scale / Of(trained.Std, i), 2));
        File.WriteAllBytes(_path, new OnnxModelBuilder()
            .Input("image", 1, 3, 32, 32)
            .Initializer(OnnxModelBuilder.Floats("w", [1, 0, 0, 0, 1, 0, 0, 0, 1], 3, 3, 1, 1))
            .Initializer(OnnxModelBuilder.Floats("ones", [1, 1, 1], 3))
            .Initializer(OnnxModelBuilder.Floats("zeros", [0, 0, 0], 3))
            .Initializer(OnnxModelBuilder.Floats("mean", mean, 3))
            .Initializer(OnnxModelBuilder.Floats("variance", variance, 3))
            .Node("Conv", ["image", "w"], ["conv"])
            .Node("BatchNormalization", ["conv", "ones", "zeros", "mean", "variance"], ["norm"])
            .Output("norm")
            .ToBytes());
        return ModelImporter.Import(_path, new ImportOptions { Preprocessing = used });
    }
}
