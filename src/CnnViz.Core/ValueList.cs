using System.Collections.ObjectModel;
using System.Globalization;

namespace CnnViz;

/// <summary>A list that does not change, and whose text is its values, as Export-Csv writes them: <c>0.12; 0.5; 1.7</c>.</summary>
/// <typeparam name="T">Type of the values.</typeparam>
/// <param name="values">The values.</param>
public sealed class ValueList<T>(IEnumerable<T> values) : ReadOnlyCollection<T>([.. values])
{
    /// <summary>The values, each followed by a semicolon and a space, but for the last.</summary>
    public override string ToString() => string.Join("; ", this.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)));
}
