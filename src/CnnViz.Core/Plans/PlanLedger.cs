using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CnnViz.Plans;

/// <summary>
/// What one run of a shard has done, a line of JSON a picture, in a file that nobody else writes to. The file appears with the first line. Of a line
/// that a killed run did not finish, nothing is read.
/// </summary>
/// <param name="folder">Folder of the ledgers.</param>
/// <param name="shard">Whose it is, for the file's name.</param>
internal sealed class PlanLedger(string folder, Shard shard) : IDisposable
{
    private const string Extension = ".jsonl";
    private const int LongestLine = 1 << 16;

    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 4,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
    };

    private FileStream? _file;

    /// <summary>Writes a line; it is in the file when this returns.</summary>
    /// <exception cref="CnnVizException">It cannot be written.</exception>
    public void Add(FilterPlanResult result)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(result, s_options), (byte)'\n'];
        FileFailure.Writing(folder, () =>
        {
            _file ??= Create();
            _file.Write(line);
            _file.Flush();
        });
    }

    /// <summary>All lines of all ledgers, those of a ledger in their order, and the ledgers by their beginnings.</summary>
    /// <param name="folder">Folder of the ledgers, which need not be there.</param>
    /// <exception cref="CnnVizException">A ledger cannot be read.</exception>
    public static IEnumerable<FilterPlanResult> ReadAll(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal).SelectMany(Read)
        : [];

    /// <inheritdoc />
    public void Dispose() => _file?.Dispose();

    private FileStream Create()
    {
        Directory.CreateDirectory(folder);
        string name = string.Create(
            CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyyMMdd'T'HHmmssfff}_{shard.Index}-of-{shard.Count}_{Guid.NewGuid().ToString("N")[..8]}{Extension}");
        return new FileStream(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
    }

    private static IEnumerable<FilterPlanResult> Read(string path)
    {
        using StreamReader? reader = Open(path);
        while (reader?.ReadLine() is { } line)
        {
            if (line.Length <= LongestLine && TryRead(line) is { Layer: not null } result)
            {
                yield return result;
            }
        }
    }

    private static StreamReader? Open(string path)
    {
        try
        {
            return new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileFailure.Of(exception, path, isWritten: false);
        }
    }

    private static FilterPlanResult? TryRead(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<FilterPlanResult>(line, s_options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
