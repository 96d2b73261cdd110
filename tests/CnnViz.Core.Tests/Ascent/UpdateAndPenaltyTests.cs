using CnnViz.Ascent;
using CnnViz.Networks.Operators;
using TorchSharp;
using TorchSharp.Modules;

namespace CnnViz.Tests.Ascent;

public sealed class UpdateAndPenaltyTests : EngineTest
{
    [Fact]
    public void Adam_takes_the_steps_of_libtorchs_Adam_uphill()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Parameter expected = new(torch.randn(3, 4));
        torch.Tensor actual = expected.detach().clone();
        using Adam reference = torch.optim.Adam([expected], lr: 0.05, maximize: true);
        using IUpdateRule rule = new UpdateSettings { Rule = UpdateRule.Adam, StepSize = 0.05f }.Create(1);
        for (int step = 0; step < 10; step++)
        {
            reference.zero_grad();
            (expected.square().sum() * (step + 1)).backward();
            reference.step();
            actual.add_(rule.Change(0, actual * (2 * (step + 1))));
        }

        Assert.True((expected - actual).abs().max().ToSingle() < 1e-5);
    }

    [Fact]
    public void NAdam_looks_one_step_ahead_of_Adam()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IUpdateRule rule = new UpdateSettings { Rule = UpdateRule.NAdam, StepSize = 1 }.Create(1);

        // Dozat's rule by hand, for gradients 1 and 3.
        double first = rule.Change(0, torch.ones(1)).ToDouble();
        double second = rule.Change(0, torch.full([1], 3f)).ToDouble();

        Assert.Equal(0.9 * 0.1 / (1 - 0.81) + 0.1 / (1 - 0.9), first, 1e-4);
        double moment = 0.9 * 0.1 + 0.1 * 3;
        double size = Math.Sqrt((0.999 * 0.001 + 0.001 * 9) / (1 - 0.999 * 0.999));
        Assert.Equal((0.9 * moment / (1 - 0.729) + 0.1 * 3 / (1 - 0.81)) / size, second, 1e-4);
    }

    [Fact]
    public void Momentum_adds_a_share_of_the_last_step()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IUpdateRule rule = new UpdateSettings { Rule = UpdateRule.Momentum, StepSize = 2, Momentum = 0.5 }.Create(1);

        Assert.Equal([2f, 3f, 3.5f], Enumerable.Range(0, 3).Select(_ => rule.Change(0, torch.ones(1)).ToSingle()));
    }

    [Theory]
    [InlineData(StepSchedule.Constant, 1, 1)]
    [InlineData(StepSchedule.Linear, 1, 0.5)]
    [InlineData(StepSchedule.Cosine, 1, 0.5)]
    public void Schedules_begin_with_the_whole_step(StepSchedule schedule, double atFirst, double halfWay)
    {
        var settings = new UpdateSettings { Schedule = schedule };

        Assert.Equal(atFirst, settings.Factor(0, 10), 1e-9);
        Assert.Equal(halfWay, settings.Factor(5, 10), 1e-9);
    }

    public static TheoryData<PenaltySettings> EachPenalty { get; } =
    [
        new PenaltySettings { TotalVariation = 1 }, new PenaltySettings { L1 = 1 }, new PenaltySettings { L2 = 1 },
        new PenaltySettings { Blur = 1 }, new PenaltySettings { Border = 1 },
    ];

    [Theory]
    [MemberData(nameof(EachPenalty))]
    public void A_penalty_is_nothing_on_grey_and_has_the_gradient_of_finite_differences(PenaltySettings settings)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var penalties = new Penalties(settings);
        using var random = new torch.Generator(11);

        // Doubles and a tiny step: absolute values have kinks, which a longer one would cross.
        torch.Tensor images = torch.rand([2, 3, 9, 11], torch.ScalarType.Float64, generator: random).requires_grad_();
        torch.Tensor gradient = torch.autograd.grad([penalties.Evaluate(images).sum()], [images])[0];
        torch.Tensor direction = torch.randn([2, 3, 9, 11], torch.ScalarType.Float64, generator: random);
        const double Small = 1e-7;
        double above = penalties.Evaluate(images + direction * Small).sum().ToDouble();
        double below = penalties.Evaluate(images - direction * Small).sum().ToDouble();

        Assert.Equal((above - below) / (2 * Small), (gradient * direction).sum().ToDouble(), 1e-4);
        Assert.All(penalties.Evaluate(torch.full([2, 3, 9, 11], 0.5f)).ToFloats(), value => Assert.InRange(value, 0, 1e-5f));
        Assert.All(penalties.Evaluate(images).to(torch.ScalarType.Float32).ToFloats(), value => Assert.InRange(value, 0.01f, 2f));
    }
}
