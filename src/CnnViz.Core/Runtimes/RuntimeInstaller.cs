using System.IO.Compression;
using System.Security.Cryptography;

namespace CnnViz.Runtimes;

/// <summary>Brings libtorch into the cache, whole or not at all.</summary>
/// <param name="package">Its package.</param>
/// <param name="cache">The cache.</param>
/// <param name="progress">Is told how far it is.</param>
/// <param name="cancellation">Ends it; nothing is left behind.</param>
internal sealed class RuntimeInstaller(
    RuntimePackage package, RuntimeCache cache, IProgress<RuntimeProgress> progress, CancellationToken cancellation)
{
    private const int BlockSize = 1 << 20;
    private const string Licence = "LICENSE-LIBTORCH.txt";

    private readonly byte[] _block = new byte[BlockSize];

    /// <summary>Installs the package out of the sources of the machine.</summary>
    /// <param name="feeds">The sources.</param>
    /// <exception cref="CnnVizException">No source has it, or what came is another file.</exception>
    public void Install(PackageFeeds feeds) => InFolder(folder =>
    {
        string file = Path.Combine(folder, package.FileName);
        using (FileStream target = File.Create(file))
        {
            feeds.Copy(package, new ReportingStream(target, done => Report(RuntimeStage.Downloading, done, package.Length)), cancellation);
        }

        Unpack(file, folder);
    });

    /// <summary>Installs it out of a file.</summary>
    /// <param name="path">Path of the package.</param>
    /// <exception cref="CnnVizException">It is another file.</exception>
    public void Install(string path) => InFolder(folder => Unpack(path, folder));

    private void InFolder(Action<string> action)
    {
        string folder = cache.NewFolder();
        Directory.CreateDirectory(folder);
        try
        {
            action(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Unpack(string file, string folder)
    {
        Check(file);
        string unpacked = Directory.CreateDirectory(Path.Combine(folder, "files")).FullName;
        using (ZipArchive archive = ZipFile.OpenRead(file))
        {
            long done = 0;
            foreach (RuntimeFile wanted in package.Files)
            {
                done = Copy(archive.GetEntry(wanted.Entry)!, Path.Combine(unpacked, wanted.Name), done);
            }

            archive.GetEntry(Licence)?.ExtractToFile(Path.Combine(unpacked, Licence));
        }

        Place(unpacked);
    }

    // What is there and not whole makes room; where another session was faster, there is nothing to do.
    private void Place(string unpacked)
    {
        string target = cache.FolderOf(package);
        if (cache.Has(package))
        {
            return;
        }

        if (Directory.Exists(target))
        {
            cache.Remove(target);
        }

        Directory.Move(unpacked, target);
    }

    private void Check(string file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        using FileStream stream = File.OpenRead(file);
        Read(stream, block => hash.AppendData(block), RuntimeStage.Checking, 0, stream.Length);
        string found = Convert.ToBase64String(hash.GetCurrentHash());
        if (found != package.Sha512)
        {
            throw new CnnVizException(
                "RuntimeHashMismatch",
                $"What came as '{package}' is another file: its SHA-512 is {found} instead of {package.Sha512}.",
                "Check the sources of packages (nuget.config), or give the package by -Path.");
        }
    }

    private long Copy(ZipArchiveEntry entry, string path, long done)
    {
        using Stream source = entry.Open();
        using FileStream target = File.Create(path);
        return Read(source, target.Write, RuntimeStage.Unpacking, done, package.UnpackedLength);
    }

    private long Read(Stream stream, ReadOnlySpanAction take, RuntimeStage stage, long done, long total)
    {
        while (stream.Read(_block) is > 0 and var count)
        {
            take(_block.AsSpan(0, count));
            done += count;
            Report(stage, done, total);
        }

        return done;
    }

    private void Report(RuntimeStage stage, long done, long total)
    {
        cancellation.ThrowIfCancellationRequested();
        progress.Report(new RuntimeProgress(stage, done, total));
    }

    private delegate void ReadOnlySpanAction(ReadOnlySpan<byte> bytes);
}
