using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CnnViz.Ascent;

/// <summary>Paths of picture files, in order; equal to another list of the same paths. JSON has an array of them, or a single one.</summary>
/// <param name="paths">The paths.</param>
[JsonConverter(typeof(Converter))]
public sealed class PictureList(IEnumerable<string> paths) : IReadOnlyList<string>, IEquatable<PictureList>
{
    private const int NamesTold = 3;

    private readonly string[] _paths = [.. paths];

    /// <inheritdoc />
    public int Count => _paths.Length;

    /// <inheritdoc />
    public string this[int index] => _paths[index];

    /// <inheritdoc />
    public bool Equals(PictureList? other) => other is not null && _paths.SequenceEqual(other._paths, StringComparer.Ordinal);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as PictureList);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        Array.ForEach(_paths, path => hash.Add(path, StringComparer.Ordinal));
        return hash.ToHashCode();
    }

    /// <inheritdoc />
    public IEnumerator<string> GetEnumerator() => _paths.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Such as <c>4 pictures: a.jpg, b.jpg, c.jpg, …</c>.</summary>
    public override string ToString()
    {
        string names = string.Join(", ", _paths.Take(NamesTold).Select(Path.GetFileName));
        return $"{Count} pictures: {names}{(Count > NamesTold ? ", …" : string.Empty)}";
    }

    internal sealed class Converter : JsonConverter<PictureList>
    {
        public override PictureList Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            string[]? paths = reader.TokenType == JsonTokenType.String
                ? [reader.GetString()!]
                : JsonSerializer.Deserialize<string[]>(ref reader, options);
            return paths is { Length: > 0 } && paths.All(path => !string.IsNullOrEmpty(path)) ? new PictureList(paths) : throw new JsonException();
        }

        public override void Write(Utf8JsonWriter writer, PictureList value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value._paths, options);
    }
}
