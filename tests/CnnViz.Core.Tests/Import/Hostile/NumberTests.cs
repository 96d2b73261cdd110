using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Tests.Import.Weights;

namespace CnnViz.Tests.Import.Hostile;

/// <summary>Weights that are infinite or not a number are said when a model is imported, and give no picture in silence.</summary>
public sealed class NumberTests : WeightFileTest
{
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Weights_that_are_no_numbers_are_said_and_have_no_picture(float value)
    {
        using CnnModel model = Import(value);
        Assert.Contains("'conv'", model.Remark, StringComparison.Ordinal);
        Assert.Contains("not a number", model.Remark, StringComparison.Ordinal);

        var options = new AscentOptions { Recipe = Recipe.Robust with { Steps = 3, Size = new(16, 16) } };
        foreach (FilterImage image in new FilterAscent(model.GetLayer("conv"), options).Run([0], null, default))
        {
            Assert.Equal(AscentStatus.Diverged, image.Status);
            image.Dispose();
        }
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(3e38f)]
    public void Numbers_that_are_large_are_not_said(float value)
    {
        using CnnModel model = Import(value);
        Assert.Null(model.Remark);
    }

    private CnnModel Import(float value)
    {
        float[] weights = OnnxModelBuilder.Noise(108, 1);
        weights.AsSpan(3, 2).Fill(value);
        string path = Write("numbers.onnx", OnnxModelBuilder.Convolution(OnnxModelBuilder.Floats("weight", weights, 4, 3, 3, 3)).ToBytes());
        return ModelImporter.Import(path, new ImportOptions());
    }
}
