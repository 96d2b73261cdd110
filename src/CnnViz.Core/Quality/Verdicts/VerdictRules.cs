using System.Globalization;

namespace CnnViz.Quality;

/// <summary>
/// The verdict on a picture, from its figures. The thresholds were set on filters of the built-in model, of which it is known what they respond to
/// (docs/quality.md).
/// </summary>
internal static class VerdictRules
{
    /// <summary>The least clarity by which natural patches can speak for a picture, or against it.</summary>
    public const double LeastClarity = 0.8;

    /// <summary>Up to this agreement, what is like the picture does not fire the filter; 0.5 is chance.</summary>
    public const double MostContradicted = 0.65;

    /// <summary>From this agreement on, what is like the picture fires the filter.</summary>
    public const double LeastTrusted = 0.85;

    /// <summary>The least share of the activation that must remain after disturbances.</summary>
    public const double LeastRetention = 0.5;

    /// <summary>The least activation, relative to the highest of a natural image.</summary>
    public const double LeastRatio = 1;

    /// <summary>The largest distance of the spectrum; what is beyond is noise.</summary>
    public const double MostDistance = 0.7;

    /// <summary>The least agreement with the filter's pictures from other seeds, or by other recipes, where there are some.</summary>
    public const double LeastAgreement = 0.3;

    /// <summary>The last standardized rank that speaks for a picture: within this share of the layer, or the first.</summary>
    public const double StandardRankShare = 1.0 / 32;

    /// <summary>The last rank that speaks for a picture, also by a share of the layer. It is larger, as filters differ in scale.</summary>
    public const double RankShare = 1.0 / 8;

    /// <summary>Judges a picture that was compared with natural images.</summary>
    /// <param name="quality">Its figures.</param>
    /// <returns>The same with the verdict and its reasons.</returns>
    public static FilterImageQuality Judge(FilterImageQuality quality)
    {
        string[] contradictions = [.. Contradictions(quality)];
        if (contradictions.Length > 0)
        {
            return quality with { Verdict = PictureVerdict.Contradicted, Reasons = new ValueList<string>(contradictions) };
        }

        string[] doubts = [.. Doubts(quality)];
        return doubts.Length > 0
            ? quality with { Verdict = PictureVerdict.Doubtful, Reasons = new ValueList<string>(doubts) }
            : quality with { Verdict = PictureVerdict.Trusted, Reasons = new ValueList<string>(Support(quality)) };
    }

    private static IEnumerable<string> Contradictions(FilterImageQuality quality)
    {
        if (quality.NaturalAgreement <= MostContradicted && quality.NaturalClarity >= LeastClarity)
        {
            yield return Text(
                $"It shows something else than fires the filter: the natural patches most like it fire the filter more than {quality.NaturalAgreement:0.00} of all do; for those that fire it most, this is {quality.NaturalClarity:0.00}.");
        }

        if (quality.JudgeAgreement <= MostContradicted && quality.JudgeClarity >= LeastClarity)
        {
            yield return Text(
                $"To the second network, it shows something else than fires the filter: the natural patches most like it fire the filter more than {quality.JudgeAgreement:0.00} of all do; for those that fire it most, this is {quality.JudgeClarity:0.00}.");
        }
    }

    private static IEnumerable<string> Doubts(FilterImageQuality quality)
    {
        if (quality.HasSignal == false)
        {
            yield return "The ascent did not change the filter's activation as it should.";
        }

        if (quality.Retention is not { } retention)
        {
            yield return Text($"The picture does not fire the filter: its activation is {quality.Activation:0.0###}.");
        }
        else if (retention < LeastRetention)
        {
            yield return Text($"After small changes, {retention:0.00} of the activation remains.");
        }

        if (quality.StandardRank is not { } standardRank)
        {
            yield return "The filter has the same activation for every natural image.";
        }
        else if (standardRank > LastRank(quality, StandardRankShare))
        {
            yield return Text($"Compared with natural images, it raises {standardRank - 1} of the layer's {quality.Filters} filters more.");
        }
        else if (!(quality.Rank <= LastRank(quality, RankShare)))
        {
            yield return Text($"{quality.Rank - 1} of the layer's {quality.Filters} filters have a higher activation.");
        }

        if (quality.NaturalRatio < LeastRatio)
        {
            yield return Text($"A natural image fires the filter more: the ratio is {quality.NaturalRatio:0.00}.");
        }

        if (quality.SpectralDistance > MostDistance)
        {
            yield return Text($"It looks like noise: its spectrum is {quality.SpectralDistance:0.00} decades from natural images'.");
        }

        if (quality.NaturalAgreement is not { } agreement)
        {
            yield return "Natural images do not show what fires the filter.";
        }
        else if (!(quality.NaturalClarity >= LeastClarity))
        {
            yield return Text($"Natural patches that fire the filter have little in common: {quality.NaturalClarity:0.00}.");
        }
        else if (agreement < LeastTrusted)
        {
            yield return Text($"It is only a little like what fires the filter: the natural patches most like it fire the filter more than {agreement:0.00} of all do.");
        }

        if (quality.JudgeAgreement < LeastTrusted && quality.JudgeClarity >= LeastClarity)
        {
            yield return Text(
                $"To the second network, it is only a little like what fires the filter: {quality.JudgeAgreement:0.00}.");
        }

        if (quality.Agreement < LeastAgreement)
        {
            yield return Text($"The filter's pictures from other seeds show something else: agreement {quality.Agreement:0.00}.");
        }

        if (quality.RecipeAgreement < LeastAgreement)
        {
            yield return Text($"The filter's pictures by other recipes show something else: agreement {quality.RecipeAgreement:0.00}.");
        }
    }

    private static IEnumerable<string> Support(FilterImageQuality quality)
    {
        yield return Text($"The natural patches most like it fire the filter more than {quality.NaturalAgreement:0.00} of all do; for those that fire it most, this is {quality.NaturalClarity:0.00}.");
        if (quality.JudgeAgreement >= LeastTrusted && quality.JudgeClarity >= LeastClarity)
        {
            yield return Text($"The second network agrees: {quality.JudgeAgreement:0.00}.");
        }

        yield return Text($"The filter's rank is {quality.StandardRank} of {quality.Filters}, and {quality.Retention:0.00} of the activation remains after small changes.");
    }

    private static double LastRank(FilterImageQuality quality, double share) => Math.Max(1, share * quality.Filters);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
