using System.Globalization;
using CnnViz.Networks;

namespace CnnViz.Activations;

/// <summary>How well a preprocessing suits a network, by what it answers to photos.</summary>
public sealed class PreprocessingScore
{
    /// <summary>
    /// A difference of two scores that settles which is right, in nats. With 20 photos of other things than a network was trained on, a wrong
    /// order of colours has been ahead by 0.22.
    /// </summary>
    public const double ClearMargin = 0.3;

    internal PreprocessingScore(CnnModel model, Preprocessing preprocessing, NormalizationStatistics normalizations, AnswerStatistics answers, int photos)
    {
        Model = model.Name;
        Preprocessing = preprocessing;
        IsInUse = ReferenceEquals(preprocessing, model.Preprocessing);
        Photos = photos;
        NormalizationMismatch = normalizations.Mismatch;
        MutualInformation = answers.Count > 0 ? answers.MutualInformation : null;
        NamedPhotos = answers.Known;
        LogLikelihood = answers.Known > 0 ? answers.LogLikelihood : null;
        Accuracy = answers.Known > 0 ? answers.Accuracy : null;
        double? told = 2 * NamedPhotos >= photos ? LogLikelihood : NormalizationMismatch is null ? MutualInformation : null;
        double score = (told ?? 0) - Math.Log(NormalizationMismatch ?? 1);
        Score = double.IsFinite(score) ? score : double.NegativeInfinity;
    }

    /// <summary>Name of the model.</summary>
    public string Model { get; }

    /// <summary>The preprocessing.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Whether the model was imported with it.</summary>
    public bool IsInUse { get; }

    /// <summary>Its place, from 1, the best.</summary>
    public int Rank { get; internal set; }

    /// <summary>
    /// The larger the better, in nats; to be compared with the others of the same model and photos only. Minus the logarithm of
    /// <see cref="NormalizationMismatch"/>, where the network has batch normalizations; plus <see cref="LogLikelihood"/>, where the classes of half of the photos are known;
    /// <see cref="MutualInformation"/>, where there is neither. Minus infinity where an answer is not a number.
    /// </summary>
    public double Score { get; }

    /// <summary>How far the inputs of batch normalizations are from what they were in training, from 0; null without any.</summary>
    public double? NormalizationMismatch { get; }

    /// <summary>What an answer tells about the photo: large where answers are decided, and differ; null without classes.</summary>
    public double? MutualInformation { get; }

    /// <summary>The mean logarithm of the right class's probability; null where no class is known.</summary>
    public double? LogLikelihood { get; }

    /// <summary>The part of the photos of known classes that are recognized, 0…1; null where no class is known.</summary>
    public double? Accuracy { get; }

    /// <summary>How many photos were measured.</summary>
    public int Photos { get; }

    /// <summary>How many of them are called after their class.</summary>
    public int NamedPhotos { get; }

    /// <summary>
    /// What the photos say of the order of the colours, in this range: <c>RGB</c>, <c>BGR</c>, or <c>not decided</c>, where the scores of both
    /// differ by less than <see cref="ClearMargin"/>; null for networks that have not three channels.
    /// </summary>
    public string? ChannelOrder => OtherOrder is not { } other ? null
        : Score - other.Score >= ClearMargin ? NameOf(Preprocessing.ChannelOrder)
        : other.Score - Score >= ClearMargin ? NameOf(other.Preprocessing.ChannelOrder)
        : "not decided";

    /// <summary>The same preprocessing with the other order of the colours.</summary>
    internal PreprocessingScore? OtherOrder { get; set; }

    /// <summary>The parameters of Import-CnnModel that choose it, such as <c>-Preprocessing Caffe</c>.</summary>
    public string ImportParameters => Preprocessing.Named.Any(named => named.Name == Preprocessing.Name)
        ? $"-Preprocessing {Preprocessing.Name}"
        : string.Join(' ', Numbers());

    /// <summary>Such as <c>1. Caffe (BGR, 0…255, minus 104, 117, 123): 2.903</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rank}. {Preprocessing}: {Score:0.###}");

    private static string NameOf(Networks.ChannelOrder order) => order.ToString().ToUpperInvariant();

    private IEnumerable<string> Numbers()
    {
        yield return $"-Scale {Preprocessing.Scale.ToString(CultureInfo.InvariantCulture)}";
        if (Preprocessing.Mean.Any(mean => mean != 0))
        {
            yield return $"-Mean {Join(Preprocessing.Mean)}";
        }

        if (Preprocessing.Std.Any(std => std != 1))
        {
            yield return $"-Std {Join(Preprocessing.Std)}";
        }

        if (Preprocessing.ChannelOrder == Networks.ChannelOrder.Bgr)
        {
            yield return "-ChannelOrder Bgr";
        }
    }

    private static string Join(IEnumerable<float> values) =>
        string.Join(", ", values.Select(value => value.ToString(CultureInfo.InvariantCulture)));
}
