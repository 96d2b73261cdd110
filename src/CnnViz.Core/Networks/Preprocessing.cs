using System.Globalization;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Networks;

/// <summary>The order of the colours in the network's input.</summary>
public enum ChannelOrder : long
{
    /// <summary>Red first.</summary>
    Rgb,

    /// <summary>Blue first, as Caffe's networks want it.</summary>
    Bgr,
}

/// <summary>Where the preprocessing of a model is known from.</summary>
public enum PreprocessingSource : long
{
    /// <summary>The user said so.</summary>
    Given,

    /// <summary>The model's file says so.</summary>
    Metadata,

    /// <summary>The model's publisher says so, by the catalogue of published models.</summary>
    Catalogue,

    /// <summary>It is what the published weights of the architecture were trained with.</summary>
    Convention,

    /// <summary>It is what models of this kind usually want; a wrong guess spoils every picture.</summary>
    Guessed,
}

/// <summary>
/// How a picture in 0…1, RGB, becomes the network's input: (picture · <see cref="Scale"/> − <see cref="Mean"/>) /
/// <see cref="Std"/>, channel by channel, in the network's <see cref="ChannelOrder"/>.
/// </summary>
public sealed record Preprocessing
{
    private static readonly IReadOnlyList<float> s_zero = [0f];
    private static readonly IReadOnlyList<float> s_one = [1f];

    /// <summary>Its name: <c>Caffe</c>, <c>ImageNet</c>, <c>Unit</c>, <c>Symmetric</c>, <c>None</c>, or <c>Custom</c>.</summary>
    public string Name { get; init; } = "Custom";

    /// <summary>What the picture's 0…1 is multiplied by first: 1, or 255.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>What is then subtracted: one value, or one a channel, in the network's channel order.</summary>
    public IReadOnlyList<float> Mean { get; init; } = s_zero;

    /// <summary>What it is then divided by: one value, or one a channel, in the network's channel order.</summary>
    public IReadOnlyList<float> Std { get; init; } = s_one;

    /// <summary>The order of the colours in the network's input.</summary>
    public ChannelOrder ChannelOrder { get; init; }

    /// <summary>Where it is known from.</summary>
    public PreprocessingSource Source { get; init; }

    /// <summary>BGR, 0…255, minus the mean colour (104, 117, 123): Caffe's model zoo.</summary>
    public static Preprocessing Caffe { get; } =
        new() { Name = "Caffe", Scale = 255, Mean = [104, 117, 123], ChannelOrder = ChannelOrder.Bgr };

    /// <summary>RGB, 0…1, minus (0.485, 0.456, 0.406), divided by (0.229, 0.224, 0.225): torchvision.</summary>
    public static Preprocessing ImageNet { get; } =
        new() { Name = "ImageNet", Mean = [0.485f, 0.456f, 0.406f], Std = [0.229f, 0.224f, 0.225f] };

    /// <summary>RGB, 0…1.</summary>
    public static Preprocessing Unit { get; } = new() { Name = "Unit" };

    /// <summary>RGB, −1…1: TensorFlow's Inception and MobileNet.</summary>
    public static Preprocessing Symmetric { get; } = new() { Name = "Symmetric", Mean = [0.5f], Std = [0.5f] };

    /// <summary>RGB, 0…255: pixel values as they stand in an image file.</summary>
    public static Preprocessing None { get; } = new() { Name = "None", Scale = 255 };

    /// <summary>The named ones.</summary>
    public static IReadOnlyList<Preprocessing> Named { get; } = [Caffe, ImageNet, Unit, Symmetric, None];

    /// <summary>The network's input for pictures.</summary>
    /// <param name="images">N×C×H×W, 0…1, RGB.</param>
    /// <returns>N×C×H×W in the network's range and channel order; belongs to the caller's dispose scope.</returns>
    internal torch.Tensor Apply(torch.Tensor images)
    {
        torch.Tensor ordered = ChannelOrder == ChannelOrder.Bgr && images.shape[1] == 3 ? images.flip(1) : images;
        int count = Math.Max(Mean.Count, Std.Count);
        IReadOnlyList<float> stds = Spread(Std, count);
        torch.Tensor gain = PerChannel(stds.Select(std => Scale / std), images.device);
        torch.Tensor offset = PerChannel(Spread(Mean, count).Zip(stds, (mean, std) => -mean / std), images.device);
        return (ordered * gain).Add(offset);
    }

    /// <summary>This, or <see cref="Unit"/> as a guess where it is for another number of channels.</summary>
    internal Preprocessing OrUnit(int channels) => new[] { Mean.Count, Std.Count }.All(count => count == 1 || count == channels)
        ? this
        : Unit with { Source = PreprocessingSource.Guessed };

    /// <summary>Checks that it fits a network's input.</summary>
    /// <exception cref="CnnVizException">A list has neither one value nor one a channel, or a number is zero or infinite that must not be.</exception>
    internal void ThrowIfNotFor(int channels)
    {
        foreach ((string list, IReadOnlyList<float> values) in new[] { ("Mean", Mean), ("Std", Std) })
        {
            if (values.Count != 1 && values.Count != channels)
            {
                throw new CnnVizException(
                    "PreprocessingMismatch",
                    $"The {Name} preprocessing has {values.Count} values in {list}, but the network's input has {channels} channel(s).",
                    $"Give one value, or {channels}; or choose another -Preprocessing.");
            }
        }

        if (Std.Contains(0) || Scale == 0 || !float.IsFinite(Scale) || !Mean.Concat(Std).All(float.IsFinite))
        {
            throw new CnnVizException(
                "PreprocessingMismatch",
                "A Std or Scale of zero, or a number that is not finite, would keep the picture from the network.",
                "Give finite values, and none of zero for Std and Scale.");
        }
    }

    /// <summary>Such as <c>Caffe (BGR, 0…255, minus 104, 117, 123)</c>.</summary>
    public override string ToString() => ToString(channels: 3);

    /// <summary>The same for images of a number of channels: only three have an order.</summary>
    /// <param name="channels">Channels of the image.</param>
    public string ToString(int channels)
    {
        string order = channels == 3 ? $"{ChannelOrder.ToString().ToUpperInvariant()}, " : string.Empty;
        string mean = Mean.All(value => value == 0) ? string.Empty : $", minus {Join(Mean)}";
        string std = Std.All(value => value == 1) ? string.Empty : $", divided by {Join(Std)}";
        return FormattableString.Invariant($"{Name} ({order}0…{Scale:0.####}{mean}{std})");
    }

    private static string Join(IEnumerable<float> values) =>
        string.Join(", ", values.Select(value => value.ToString("0.####", CultureInfo.InvariantCulture)));

    private static IReadOnlyList<float> Spread(IReadOnlyList<float> values, int count) =>
        values.Count == count ? values : [.. Enumerable.Repeat(values[0], count)];

    private static torch.Tensor PerChannel(IEnumerable<float> values, torch.Device device) =>
        torch.tensor(values.ToArray(), device: device).reshape(1, -1, 1, 1);
}
