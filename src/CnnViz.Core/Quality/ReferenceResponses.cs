namespace CnnViz.Quality;

/// <summary>
/// What the filters of a layer answer to pictures that were not made for any of them. Filters differ in scale and offset, so that only
/// against this can one be compared with another.
/// </summary>
internal sealed class ReferenceResponses
{
    private readonly double[] _sum;
    private readonly double[] _squares;
    private readonly (float Activation, string? Path)[] _highest;
    private readonly (float Activation, string? Path)[] _lowest;
    private readonly List<(string Path, float[] Means)> _pictures = [];
    private long _positions;

    public ReferenceResponses(int filters)
    {
        _sum = new double[filters];
        _squares = new double[filters];
        _highest = [.. Enumerable.Repeat((float.NegativeInfinity, (string?)null), filters)];
        _lowest = [.. Enumerable.Repeat((float.PositiveInfinity, (string?)null), filters)];
    }

    /// <summary>Number of pictures.</summary>
    public int Count { get; private set; }

    /// <summary>Takes a picture's response in.</summary>
    public void Add(FilterResponse response, string? path)
    {
        Count++;
        _positions += response.Positions;
        if (path is not null)
        {
            _pictures.Add((path, response.Means));
        }

        for (int filter = 0; filter < _sum.Length; filter++)
        {
            float mean = response.Means[filter];
            _sum[filter] += (double)mean * response.Positions;
            _squares[filter] += (double)response.Squares[filter] * response.Positions;
            _highest[filter] = mean > _highest[filter].Activation ? (mean, path) : _highest[filter];
            _lowest[filter] = mean < _lowest[filter].Activation ? (mean, path) : _lowest[filter];
        }
    }

    /// <summary>The picture that a filter answers most to, by the mean of its map; or least.</summary>
    public (float Activation, string? Path) Best(int filter, bool least) => least ? _lowest[filter] : _highest[filter];

    /// <summary>The paths of the pictures, by the means of a filter's map: the highest first, or the lowest.</summary>
    public IEnumerable<string> Ordered(int filter, bool least) =>
        _pictures.OrderBy(picture => picture.Means[filter] * (least ? 1 : -1)).Select(picture => picture.Path);

    /// <summary>
    /// Activations less the filter's mean over all positions of all pictures, in units of its standard deviation over them.
    /// </summary>
    /// <param name="means">One activation a filter.</param>
    /// <returns>One value a filter; not a number for a filter that always answers the same.</returns>
    public double[] Standardize(float[] means) => [.. means.Select((mean, filter) =>
    {
        double average = _sum[filter] / _positions;
        double variance = _squares[filter] / _positions - average * average;

        // Below this it is what single precision leaves of nothing.
        return variance > 1e-10 * average * average && variance > 1e-30 ? (mean - average) / Math.Sqrt(variance) : double.NaN;
    })];
}
