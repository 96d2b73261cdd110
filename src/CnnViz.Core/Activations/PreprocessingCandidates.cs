using CnnViz.Networks;

namespace CnnViz.Activations;

/// <summary>The preprocessings that a network may have been trained with.</summary>
internal static class PreprocessingCandidates
{
    // The longest side of a small picture, such as those of CIFAR and MNIST.
    private const int SmallSide = 64;

    // Mean and standard deviation of the pictures of CIFAR-10 and of MNIST, as PyTorch's users subtract and divide by them.
    private static readonly Preprocessing[] s_small =
    [
        new() { Mean = [0.4914f, 0.4822f, 0.4465f], Std = [0.247f, 0.2435f, 0.2616f] },
        new() { Mean = [0.1307f], Std = [0.3081f] },
    ];

    /// <summary>The model's own, the named ones and, for small pictures, those of CIFAR-10 and MNIST, in both orders of the colours; each once.</summary>
    /// <param name="model">The model.</param>
    /// <returns>The model's own first. Lists of three values are only for networks of three channels.</returns>
    public static IReadOnlyList<Preprocessing> For(CnnModel model)
    {
        int channels = model.InputShape.Channels;
        bool isSmall = Math.Max(model.InputShape.Height, model.InputShape.Width) <= SmallSide;
        IEnumerable<Preprocessing> known = Preprocessing.Named.Where(candidate => candidate.Mean.Count == 1 || candidate.Mean.Count == channels)
            .Concat(s_small.Where(candidate => isSmall && candidate.Mean.Count == channels));
        IEnumerable<Preprocessing> all = known.Prepend(model.Preprocessing);
        return [.. (channels == 3 ? all.SelectMany(InBothOrders) : all).DistinctBy(Meaning)];
    }

    /// <summary>Whether two differ in the order of the colours and in nothing else.</summary>
    public static bool AreTwins(Preprocessing one, Preprocessing other) => Meaning(InBothOrders(one)[1]) == Meaning(other);

    // The mean colour goes with the order.
    private static Preprocessing[] InBothOrders(Preprocessing candidate) =>
    [
        candidate,
        candidate with
        {
            Name = "Custom",
            Mean = [.. candidate.Mean.Reverse()],
            Std = [.. candidate.Std.Reverse()],
            ChannelOrder = candidate.ChannelOrder == ChannelOrder.Rgb ? ChannelOrder.Bgr : ChannelOrder.Rgb,
            Source = PreprocessingSource.Given,
        },
    ];

    // All but the name and where it is known from.
    private static string Meaning(Preprocessing candidate) => candidate.ToString()[candidate.Name.Length..];
}
