namespace CnnViz.Kernels;

/// <content>The operations that there are kernels for.</content>
public abstract partial class Kernel
{
    // Places of a window that a pixel's thread has room for.
    private const int MostPlaces = 256;

    /// <summary>Cross-correlation with weights, and a bias.</summary>
    /// <param name="weights">The weights; several kernels, for maps of several sizes, may have the same.</param>
    /// <param name="window">Windows of the weights' height and width.</param>
    /// <param name="input">The input's size.</param>
    /// <exception cref="ArgumentException">The three do not fit together, or a number is out of range.</exception>
    public static Kernel Convolution(ConvolutionWeights weights, MapWindow window, MapShape input)
    {
        window.Check(input);
        if (input.Channels != weights.Inputs * weights.Groups || (window.Rows.Kernel, window.Columns.Kernel) != (weights.Height, weights.Width)
            || window.Rows.Overhang != 0 || window.Columns.Overhang != 0)
        {
            throw new ArgumentException($"Weights of {weights} do not fit windows of {window} on a map of {input}.");
        }

        if (DepthwiseKernel.Fits(weights))
        {
            return new DepthwiseKernel(weights, window, input);
        }

        ConvolutionWeights merged = weights.Merged;
        return WinogradKernel.Fits(merged, window) ? new WinogradKernel(merged, window, input) : new ConvolutionKernel(merged, window, input);
    }

    /// <summary>The largest value of each window; padding never wins, and of equal values the first does.</summary>
    /// <param name="window">The windows.</param>
    /// <param name="input">The input's size.</param>
    /// <returns>Null where there is none: for windows of more than 256 places.</returns>
    /// <exception cref="ArgumentException">The map has no room for a window, or a number is out of range.</exception>
    public static Kernel? MaxPool(MapWindow window, MapShape input)
    {
        window.Check(input);
        return window.Places > MostPlaces ? null : new MaxPoolKernel(window, input);
    }

    /// <summary>The mean of each window.</summary>
    /// <param name="window">The windows.</param>
    /// <param name="countPadding">Whether padding counts as values of zero; else the mean is that of the inputs alone.</param>
    /// <param name="input">The input's size.</param>
    /// <returns>Null where there is none: for windows of more than 256 places, and with dilation.</returns>
    /// <exception cref="ArgumentException">The map has no room for a window, or a number is out of range.</exception>
    public static Kernel? AvgPool(MapWindow window, bool countPadding, MapShape input)
    {
        window.Check(input);
        return window.Places > MostPlaces || window.Rows.Dilation > 1 || window.Columns.Dilation > 1
            ? null
            : new AvgPoolKernel(window, countPadding, input);
    }

    /// <summary>Local response normalization across neighbouring channels: x / (k + α/n · Σ x²)^β (Krizhevsky et al. 2012).</summary>
    /// <param name="size">n, the channels that are summed over: ⌊(n − 1) ÷ 2⌋ before, the channel itself, and ⌊n ÷ 2⌋ behind.</param>
    /// <param name="alpha">α.</param>
    /// <param name="beta">β.</param>
    /// <param name="k">k.</param>
    /// <param name="input">The input's size.</param>
    /// <returns>Null where there is none: for a β that is not ¾, which everybody takes.</returns>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public static Kernel? LocalResponseNorm(int size, double alpha, double beta, double k, MapShape input)
    {
        input.Check();
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return beta == LocalResponseNormKernel.Beta && size <= MostPlaces ? new LocalResponseNormKernel(size, alpha, k, input) : null;
    }

    /// <summary>A factor and a summand for each channel.</summary>
    /// <param name="gain">C factors.</param>
    /// <param name="offset">C summands.</param>
    /// <param name="input">The input's size.</param>
    /// <exception cref="ArgumentException">They are not as many as the channels.</exception>
    public static Kernel ChannelAffine(float[] gain, float[] offset, MapShape input)
    {
        input.Check();
        return gain.Length == input.Channels && offset.Length == input.Channels
            ? new ChannelAffineKernel(gain, offset, input)
            : throw new ArgumentException($"{gain.Length} factors and {offset.Length} summands are not one for each of {input.Channels} channels.");
    }

    /// <summary>A function of each value.</summary>
    /// <param name="function">The function.</param>
    /// <param name="input">The input's size.</param>
    /// <exception cref="ArgumentException">There is no map of that size.</exception>
    public static Kernel Function(ScalarFunction function, MapShape input)
    {
        input.Check();
        return function.On(input);
    }

    /// <summary>x, or x times the slope of its channel where x is below zero.</summary>
    /// <param name="slopes">C slopes.</param>
    /// <param name="input">The input's size.</param>
    /// <exception cref="ArgumentException">They are not as many as the channels.</exception>
    public static Kernel ChannelRectifier(float[] slopes, MapShape input)
    {
        input.Check();
        return slopes.Length == input.Channels
            ? new ChannelRectifierKernel(slopes, input)
            : throw new ArgumentException($"{slopes.Length} slopes are not one for each of {input.Channels} channels.");
    }

    /// <summary>The sum of one or more maps of one size.</summary>
    /// <param name="input">The size of each.</param>
    /// <exception cref="ArgumentException">There is no map of that size.</exception>
    public static Kernel Sum(MapShape input)
    {
        input.Check();
        return new SumKernel(input);
    }
}
