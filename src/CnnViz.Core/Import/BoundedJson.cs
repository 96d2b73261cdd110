using System.Text.Json;

namespace CnnViz.Import;

/// <summary>JSON out of a weight file: an object, not large and not deep.</summary>
internal static class BoundedJson
{
    /// <summary>Bytes of JSON that are read: tensors by the ten thousand.</summary>
    public const int Largest = 8 << 20;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 8 };

    /// <summary>Reads an object.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">Byte at which the text begins.</param>
    /// <param name="length">Bytes of the text.</param>
    /// <param name="read">What to make of it. Elements of a wrong kind may throw as they do.</param>
    /// <returns>What came of it; null where the text is not JSON.</returns>
    /// <exception cref="ModelFormatException">The text is too long, or not within the file.</exception>
    public static T? TryRead<T>(WeightFile file, long offset, long length, Func<JsonElement, T?> read)
        where T : class
    {
        if (length > Largest)
        {
            throw file.TooLarge($"its JSON text has {length} bytes");
        }

        try
        {
            using var document = JsonDocument.Parse(file.Read(offset, (int)length), s_options);
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Text that is not JSON; or not UTF-8, or an element of another kind, which the document finds when asked.
            return null;
        }
    }
}
