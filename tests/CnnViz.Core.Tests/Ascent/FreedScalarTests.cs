using System.Runtime.InteropServices;
using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Tests.Ascent;

public sealed class FreedScalarTests : TinyModelTest
{
    [Theory]
    [InlineData("Unknown scalar type.")]
    [InlineData("Expected false to be true, but got false. Exception raised from to at c10/core/Scalar.h:133")]
    public void A_picture_is_made_again_and_is_the_same(string complaint)
    {
        using FilterImage calm = Climb(new FailingObjective(Model.GetLayer("conv2"), int.MaxValue, complaint));
        using FilterImage disturbed = Climb(new FailingObjective(Model.GetLayer("conv2"), 4, complaint));

        Assert.Equal(calm.Tensor.ToFloats(), disturbed.Tensor.ToFloats());
        Assert.Equal(calm.Activations, disturbed.Activations);
    }

    [Fact]
    public void Another_failure_of_libtorch_is_no_reason_to_try_again()
    {
        var objective = new FailingObjective(Model.GetLayer("conv2"), 4, "The size of tensor a must match the size of tensor b.");

        Assert.Throws<ExternalException>(() => Climb(objective));
        Assert.Equal(4, objective.Calls);
    }

    private static FilterImage Climb(CnnObjective objective) =>
        new ObjectiveAscent([objective], new AscentOptions { Recipe = Recipe.Robust with { Steps = 6, UsualSide = 32 } }).Run(null, default).Single();

    private sealed class FailingObjective(CnnLayer layer, int call, string complaint) : CnnObjective
    {
        public int Calls { get; private set; }

        internal override IReadOnlyList<CnnLayer> Layers { get; } = [layer];

        public override string ToString() => "failing";

        internal override torch.Tensor Evaluate(CnnViz.Ascent.Activations activations) =>
            ++Calls == call ? throw new ExternalException(complaint) : activations[layer].mean([1, 2, 3]);
    }
}
