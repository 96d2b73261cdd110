using CnnViz.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Tests.Networks;

public sealed class PreprocessingTests : EngineTest
{
    // One pixel: red 1, green 0.5, blue 0.
    private static readonly float[] s_orange = [1f, 0.5f, 0f];

    [Theory]
    [InlineData("Caffe", 0 - 104, 127.5 - 117, 255 - 123)]
    [InlineData("ImageNet", (1 - 0.485) / 0.229, (0.5 - 0.456) / 0.224, -0.406 / 0.225)]
    [InlineData("Unit", 1, 0.5, 0)]
    [InlineData("Symmetric", 1, 0, -1)]
    [InlineData("None", 255, 127.5, 0)]
    public void Each_named_preprocessing_gives_its_range_and_order(string name, double first, double second, double third)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Preprocessing preprocessing = Preprocessing.Named.Single(candidate => candidate.Name == name);

        float[] values = preprocessing.Apply(torch.tensor(s_orange).reshape(1, 3, 1, 1)).ToFloats();

        Assert.Equal([first, second, third], values.Select(value => Math.Round(value, 4)), (a, b) => Math.Abs(a - b) < 1e-3);
    }

    [Fact]
    public void One_value_serves_all_channels_and_a_wrong_number_is_refused()
    {
        var preprocessing = new Preprocessing { Mean = [0.5f], Std = [1, 2, 4] };
        using DisposeScope scope = torch.NewDisposeScope();

        Assert.Equal([0.5f, 0f, -0.125f], preprocessing.Apply(torch.tensor(s_orange).reshape(1, 3, 1, 1)).ToFloats());
        Assert.Throws<CnnVizException>(() => preprocessing.ThrowIfNotFor(1));
    }
}
