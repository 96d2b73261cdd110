using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace CnnViz.Catalogue;

/// <summary>
/// What is there of a download, in a file of another name (<c>.part</c>) beside its place; and, beside that (<c>.part.etag</c>), the
/// server's mark of the version that it belongs to.
/// </summary>
internal sealed class PartialFile : IDisposable
{
    private const int LongestTag = 1024;
    private const int BlockSize = 1 << 20;

    private readonly string _target;
    private readonly FileStream _stream;

    private PartialFile(string target, FileStream stream)
    {
        _target = target;
        _stream = stream;
        Version = stream.Length > 0 ? ReadVersion() : null;
    }

    /// <summary>Bytes that are there.</summary>
    public long Length => _stream.Length;

    /// <summary>The server's mark of the version that it belongs to, if the server gave one that can be relied on.</summary>
    public EntityTagHeaderValue? Version { get; private set; }

    private string VersionPath => PathOf(_target) + ".etag";

    /// <summary>Path of the partial file for a target.</summary>
    public static string PathOf(string target) => target + ".part";

    /// <summary>Opens what an earlier run left, or a new one. Nobody else can until it is disposed.</summary>
    /// <param name="target">Path of the file that is to come.</param>
    /// <exception cref="CnnVizException">It is in use (DownloadBusy), or cannot be written.</exception>
    public static PartialFile Open(string target)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            return new PartialFile(target, new FileStream(PathOf(target), new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 0,
            }));
        }
        catch (IOException exception) when (FileFailure.IsInUse(exception))
        {
            throw new CnnVizException(
                "DownloadBusy", $"'{target}' is being downloaded already.", "If another session does so, wait for it.", exception) { Path = target };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileFailure.Of(exception, target, isWritten: true);
        }
    }

    /// <summary>Adds what came.</summary>
    /// <exception cref="CnnVizException">It cannot be written.</exception>
    public void Append(ReadOnlyMemory<byte> bytes) => FileFailure.Writing(_target, () =>
    {
        _stream.Seek(0, SeekOrigin.End);
        _stream.Write(bytes.Span);
    });

    /// <summary>Throws away what is there, and begins a version.</summary>
    /// <exception cref="CnnVizException">It cannot be written.</exception>
    public void Restart(EntityTagHeaderValue? version) => FileFailure.Writing(_target, () =>
    {
        _stream.SetLength(0);
        Version = version is { IsWeak: false } ? version : null;
        File.Delete(VersionPath);
        if (Version is not null)
        {
            File.WriteAllText(VersionPath, Version.ToString());
        }
    });

    /// <summary>SHA-256 of what is there, in lower-case hexadecimal.</summary>
    public string Sha256(CancellationToken cancellation)
    {
        _stream.Seek(0, SeekOrigin.Begin);
        return Sha256(_stream, cancellation);
    }

    /// <summary>SHA-256 of a stream, in lower-case hexadecimal.</summary>
    public static string Sha256(Stream stream, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[BlockSize];
        while (stream.Read(block) is > 0 and var count)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(block, 0, count);
        }

        return Convert.ToHexString(hash.GetCurrentHash()).ToLowerInvariant();
    }

    /// <summary>Gives the file its name; one that is there is replaced.</summary>
    /// <exception cref="CnnVizException">It cannot be written.</exception>
    public void Complete() => FileFailure.Writing(_target, () =>
    {
        _stream.Dispose();
        WholeFile.Replace(PathOf(_target), _target);
        File.Delete(VersionPath);
    });

    /// <summary>Throws it away.</summary>
    public void Discard()
    {
        _stream.Dispose();
        File.Delete(PathOf(_target));
        File.Delete(VersionPath);
    }

    /// <summary>Leaves what is there for another run, unless that is nothing.</summary>
    public void Dispose()
    {
        if (_stream.CanRead && Length == 0)
        {
            Discard();
        }

        _stream.Dispose();
    }

    private EntityTagHeaderValue? ReadVersion() =>
        new FileInfo(VersionPath) is { Exists: true, Length: <= LongestTag }
            && EntityTagHeaderValue.TryParse(File.ReadAllText(VersionPath), out EntityTagHeaderValue? version)
            ? version
            : null;
}
