using CnnViz.Patterns.Drawing;
using CnnViz.Patterns.Training;
using TorchSharp;
using TorchSharp.Modules;

namespace CnnViz.Tests.Patterns;

public sealed class CheckpointTests : EngineTest, IDisposable
{
    // Small, for speed: the network takes any size.
    private const int Size = 16;

    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz").FullName;

    [Fact]
    public void A_run_that_is_taken_up_goes_on_as_if_it_had_not_stopped()
    {
        var checkpoint = new Checkpoint(Path.Combine(_folder, "new", "run.checkpoint"));
        torch.manual_seed(1);
        using var network = new PatternNetwork();
        using AdamW optimizer = torch.optim.AdamW(network.parameters(), 1e-3);
        using var resumed = new PatternNetwork();
        using AdamW resumedOptimizer = torch.optim.AdamW(resumed.parameters(), 1e-3);
        Step(network, optimizer, 0);
        Step(network, optimizer, 1);

        checkpoint.Save(new Standing(2, 1.5), network, optimizer);
        Standing standing = checkpoint.Load(resumed, resumedOptimizer);
        Step(network, optimizer, 2);
        Step(resumed, resumedOptimizer, 2);

        Assert.Equal(new Standing(2, 1.5), standing);
        Assert.Single(Directory.GetFiles(Path.Combine(_folder, "new")));
        foreach ((string name, torch.Tensor expected) in network.state_dict())
        {
            using torch.Tensor difference = (expected - resumed.state_dict()[name]).abs().max();
            Assert.True(difference.ToDouble() < 1e-6, $"{name}: {difference.ToDouble()}");
        }
    }

    [Fact]
    public void Without_a_file_a_run_is_at_its_beginning()
    {
        using var network = new PatternNetwork();
        using AdamW optimizer = torch.optim.AdamW(network.parameters(), 1e-3);

        Assert.Equal(default, new Checkpoint(Path.Combine(_folder, "none")).Load(network, optimizer));
    }

    [Fact]
    public void Another_file_is_refused()
    {
        string path = Path.Combine(_folder, "other");
        File.WriteAllBytes(path, "\u0005other file"u8.ToArray());
        using var network = new PatternNetwork();
        using AdamW optimizer = torch.optim.AdamW(network.parameters(), 1e-3);

        Assert.Throws<InvalidDataException>(() => new Checkpoint(path).Load(network, optimizer));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Step(PatternNetwork network, AdamW optimizer, long number)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var painter = new PatternPainter(Size);
        var batch = new Batch(4, painter.PictureLength);
        for (int i = 0; i < batch.Count; i++)
        {
            PatternLabel label = painter.Paint(1, number * batch.Count + i, batch.Picture(i));
            (batch.Patterns[i], batch.Hues[i]) = (label.Pattern, label.Hue);
        }

        network.train();
        optimizer.zero_grad();
        (torch.Tensor pattern, torch.Tensor hue) = network.call(torch.tensor(batch.Pixels, [batch.Count, 3, Size, Size]));
        torch.Tensor loss = torch.nn.functional.cross_entropy(pattern, torch.tensor(batch.Patterns))
            + torch.nn.functional.cross_entropy(hue, torch.tensor(batch.Hues));
        loss.backward();
        optimizer.step();
    }
}
