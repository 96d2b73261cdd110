using System.Runtime.InteropServices;
using CnnViz.Ascent;
using CnnViz.Kernels;
using CnnViz.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Tests.Ascent;

/// <summary>Ascents that meet trouble on their way: no memory, and values that are no numbers.</summary>
public sealed class TroubleTests : TinyModelTest
{
    private const string NoMemory = "[enforce fail at alloc_cpu.cpp:119] DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes.";

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_batch_for_which_there_is_no_memory_is_made_in_parts(int most)
    {
        float[][] calm = Climb(int.MaxValue, out _);
        float[][] parts = Climb(most, out int batch);

        Assert.Equal(calm, parts);
        Assert.InRange(batch, 1, most * LibtorchThreads.Count);
    }

    [Fact]
    public void A_picture_for_which_there_is_no_memory_at_all_is_one_error()
    {
        var exception = Assert.Throws<ExternalException>(() => Climb(0, out _));
        Assert.Equal("OutOfMemory", ForeignFailure.Translate(exception).ErrorId);
    }

    [Fact]
    public void An_ascent_that_gets_lost_is_made_again_with_smaller_steps()
    {
        var objective = new ScriptedObjective(Model.GetLayer("conv1"), (call, _, value) => call == 4 ? value * float.NaN : value);
        using FilterImage image = Ascent([objective], batchSize: 1).Run(null, default).Single();

        Assert.True(image.HasSignal);
        Assert.True(image.Rescue.HasFlag(AscentRescue.SmallerSteps), $"{image.Rescue}");
        Assert.All(image.Activations, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void An_ascent_that_gets_lost_again_is_reported()
    {
        var objective = new ScriptedObjective(Model.GetLayer("conv1"), (call, _, value) => call % 5 == 4 ? value * float.NaN : value);
        using FilterImage image = Ascent([objective], batchSize: 1).Run(null, default).Single();

        Assert.Equal(AscentStatus.Diverged, image.Status);
        Assert.InRange(objective.Calls, 8, 14);
    }

    // Objectives that fail for more pictures at once than there is memory for.
    private float[][] Climb(int most, out int batch)
    {
        CnnObjective[] objectives =
        [
            .. Enumerable.Range(0, 2 * LibtorchThreads.Count + 3).Select(i => new ScriptedObjective(
                Model.GetLayer("conv1"), (_, pictures, value) => pictures > most ? throw new ExternalException(NoMemory) : value, i)),
        ];
        ObjectiveAscent ascent = Ascent(objectives, objectives.Length);
        FilterImage[] images = [.. ascent.Run(null, default)];
        batch = ascent.BatchSize;
        float[][] pixels = [.. images.Select(image => image.Tensor.ToFloats())];
        Array.ForEach(images, image => image.Dispose());
        return pixels;
    }

    private static ObjectiveAscent Ascent(IEnumerable<CnnObjective> objectives, int batchSize) =>
        new(objectives, new AscentOptions { Recipe = Recipe.Robust with { Steps = 6, UsualSide = 16 }, BatchSize = batchSize });

    // The mean of one filter's map, as a script has it.
    private sealed class ScriptedObjective(CnnLayer layer, Func<int, long, torch.Tensor, torch.Tensor> script, int filter = 0) : CnnObjective
    {
        private int _calls;

        public int Calls => _calls;

        internal override IReadOnlyList<CnnLayer> Layers { get; } = [layer];

        public override string ToString() => $"scripted {filter}";

        internal override torch.Tensor Evaluate(CnnViz.Ascent.Activations activations)
        {
            torch.Tensor map = activations[layer];
            return script(Interlocked.Increment(ref _calls), 1 + activations.OfOthers(layer).Count(), map.select(1, filter % map.shape[1]).mean([1, 2]));
        }
    }
}
