using CnnViz.Import.Onnx;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks;
using CnnViz.Networks.Operators;
using CnnViz.Patterns;
using CnnViz.Patterns.Drawing;
using CnnViz.Patterns.Training;
using CnnViz.Tests.Import;
using TorchSharp;

namespace CnnViz.Tests.Patterns;

/// <summary>The model that ships with the module.</summary>
public sealed class PatternModelTests : EngineTest
{
    private static string ModelFile => Path.Combine(TestFiles.Root, "module", "models", "patterns.onnx");

    [Fact]
    public void It_knows_patterns_and_hues_of_fresh_pictures()
    {
        using var network = new ImportedNetwork(ModelFile);

        (Confusion patterns, Confusion hues) = Evaluation.Run(network.Run, perPattern: 20);

        Assert.True(patterns.Accuracy >= TrainingRun.PatternBar, patterns.ToTable("pattern"));
        Assert.True(hues.Accuracy >= TrainingRun.HueBar, hues.ToTable("hue"));
    }

    [Fact]
    public void It_is_small_and_says_what_it_needs()
    {
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(ModelFile));
        IReadOnlyDictionary<string, IReadOnlyList<string>> classNames = OnnxMetadata.ReadClassNames(model);
        using var network = new ImportedNetwork(ModelFile);

        Assert.InRange(new FileInfo(ModelFile).Length, 1, 3_000_000);
        Assert.Equal(17, model.OpsetImport.Single().Version);
        Assert.Equal(Preprocessing.Unit.Name, network.Preprocessing.Name);
        Assert.Equal(PreprocessingSource.Metadata, network.Preprocessing.Source);
        Assert.Equal(PatternCatalog.Names, classNames["classifier"]);
        Assert.Equal(Hue.Names, classNames["colour"]);
    }

    [Fact]
    public void Onnx_runtime_gives_the_same_scores()
    {
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(ModelFile));
        var picture = new float[3 * Trainer.PictureSize * Trainer.PictureSize];
        new PatternPainter(Trainer.PictureSize).Paint(2, 3, picture);
        int[] shape = [1, 3, Trainer.PictureSize, Trainer.PictureSize];
        Dictionary<string, float[]> expected =
            OnnxRuntimeReference.Run(model, Path.GetTempPath(), picture, shape, ["classifier", "colour"]);

        using DisposeScope scope = torch.NewDisposeScope();
        using var network = new ImportedNetwork(ModelFile);
        (torch.Tensor pattern, torch.Tensor hue) = network.Run(torch.tensor(picture, [1, 3, Trainer.PictureSize, Trainer.PictureSize]));

        Assert.InRange(OnnxRuntimeReference.WorstError(expected["classifier"], pattern.data<float>().ToArray()), 0, 1e-4);
        Assert.InRange(OnnxRuntimeReference.WorstError(expected["colour"], hue.data<float>().ToArray()), 0, 1e-4);
    }
}
