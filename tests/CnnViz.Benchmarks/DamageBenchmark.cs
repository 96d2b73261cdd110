using System.Diagnostics;
using CnnViz.Pictures;
using CnnViz.Tests;

namespace CnnViz.Benchmarks;

/// <summary>
/// Reads damaged picture files of all six formats: each must be a picture or one error, within two seconds and 1 GB. A file that ends the process
/// is the one in the folder that is called current.
/// </summary>
internal static class DamageBenchmark
{
    private const int Seed = 16;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);
    private static readonly string[] s_formats = ["png", "jpg", "webp", "tiff", "gif", "bmp"];

    /// <summary>Prints what came of the files.</summary>
    /// <param name="folder">Where files that are findings are kept.</param>
    /// <param name="count">Number of files of each format.</param>
    public static void Run(string folder, int count)
    {
        Directory.CreateDirectory(folder);
        string files = Path.Combine(RepositoryRoot(), "tests", "CnnViz.Core.Tests", "Pictures", "Files");
        Console.WriteLine("format   files  pictures  errors  other  slowest  over 2 s  peak memory");
        foreach (string format in s_formats)
        {
            byte[][] sound = [.. Directory.GetFiles(files, $"*.{format}", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
            Run(format, new DamagedPictures(sound, Seed), folder, count);
        }
    }

    private static void Run(string format, DamagedPictures damaged, string folder, int count)
    {
        (int pictures, int errors, int others, int slow) = (0, 0, 0, 0);
        TimeSpan slowest = TimeSpan.Zero;
        for (int i = 0; i < count; i++)
        {
            byte[] file = damaged.Next();
            File.WriteAllBytes(Path.Combine(folder, $"current.{format}"), file);
            TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
            string? finding = null;
            try
            {
                var picture = new PictureFile(file, "a file");
                _ = picture.Text;
                _ = picture.Decode();
                pictures++;
            }
            catch (CnnVizException)
            {
                errors++;
            }
            catch (Exception exception)
            {
                others++;
                finding = exception.GetType().Name;
            }

            // Of the processor, as other programs may be at work too.
            TimeSpan time = Process.GetCurrentProcess().TotalProcessorTime - before;
            slowest = time > slowest ? time : slowest;
            if (time > s_limit)
            {
                slow++;
                finding ??= "slow";
            }

            if (finding is not null)
            {
                File.WriteAllBytes(Path.Combine(folder, $"{finding}-{i}.{format}"), file);
            }
        }

        double memory = Process.GetCurrentProcess().PeakWorkingSet64 / 1e6;
        Console.WriteLine($"{format,-6} {count,7} {pictures,9} {errors,7} {others,6} {slowest.TotalSeconds,6:0.00} s {slow,9} {memory,8:0} MB");
    }

    private static string RepositoryRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "CnnViz.psd1")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("Run this in a clone of the repository.");
        }

        return folder;
    }
}
