namespace CnnViz.Kernels;

/// <summary>
/// The gradient of a convolution's inputs, pixel by pixel. Pixels whose places leave the same rest when they are divided by the stride are
/// reached by the same places of the window: one product for each such phase.
/// </summary>
internal sealed unsafe class PhaseGradient(ConvolutionWeights weights, MapWindow window, MapShape input, MapShape output)
    : InputGradient(weights, window, input, output, isWide: false)
{
    // Found at the first run: maps lie in the same way at every one.
    private Phase[]? _phases;

    private IEnumerable<(int Row, int Column)> Places =>
        from row in Enumerable.Range(0, Math.Min(Window.Rows.Stride, Input.Height))
        from column in Enumerable.Range(0, Math.Min(Window.Columns.Stride, Input.Width))
        select (row, column);

    public override void Prepare()
    {
        foreach ((int row, int column) in Places)
        {
            Pack(row, column);
        }
    }

    public override void Run(MapView gradient, MapView result, GradientWrite write, Share share) =>
        Run(gradient, result, null, null, write, share);

    /// <summary>As the other, as an operation of its own.</summary>
    /// <param name="gradient">The result's gradient.</param>
    /// <param name="result">Gets the inputs'.</param>
    /// <param name="bias">What is added, one value for each input's channel, in whole vectors; null for nothing.</param>
    /// <param name="range">What sums are cut off to; null for nothing.</param>
    /// <param name="write">How it is written.</param>
    /// <param name="share">The part that is to be computed.</param>
    public void Run(MapView gradient, MapView result, float* bias, ValueRange? range, GradientWrite write, Share share)
    {
        (int down, int across) = (Window.Rows.Stride, Window.Columns.Stride);
        foreach (Phase phase in _phases ??= [.. Phases(gradient)])
        {
            (int width, int pixels) = (phase.Width, phase.Width * phase.Height);
            phase.Product.Run(
                gradient.Images * pixels,
                gradient.Images,
                share,
                number => gradient.At(number / pixels, number % pixels / width, number % width),
                number => result.At(
                    number / pixels, number % pixels / width * down + phase.Row, number % width * across + phase.Column),
                bias,
                range,
                write);
        }
    }

    private IEnumerable<Phase> Phases(MapView gradient) =>
        from place in Places
        select new Phase(
            new GatherProduct(Pack(place.Row, place.Column), Taps(gradient, Rows.TapsOf(place.Row), Columns.TapsOf(place.Column))),
            place.Row,
            place.Column,
            (Input.Height - place.Row + Window.Rows.Stride - 1) / Window.Rows.Stride,
            (Input.Width - place.Column + Window.Columns.Stride - 1) / Window.Columns.Stride);

    private PackedWeights Pack(int row, int column) =>
        Weights.Pack($"back {row} {column} {Window.Rows.Before} {Window.Columns.Before}", weights =>
        {
            int[] places =
            [
                .. Rows.TapsOf(row).SelectMany(down => Columns.TapsOf(column).Select(across =>
                    Rows.KernelPlace(row, down)!.Value * Weights.Width + Columns.KernelPlace(column, across)!.Value)),
            ];
            return new PackedWeights(
                places.Length,
                Weights.GroupOutputs,
                Weights.Inputs,
                (output, input, taps) =>
                {
                    (int group, int lane) = Math.DivRem(input, Weights.Inputs);
                    Choose(weights.Of(group * Weights.GroupOutputs + output, lane), places, taps);
                },
                Weights.Groups);
        });

    private static void Choose(ReadOnlySpan<float> weights, int[] places, Span<float> taps)
    {
        for (int tap = 0; tap < taps.Length; tap++)
        {
            taps[tap] = weights[places[tap]];
        }
    }

    // A product for some of the input's pixels.
    private sealed record Phase(GatherProduct Product, int Row, int Column, int Height, int Width);
}
