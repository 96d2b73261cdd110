using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Pictures;
using CnnViz.Tests.Activations;
using CnnViz.Tests.Pictures;
using TorchSharp;

namespace CnnViz.Tests.Ascent.Dreams;

/// <summary>Photos for the tiny model to dream of.</summary>
public abstract class DreamTest : MeasurementTest
{
    /// <summary>A smooth picture of many colours with some noise, and no value near the ends of the range.</summary>
    protected string Photo(int height, int width, string name = "photo.png")
    {
        var random = new Random(1);
        var pixels = new byte[height * width * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int row, int column, int channel) = (i / 3 / width, i / 3 % width, i % 3);
            double wave = Math.Sin(row * 0.13 + channel) + Math.Cos(column * 0.09 * (channel + 1));
            pixels[i] = (byte)(128 + 30 * wave + random.Next(-8, 9));
        }

        TestPicture.Write(new PictureBytes(pixels, height, width, 3), At(name), quality: 92);
        return At(name);
    }

    protected FilterImage Dream(string photo, CnnObjective objective, Func<Recipe, Recipe>? change = null, long seed = 0) =>
        new DeepDream(objective, (change ?? (recipe => recipe))(Recipe.DeepDream), seed).Run(photo, null, default);

    protected static Recipe Quick(Recipe recipe) => recipe with { Steps = 3, Dream = recipe.Dream! with { Octaves = 2 } };

    /// <summary>The photo's own values, 0…1.</summary>
    protected static torch.Tensor Read(string photo, int channels = 3) =>
        ImageFile.ReadWhole(photo, channels).to(torch.ScalarType.Float32) / 255;

    protected CnnLayer Layer(string name) => Model.GetLayer(name);
}
