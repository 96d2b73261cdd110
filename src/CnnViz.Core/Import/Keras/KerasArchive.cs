using System.IO.Compression;
using System.Text.Json;

namespace CnnViz.Import.Keras;

/// <summary>A <c>.keras</c> file: a zip of the configuration, the weights and the version.</summary>
internal sealed class KerasArchive : IDisposable
{
    private const string ConfigName = "config.json";
    private const string WeightsName = "model.weights.h5";
    private const string MetadataName = "metadata.json";

    // Far more than a configuration has.
    private const long LargestText = 32 << 20;

    // Keras does not pack its weights, and whoever does so gains little.
    private const long LargestExpansion = 16;

    private readonly ZipArchive _zip;

    public KerasArchive(byte[] content) => _zip = new ZipArchive(new MemoryStream(content), ZipArchiveMode.Read);

    /// <summary>The configuration.</summary>
    public byte[] Config => Read(ConfigName) ?? throw new InvalidDataException($"it has no {ConfigName}");

    /// <summary>The HDF5 file with the weights.</summary>
    public byte[] Weights => Read(WeightsName) ?? throw new InvalidDataException($"it has no {WeightsName}");

    /// <summary>The version of Keras that wrote it, or null.</summary>
    public string? Version
    {
        get
        {
            using JsonDocument? metadata = Read(MetadataName) is { } json ? JsonDocument.Parse(json) : null;
            return metadata is null ? null : new KerasSettings(metadata.RootElement).Text("keras_version");
        }
    }

    /// <summary>Whether a file is such a zip.</summary>
    public static bool Recognizes(byte[] content)
    {
        if (!content.AsSpan().StartsWith("PK\u0003\u0004"u8))
        {
            return false;
        }

        try
        {
            using var zip = new ZipArchive(new MemoryStream(content), ZipArchiveMode.Read);
            return Find(zip, ConfigName) is not null;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    public void Dispose() => _zip.Dispose();

    // Windows programs write .\config.json.
    private static ZipArchiveEntry? Find(ZipArchive zip, string name) =>
        zip.GetEntry(name) ?? zip.GetEntry($"./{name}") ?? zip.GetEntry($".\\{name}");

    private byte[]? Read(string name)
    {
        if (Find(_zip, name) is not { } entry)
        {
            return null;
        }

        long largest = name == WeightsName ? Math.Max(LargestText, Math.Min(Array.MaxLength, entry.CompressedLength * LargestExpansion)) : LargestText;
        if (entry.Length > largest)
        {
            throw new InvalidDataException($"{name} is packed too much: it has {entry.Length} bytes");
        }

        var bytes = new byte[entry.Length];
        using Stream stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }
}
