namespace CnnViz.Kernels;

/// <summary>Takes operations in the order in which they are to run, and makes a plan of them.</summary>
public sealed class KernelPlanBuilder
{
    private readonly List<PlanStep> _steps = [];
    private bool _isBuilt;

    /// <param name="image">The size of the image.</param>
    /// <exception cref="ArgumentException">There is no image of that size.</exception>
    public KernelPlanBuilder(MapShape image)
    {
        image.Check();
        Image = new MapValue(this, image);
    }

    /// <summary>What is given to the plan.</summary>
    public MapValue Image { get; }

    /// <summary>Adds a kernel.</summary>
    /// <param name="kernel">A kernel that is in no plan yet.</param>
    /// <param name="inputs">What it takes: one value; for a product two, for a sum one or more.</param>
    /// <returns>What it makes.</returns>
    /// <exception cref="ArgumentException">It does not take these values.</exception>
    /// <exception cref="InvalidOperationException">The kernel is in a plan already.</exception>
    public MapValue Add(Kernel kernel, params MapValue[] inputs)
    {
        Check(inputs);
        if (!kernel.Takes([.. inputs.Select(input => input.Shape)]))
        {
            throw new ArgumentException($"A kernel of {kernel.Input} does not take {Sizes(inputs)}.", nameof(inputs));
        }

        kernel.Take();
        return Add(kernel.Output, output => new KernelStep(kernel, inputs, output));
    }

    /// <summary>Puts the channels of values side by side, in their order. It costs nothing where the values are made for it.</summary>
    /// <param name="parts">Values of one height and width.</param>
    /// <returns>All channels.</returns>
    /// <exception cref="ArgumentException">Their heights or widths are not the same.</exception>
    public MapValue Join(params MapValue[] parts)
    {
        Check(parts);
        MapShape first = parts[0].Shape;
        if (parts.Any(part => (part.Shape.Height, part.Shape.Width) != (first.Height, first.Width)))
        {
            throw new ArgumentException($"{Sizes(parts)} are not of one height and width.", nameof(parts));
        }

        return Add(first with { Channels = parts.Sum(part => part.Shape.Channels) }, output => new JoinStep(parts, output));
    }

    /// <summary>Some channels of a value, where they lie.</summary>
    /// <param name="value">The value.</param>
    /// <param name="first">The first of the channels.</param>
    /// <param name="count">How many they are.</param>
    /// <exception cref="ArgumentOutOfRangeException">It has no such channels.</exception>
    public MapValue Take(MapValue value, int first, int count)
    {
        Check([value]);
        if (first < 0 || count < 1 || first > value.Shape.Channels - count)
        {
            throw new ArgumentOutOfRangeException(nameof(first), $"{value.Shape} has no {count} channels from {first} on.");
        }

        return Add(value.Shape with { Channels = count }, output => new TakeStep(value, first, output));
    }

    /// <summary>
    /// Cuts values off; gradients of values that were cut off are zero. The kernel that makes them does it, where nothing else needs them as they
    /// were.
    /// </summary>
    /// <param name="value">The values.</param>
    /// <param name="range">What they are cut off to.</param>
    /// <returns>The values cut off.</returns>
    public MapValue Clamp(MapValue value, ValueRange range)
    {
        Check([value]);
        return Add(value.Shape, output => new ClampStep(value, range, output));
    }

    /// <summary>Puts everything in its place; nothing can be added any more.</summary>
    /// <param name="outputs">The values that are wanted, one or more.</param>
    /// <exception cref="ArgumentException">They are not this plan's.</exception>
    /// <exception cref="PlatformNotSupportedException">This processor lacks the instructions: see <see cref="KernelPlan.IsSupported"/>.</exception>
    public KernelPlan Build(params MapValue[] outputs)
    {
        Check(outputs);
        if (!KernelPlan.IsSupported)
        {
            throw new PlatformNotSupportedException("Kernels need AVX-512, or AVX2 with fused multiplication and addition.");
        }

        _isBuilt = true;
        return new PlanLayout(Image, _steps, outputs).ToPlan();
    }

    private MapValue Add(MapShape shape, Func<MapValue, PlanStep> toStep)
    {
        shape.Check();
        var output = new MapValue(this, shape);
        _steps.Add(toStep(output));
        return output;
    }

    private void Check(MapValue[] values)
    {
        if (_isBuilt)
        {
            throw new InvalidOperationException("The plan has been built.");
        }

        if (values.Length == 0 || values.Any(value => value.Owner != this))
        {
            throw new ArgumentException("These are no values of this plan.", nameof(values));
        }
    }

    private static string Sizes(MapValue[] values) => string.Join(", ", values.Select(value => value.Shape));
}
