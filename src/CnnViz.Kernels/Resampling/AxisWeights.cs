namespace CnnViz.Kernels;

/// <summary>
/// How the outputs along one axis are weighted sums of inputs: enlarging, cutting, padding, and taking means are such sums along both axes.
/// </summary>
public sealed class AxisWeights
{
    private readonly (int Place, float Weight)[][] _outputs;
    private readonly (int Place, float Weight)[][] _inputs;

    /// <param name="inputs">Number of inputs.</param>
    /// <param name="outputs">For each output the inputs that it is made of, and what each counts; none for zero.</param>
    /// <exception cref="ArgumentException">There are no outputs, or there is no such input.</exception>
    public AxisWeights(int inputs, IReadOnlyList<(int Input, float Weight)[]> outputs)
    {
        if (inputs < 1 || outputs.Count == 0 || outputs.Any(output => output.Any(tap => tap.Input < 0 || tap.Input >= inputs)))
        {
            throw new ArgumentException($"{outputs.Count} outputs cannot be made of {inputs} inputs in this way.");
        }

        _outputs = [.. outputs];
        var all = new List<(int, float)>[inputs];
        for (int input = 0; input < inputs; input++)
        {
            all[input] = [];
        }

        for (int output = 0; output < outputs.Count; output++)
        {
            foreach ((int input, float weight) in outputs[output])
            {
                all[input].Add((output, weight));
            }
        }

        _inputs = [.. all.Select(list => list.ToArray())];
    }

    /// <summary>Number of inputs.</summary>
    public int Inputs => _inputs.Length;

    /// <summary>Number of outputs.</summary>
    public int Outputs => _outputs.Length;

    /// <summary>Each output is one input, or zero.</summary>
    /// <param name="inputs">Number of inputs.</param>
    /// <param name="places">For each output the input; −1 for none.</param>
    public static AxisWeights Pick(int inputs, IEnumerable<int> places) =>
        new(inputs, [.. places.Select(place => place < 0 ? Array.Empty<(int, float)>() : [(place, 1f)])]);

    /// <summary>Each output is the mean of the inputs from ⌊i · n / m⌋ to ⌈(i + 1) · n / m⌉ − 1.</summary>
    /// <param name="inputs">n.</param>
    /// <param name="outputs">m.</param>
    public static AxisWeights Mean(int inputs, int outputs) => new(inputs, [.. Enumerable.Range(0, outputs).Select(output =>
    {
        int first = (int)((long)output * inputs / outputs);
        int last = (int)(((long)(output + 1) * inputs + outputs - 1) / outputs);
        return Enumerable.Range(first, last - first).Select(input => (input, 1f / (last - first))).ToArray();
    })]);

    /// <summary>The inputs that an output is made of, and what each counts.</summary>
    public IReadOnlyList<(int Input, float Weight)> this[int output] => _outputs[output];

    /// <summary>What an output is made of.</summary>
    internal ReadOnlySpan<(int Place, float Weight)> OfOutput(int output) => _outputs[output];

    /// <summary>What is made of an input.</summary>
    internal ReadOnlySpan<(int Place, float Weight)> OfInput(int input) => _inputs[input];
}
