using CnnViz.Ascent;
using CnnViz.Networks;
using TorchSharp;

namespace CnnViz.Tests.Ascent;

/// <summary>What is affine gives the same without its last operations.</summary>
public sealed class AffineResponseTests : TinyModelTest
{
    public AffineResponseTests()
        : base(Preprocessing.Symmetric)
    {
    }

    [Theory]
    [InlineData("conv1", false)]
    [InlineData("conv2", false)]
    [InlineData("conv2", true)]
    [InlineData("classifier", false)]
    public void Values_and_gradients_are_those_of_the_whole_way(string name, bool minimize)
    {
        CnnLayer layer = Model.GetLayer(name);
        CnnObjective[] objectives =
        [
            layer.GetFilter(0), layer.GetFilter(2), new FilterObjective(layer.GetFilter(1), MapArea.Center), layer.GetFilter(2),
        ];
        using DisposeScope scope = torch.NewDisposeScope();
        using AffineResponse affine = AffineResponse.For(objectives, minimize)!;
        torch.Tensor views = torch.rand([8, 3, 32, 32], generator: new torch.Generator(5));

        (float[] expected, torch.Tensor gradient) = new ObjectiveResponse([layer], minimize).Differentiate(
            views, objectives, new Dictionary<string, IReadOnlyDictionary<CnnLayer, torch.Tensor>>(), redirectGradients: false, default);
        (float[] values, torch.Tensor actual) = affine.Differentiate(views, redirectGradients: false, default);

        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        float largest = gradient.abs().max().ToSingle();
        Assert.True(largest > 0);
        Assert.Equal(0, (gradient - actual).abs().max().ToSingle(), 1e-4 * largest);
    }

    [Fact]
    public void What_is_not_affine_is_left_alone()
    {
        CnnLayer relu = Model.GetLayer("conv1/relu");
        CnnLayer conv = Model.GetLayer("conv1");

        Assert.Null(AffineResponse.For([relu.GetFilter(0)], minimize: false));
        Assert.Null(AffineResponse.For([conv], minimize: false));
        Assert.Null(AffineResponse.For([conv.GetFilter(0), Model.GetLayer("conv2").GetFilter(0)], minimize: false));
    }
}
