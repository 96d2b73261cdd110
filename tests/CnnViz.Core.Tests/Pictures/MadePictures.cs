using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using TorchSharp;

namespace CnnViz.Tests.Pictures;

/// <summary>Pictures whose pixels and values a test chooses.</summary>
internal sealed class MadePictures : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");

    public MadePictures()
    {
        TinyModel.Write(_path);
        Model = ModelImporter.Import(_path, new ImportOptions { Preprocessing = Preprocessing.Unit });
    }

    public CnnModel Model { get; }

    public void Dispose()
    {
        Model.Dispose();
        File.Delete(_path);
    }

    /// <summary>A picture of one colour.</summary>
    public FilterImage Plain(float red, float green, float blue, int height = 32, int width = 32, int filter = 0, AscentStatus status = AscentStatus.StepLimit) =>
        Make(torch.tensor(new[] { red, green, blue }).reshape(3, 1, 1).expand(3, height, width).contiguous(), filter, status);

    /// <summary>Any picture.</summary>
    public FilterImage Make(
        torch.Tensor tensor, int filter = 0, AscentStatus status = AscentStatus.StepLimit, long seed = 0, params float[] activations)
    {
        CnnFilter target = Model.GetLayer("conv1").GetFilters().ElementAt(filter);
        var result = new AscentResult(tensor, null, 1.5f, activations, status, AscentRescue.None, []);
        return new FilterImage(result, target)
        {
            Seed = seed,
            Recipe = Recipe.Robust,
            Minimized = false,
            Border = 0,
            InitialImage = null,
            Spectrum = null,
            Elapsed = TimeSpan.Zero,
        };
    }
}
