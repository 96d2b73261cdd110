using System.Runtime.InteropServices;
using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Models;
using CnnViz.Models.Operators;
using TorchSharp;

namespace CnnViz.Tests.Ascent;

public sealed class FreedScalarTests : EngineTest, IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
    private readonly CnnModel _model;

    public FreedScalarTests()
    {
        TinyModel.Write(_path);
        _model = ModelImporter.Import(_path, new ImportOptions { Preprocessing = Preprocessing.Unit });
    }

    public void Dispose()
    {
        _model.Dispose();
        File.Delete(_path);
    }

    [Theory]
    [InlineData("Unknown scalar type.")]
    [InlineData("Expected false to be true, but got false. Exception raised from to at c10/core/Scalar.h:133")]
    public void A_picture_is_made_again_and_is_the_same(string complaint)
    {
        using FilterImage calm = Climb(new FailingObjective(_model.GetLayer("conv2"), int.MaxValue, complaint));
        using FilterImage disturbed = Climb(new FailingObjective(_model.GetLayer("conv2"), 4, complaint));

        Assert.Equal(calm.Tensor.ToFloats(), disturbed.Tensor.ToFloats());
        Assert.Equal(calm.Activations, disturbed.Activations);
    }

    [Fact]
    public void Another_failure_of_libtorch_is_no_reason_to_try_again()
    {
        var objective = new FailingObjective(_model.GetLayer("conv2"), 4, "The size of tensor a must match the size of tensor b.");

        Assert.Throws<ExternalException>(() => Climb(objective));
        Assert.Equal(4, objective.Calls);
    }

    private static FilterImage Climb(CnnObjective objective) =>
        new ObjectiveAscent([objective], new AscentOptions { Recipe = Recipe.Robust with { Steps = 6, Size = 32 } }).Run(null, default).Single();

    private sealed class FailingObjective(CnnLayer layer, int call, string complaint) : CnnObjective
    {
        public int Calls { get; private set; }

        internal override IReadOnlyList<CnnLayer> Layers { get; } = [layer];

        public override string ToString() => "failing";

        internal override torch.Tensor Evaluate(Activations activations) =>
            ++Calls == call ? throw new ExternalException(complaint) : activations[layer].mean([1, 2, 3]);
    }
}
