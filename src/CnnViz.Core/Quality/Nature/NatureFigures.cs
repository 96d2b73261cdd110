namespace CnnViz.Quality;

/// <summary>How a picture of a filter compares with natural pictures. A figure is null where natural pictures do not tell.</summary>
/// <param name="Agreement">The share of natural patches that fire the filter less than those do that are most like the picture.</param>
/// <param name="Clarity">The same for the natural patches that fire the filter most, instead of the picture.</param>
/// <param name="JudgeAgreement">The agreement by a second network's features.</param>
/// <param name="JudgeClarity">The clarity by a second network's features.</param>
internal sealed record NatureFigures(double? Agreement, double? Clarity, double? JudgeAgreement, double? JudgeClarity)
{
    /// <summary>Of a picture that is compared with nothing.</summary>
    public static NatureFigures None { get; } = new(null, null, null, null);
}
