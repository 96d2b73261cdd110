namespace CnnViz.Import.Networks;

/// <summary>The output of a node in a network that is being put together.</summary>
/// <param name="Node">The node's place in <see cref="NetworkBuilder"/>.</param>
/// <param name="Channels">Its channels, or null where they are not known.</param>
internal readonly record struct Value(int Node, long? Channels);
