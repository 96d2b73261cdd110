using System.Diagnostics;
using CnnViz.Import.Keras;
using CnnViz.Networks.Graphs;

namespace CnnViz.Tests.Import.Keras;

/// <summary>Damage ends in a model or in one clear error, soon and without much memory.</summary>
public sealed class KerasDamagedFileTests : KerasTest
{
    // Beyond what the process had before, over all files.
    private const long MostMemory = 512 << 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    [Fact]
    public void A_model_with_random_damage_is_refused_or_read()
    {
        // Damage to numbers does not show; damage to structure does.
        Assert.InRange(ReadOrFail(Victim().ToHdf5(), seed: 1, 2_000), 1, 1_999);
    }

    [SkippableFact]
    public void A_model_of_keras_with_random_damage_is_refused_or_read()
    {
        byte[] whole = File.ReadAllBytes(TestFiles.Shared("parity", "keras", "synthetic_sequential.h5"));
        Assert.InRange(ReadOrFail(whole, seed: 2, 1_000), 1, 999);
    }

    [Fact]
    public void A_zip_with_random_damage_is_refused_or_read()
    {
        Assert.InRange(ReadOrFail(Victim().ToArchive(), seed: 3, 2_000), 1, 1_999);
    }

    [Fact]
    public void A_model_that_is_cut_is_refused()
    {
        byte[] whole = Victim().ToHdf5();
        for (int length = 8; length < whole.Length; length += 97)
        {
            ReadOrFail(whole[..length], $"cut at {length}");
        }

        ModelFormatException error = Fails(whole[..(whole.Length / 2)]);
        Assert.Equal("ModelDamaged", error.ErrorId);
        Assert.Contains("test.h5", error.Message, StringComparison.Ordinal);
    }

    private static int ReadOrFail(byte[] whole, int seed, int count)
    {
        var random = new Random(seed);
        long before = PeakMemory();
        int read = Enumerable.Range(0, count).Count(i => ReadOrFail(Damage(whole, random), $"damage {i} of seed {seed}"));
        Assert.True(PeakMemory() - before < MostMemory, $"{(PeakMemory() - before) >> 20} MB");
        return read;
    }

    private static long PeakMemory()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private static KerasFile Victim() => new KerasFile(4, 4, 1)
        .Add("Conv2D", "'padding':'same','activation':'relu'", Pixels.Wave(3, 3, 1, 2), Pixels.Wave(2))
        .Add("BatchNormalization", "'epsilon':0.001", Pixels.Wave(2), Pixels.Wave(2), Pixels.Wave(2), Pixels.Positive(2))
        .Add("Flatten")
        .Add("Dense", "'activation':'softmax'", Pixels.Wave(32, 3), Pixels.Wave(3));

    private static byte[] Damage(byte[] whole, Random random)
    {
        byte[] damaged = [.. whole];
        switch (random.Next(4))
        {
            case 0: // some bits
                for (int i = random.Next(1, 20); i > 0; i--)
                {
                    damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                }

                return damaged;
            case 1: // cut off
                return damaged[..random.Next(8, damaged.Length)];
            case 2: // two lengths or addresses exchanged
                (int first, int second) = (random.Next(damaged.Length / 8) * 8, random.Next(damaged.Length / 8) * 8);
                whole.AsSpan(first, 8).CopyTo(damaged.AsSpan(second));
                whole.AsSpan(second, 8).CopyTo(damaged.AsSpan(first));
                return damaged;
            default: // a length that says the most it can
                damaged.AsSpan(random.Next(damaged.Length - 8), random.Next(1, 8)).Fill(random.Next(2) == 0 ? (byte)0xFF : (byte)0x7F);
                return damaged;
        }
    }

    private static bool ReadOrFail(byte[] content, string what)
    {
        var watch = new ProcessorWatch();
        bool isRead = false;
        try
        {
            KerasReader.Read("test.h5", content).Graph.Dispose();
            isRead = true;
        }
        catch (ModelFormatException)
        {
            // What is wanted.
        }
        catch (Exception exception)
        {
            Assert.Fail($"{what}: {exception}");
        }

        Assert.True(watch.Elapsed < s_patience, $"{what} took {watch.Elapsed}");
        return isRead;
    }
}
