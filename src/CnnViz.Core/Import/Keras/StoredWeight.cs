namespace CnnViz.Import.Keras;

/// <summary>A weight of a file without a network.</summary>
/// <param name="Group">The group of the file that it is in.</param>
/// <param name="Layer">The layer that it belongs to.</param>
/// <param name="Part">What Keras calls it: <c>kernel</c>, <c>gamma</c>.</param>
/// <param name="Data">Its values.</param>
internal sealed record StoredWeight(string Group, string Layer, string Part, Hdf5Dataset Data);
