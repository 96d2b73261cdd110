namespace CnnViz.Ascent;

/// <summary>How a gradient becomes a change.</summary>
public enum UpdateRule : long
{
    /// <summary>A step of constant size along the normalized gradient.</summary>
    Ascent,

    /// <summary>As <see cref="Ascent"/>, with a share of the last change added.</summary>
    Momentum,

    /// <summary>Adam (Kingma and Ba, 2015).</summary>
    Adam,

    /// <summary>Adam with Nesterov's momentum (Dozat, 2016).</summary>
    NAdam,
}

/// <summary>How the step size goes on.</summary>
public enum StepSchedule : long
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>It falls to nothing in a straight line.</summary>
    Linear,

    /// <summary>It falls to nothing along half a cosine.</summary>
    Cosine,
}

/// <summary>The update rule of a recipe.</summary>
public sealed record UpdateSettings
{
    /// <summary>The rule.</summary>
    [Setting("UpdateRule")]
    public UpdateRule Rule { get; init; } = UpdateRule.Ascent;

    /// <summary>
    /// What the normalized gradient is multiplied by, or, for Adam and NAdam, about how much a variable changes in a step; null for what
    /// suits rule and normalization.
    /// </summary>
    [Setting(nameof(StepSize), double.Epsilon, 1e9)]
    public float? StepSize { get; init; }

    /// <summary>What the gradient is divided by before each step, image by image and variable by variable.</summary>
    [Setting(nameof(GradientNormalization))]
    public GradientNormalization GradientNormalization { get; init; } = GradientNormalization.Rms;

    /// <summary>The share of the past in <see cref="UpdateRule.Momentum"/>, and the first decay rate of Adam.</summary>
    [Setting(nameof(Momentum), 0, 0.9999)]
    public double Momentum { get; init; } = 0.9;

    /// <summary>How the step size goes on.</summary>
    [Setting("StepSchedule")]
    public StepSchedule Schedule { get; init; } = StepSchedule.Constant;

    /// <summary>All of its numbers, by the names of settings.</summary>
    public override string ToString() => RecipeText.OfPart(this);

    /// <summary>The factor of the step size at a step.</summary>
    /// <param name="step">Number of the step, from 0.</param>
    /// <param name="steps">Steps in all.</param>
    internal double Factor(int step, int steps)
    {
        double done = (double)step / steps;
        return Schedule switch
        {
            StepSchedule.Linear => 1 - done,
            StepSchedule.Cosine => (1 + Math.Cos(Math.PI * done)) / 2,
            _ => 1,
        };
    }

    /// <summary>The settings with a step size: a typical change of one pixel by 0.016, or Adam's 0.05; of phases, 1 radian.</summary>
    /// <param name="valuesPerImage">Number of values of an image. Along an L2-normalized gradient, N values need a step √N times as
    /// long.</param>
    /// <param name="parameter">What the steps change.</param>
    /// <exception cref="CnnVizException">The raw gradient is to be used, without a step size of the user's own.</exception>
    internal UpdateSettings WithStepSize(long valuesPerImage, ImageParameter parameter) => this with
    {
        StepSize = StepSize ?? (Rule, GradientNormalization) switch
        {
            (UpdateRule.Adam or UpdateRule.NAdam, _) when parameter == ImageParameter.Phase => 1,
            (UpdateRule.Adam or UpdateRule.NAdam, _) => 0.05f,
            (_, GradientNormalization.L2) => 0.016f * MathF.Sqrt(valuesPerImage),
            (_, GradientNormalization.None) => throw new CnnVizException(
                "StepSizeNeeded",
                "Without gradient normalization there is no step size that suits every network.",
                "Give a StepSize as well."),
            _ => 0.016f,
        },
    };

    /// <summary>The settings with a share of the step size.</summary>
    internal UpdateSettings Scaled(float share) => share == 1 ? this : this with { StepSize = StepSize * share };

    /// <summary>A rule for so many variables.</summary>
    internal IUpdateRule Create(int variables) => Rule switch
    {
        UpdateRule.Adam => new AdamAscent(this, variables, nesterov: false),
        UpdateRule.NAdam => new AdamAscent(this, variables, nesterov: true),
        UpdateRule.Momentum => new PlainAscent(StepSize!.Value, Momentum, variables),
        _ => new PlainAscent(StepSize!.Value, 0, variables),
    };
}
