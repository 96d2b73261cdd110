namespace CnnViz.Catalogue;

/// <summary>How far a download is.</summary>
/// <param name="Received">Bytes that are there, from earlier runs too.</param>
/// <param name="Total">Bytes of the whole file; null if that is not known.</param>
/// <param name="BytesPerSecond">Mean rate of this run.</param>
/// <param name="IsChecking">Whether everything is there and is being checked.</param>
public readonly record struct DownloadProgress(long Received, long? Total, double BytesPerSecond, bool IsChecking)
{
    /// <summary>What is there of the whole, from 0 to 1; 0 if the whole is not known.</summary>
    public double Fraction => Total > 0 ? Math.Min(1, (double)Received / Total.Value) : 0;

    /// <summary>Estimated time that is left, or null.</summary>
    public TimeSpan? Remaining => Total is { } total && BytesPerSecond > 0
        ? TimeSpan.FromSeconds(Math.Max(0, total - Received) / BytesPerSecond)
        : null;
}
