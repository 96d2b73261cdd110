namespace CnnViz.Plans;

/// <summary>A layer of a plan, and which of its filters are wanted.</summary>
public sealed record PlanLayer
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Numbers of the filters, in ascending order, each once.</summary>
    public required IReadOnlyList<int> Filters { get; init; }

    /// <summary>
    /// What a picture of one filter costs, estimated: thousands of millions of multiplications that the network takes forward, as often as it runs.
    /// Only its proportion to that of other layers counts.
    /// </summary>
    public required double Cost { get; init; }

    /// <summary>Name and number of filters, such as <c>conv1 (64)</c>.</summary>
    public override string ToString() => $"{Name} ({Filters.Count})";
}
