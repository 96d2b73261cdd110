using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Tests.Patterns;

/// <summary>What the recipes for classes come to with the built-in model.</summary>
public sealed class ClassRecipeTests(ClassPictures pictures) : IClassFixture<ClassPictures>
{
    private readonly CnnClasses _classes = new(pictures.Model, null, null);

    [Fact]
    public void They_take_the_networks_own_size()
    {
        // Natural's picture is larger than the crops that the network is fed.
        Assert.All([Recipe.RobustClass, Recipe.ClassicClass], recipe =>
        {
            using FilterImage image = Maximize(recipe with { Steps = 1 }, _classes.All[0]);
            Assert.Equal((pictures.Model.InputShape.Height, pictures.Model.InputShape.Width), (image.Height, image.Width));
        });
    }

    [Theory]
    [InlineData("zigzag")]
    [InlineData("maze")]
    [InlineData("blue")]
    public void The_network_recognizes_the_pictures_of_Robust(string name)
    {
        CnnFilter unit = Assert.Single(_classes.Get(name));

        using FilterImage image = Maximize(Recipe.RobustClass, unit);

        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor input = pictures.Model.Preprocessing.Apply(image.Tensor.unsqueeze(0));
        List<float> scores = [.. pictures.Model.Graph.SubGraph(unit.Layer.Node).Run(input).ToFloats()];
        Assert.Equal(name, image.ClassName);
        Assert.Equal(scores.Max(), scores[unit.Index]);
    }

    private static FilterImage Maximize(Recipe recipe, CnnFilter unit) =>
        Assert.Single(new ObjectiveAscent([unit], new AscentOptions { Recipe = recipe }).Run(null, default));
}
