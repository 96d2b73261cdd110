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

    /// <summary>A dense layer of all values of a map.</summary>
    /// <param name="weights">O×C×H×W, in one group.</param>
    /// <param name="input">C×H×W.</param>
    /// <exception cref="ArgumentException">They do not fit together.</exception>
    public static Kernel Dense(ConvolutionWeights weights, MapShape input)
    {
        input.Check();
        return weights.Groups == 1 && new MapShape(weights.Inputs, weights.Height, weights.Width) == input
            ? new DenseKernel(weights, input)
            : throw new ArgumentException($"Weights of {weights} are not for all values of a map of {input}.");
    }

    /// <summary>A transposed convolution: the gradient of a convolution's inputs as an operation of its own.</summary>
    /// <param name="weights">The convolution's weights, from the result's channels to the input's, without a bias.</param>
    /// <param name="bias">One value for each of the result's channels; null for none.</param>
    /// <param name="window">The convolution's window, on the result.</param>
    /// <param name="input">The input's size.</param>
    /// <param name="output">The result's size.</param>
    /// <exception cref="ArgumentException">These do not fit together, or a number is out of range.</exception>
    public static Kernel TransposedConvolution(ConvolutionWeights weights, float[]? bias, MapWindow window, MapShape input, MapShape output)
    {
        input.Check();
        window.Check(output);
        int channels = weights.Inputs * weights.Groups;
        if (output.Channels != channels || window.Slide(output, weights.Outputs) != input || (bias?.Length ?? channels) != channels
            || (window.Rows.Kernel, window.Columns.Kernel) != (weights.Height, weights.Width))
        {
            throw new ArgumentException($"Weights of {weights} do not fit windows of {window} on a map of {output} that lead to {input}.");
        }

        return new TransposedKernel(weights.Merged, ConvolutionWeights.Extend(bias, channels), window, input, output);
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

    /// <summary>The product of two maps, or of a map with one value for each of its channels.</summary>
    /// <param name="input">The size of the first.</param>
    /// <param name="isGate">Whether the second is C×1×1; else it is of the first's size.</param>
    /// <exception cref="ArgumentException">There is no map of that size.</exception>
    public static Kernel Product(MapShape input, bool isGate = false)
    {
        input.Check();
        return new ProductKernel(input, isGate);
    }

    /// <summary>Weighted sums along rows and columns: enlarging, cutting, padding, taking means.</summary>
    /// <param name="rows">Of the input's rows.</param>
    /// <param name="columns">Of the input's columns.</param>
    /// <param name="input">The input's size.</param>
    /// <exception cref="ArgumentException">They are for another size.</exception>
    public static Kernel Resample(AxisWeights rows, AxisWeights columns, MapShape input)
    {
        input.Check();
        return (rows.Inputs, columns.Inputs) == (input.Height, input.Width)
            ? new ResampleKernel(rows, columns, input)
            : throw new ArgumentException($"Weights for {rows.Inputs}×{columns.Inputs} pixels are not for a map of {input}.");
    }

    /// <summary>Layer normalization over the channels of each pixel: (x − μ) / √(σ² + ε) · w + b.</summary>
    /// <param name="weight">w, C values.</param>
    /// <param name="bias">b, C values.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="input">The input's size.</param>
    /// <exception cref="ArgumentException">They are not as many as the channels.</exception>
    public static Kernel ChannelNorm(float[] weight, float[] bias, double epsilon, MapShape input)
    {
        input.Check();
        return weight.Length == input.Channels && bias.Length == input.Channels
            ? new ChannelNormKernel(weight, bias, epsilon, input)
            : throw new ArgumentException($"{weight.Length} weights and {bias.Length} biases are not one for each of {input.Channels} channels.");
    }

    /// <summary>Normalization of groups of channels over all pixels of an image: (x − μ) / √(σ² + ε) · w + b.</summary>
    /// <param name="weight">w, C values.</param>
    /// <param name="bias">b, C values.</param>
    /// <param name="groups">Number of groups, which divides the channels; as many as channels for instance normalization.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="input">The input's size.</param>
    /// <exception cref="ArgumentException">They do not fit the channels.</exception>
    public static Kernel GroupNorm(float[] weight, float[] bias, int groups, double epsilon, MapShape input)
    {
        input.Check();
        return weight.Length == input.Channels && bias.Length == input.Channels && groups > 0 && input.Channels % groups == 0
            ? new GroupNormKernel(weight, bias, groups, epsilon, input)
            : throw new ArgumentException(
                $"{weight.Length} weights and {bias.Length} biases in {groups} groups do not fit {input.Channels} channels.");
    }

    /// <summary>Softmax over the channels of each pixel, or its logarithm.</summary>
    /// <param name="input">The input's size.</param>
    /// <param name="isLogarithm">Whether the logarithm is wanted.</param>
    /// <exception cref="ArgumentException">There is no map of that size.</exception>
    public static Kernel Softmax(MapShape input, bool isLogarithm = false)
    {
        input.Check();
        return new SoftmaxKernel(isLogarithm, input);
    }

    /// <summary>Channels in another order.</summary>
    /// <param name="sources">For each channel of the result that of the input; −1 for zeros.</param>
    /// <param name="input">The input's size.</param>
    /// <exception cref="ArgumentException">There is no such channel, or none is wanted.</exception>
    public static Kernel ChannelGather(int[] sources, MapShape input)
    {
        input.Check();
        return sources.Length > 0 && sources.All(source => source >= -1 && source < input.Channels)
            ? new ChannelGatherKernel(sources, input)
            : throw new ArgumentException($"These are not channels of a map of {input}.");
    }

    /// <summary>Channels of a pixel as pixels of a block: C·b²×H×W becomes C×H·b×W·b.</summary>
    /// <param name="block">b.</param>
    /// <param name="isChannelFirst">Whether the b² channels of one channel of the result lie side by side (PyTorch, and CRD in ONNX); else those
    /// of one pixel of a block do (DCR).</param>
    /// <param name="input">The input's size.</param>
    /// <exception cref="ArgumentException">Channels do not fill blocks.</exception>
    public static Kernel PixelShuffle(int block, bool isChannelFirst, MapShape input)
    {
        input.Check();
        return block > 0 && input.Channels % (block * block) == 0
            ? new PixelShuffleKernel(
                block,
                BlockChannels(block, input.Channels, isChannelFirst),
                isBack: false,
                input,
                new MapShape(input.Channels / (block * block), input.Height * block, input.Width * block))
            : throw new ArgumentException($"A map of {input} has no channels for blocks of {block}×{block}.");
    }

    /// <summary>The way back: C×H×W becomes C·b²×H/b×W/b. Parameters as of <see cref="PixelShuffle"/>.</summary>
    /// <exception cref="ArgumentException">Pixels do not fill blocks.</exception>
    public static Kernel PixelUnshuffle(int block, bool isChannelFirst, MapShape input)
    {
        input.Check();
        return block > 0 && input.Height % block == 0 && input.Width % block == 0
            ? new PixelShuffleKernel(
                block,
                BlockChannels(block, input.Channels * block * block, isChannelFirst),
                isBack: true,
                input,
                new MapShape(input.Channels * block * block, input.Height / block, input.Width / block))
            : throw new ArgumentException($"A map of {input} is not made of blocks of {block}×{block}.");
    }

    private static int[] BlockChannels(int block, int channels, bool isChannelFirst)
    {
        int places = block * block;
        int own = channels / places;
        return [.. Enumerable.Range(0, channels).Select(i => isChannelFirst ? i % own * places + i / own : i)];
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
