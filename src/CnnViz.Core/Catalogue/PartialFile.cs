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
    /// <exception cref="CnnVizException">It is in use.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static PartialFile Open(string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        try
        {
            var stream = new FileStream(PathOf(target), new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 0,
            });
            return new PartialFile(target, stream);
        }
        catch (IOException exception)
        {
            throw new CnnVizException(
                "DownloadBusy",
                $"'{PathOf(target)}' cannot be opened: {exception.Message}",
                "If another session is downloading the same model, wait for it.",
                exception);
        }
    }

    /// <summary>Adds what came.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _stream.Seek(0, SeekOrigin.End);
        _stream.Write(bytes);
    }

    /// <summary>Throws away what is there, and begins a version.</summary>
    public void Restart(EntityTagHeaderValue? version)
    {
        _stream.SetLength(0);
        Version = version is { IsWeak: false } ? version : null;
        File.Delete(VersionPath);
        if (Version is not null)
        {
            File.WriteAllText(VersionPath, Version.ToString());
        }
    }

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
    public void Complete()
    {
        _stream.Dispose();
        WholeFile.Replace(PathOf(_target), _target);
        File.Delete(VersionPath);
    }

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
