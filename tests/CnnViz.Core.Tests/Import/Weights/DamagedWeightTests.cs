using CnnViz.Import;
using TorchSharp;
using Xunit.Abstractions;

namespace CnnViz.Tests.Import.Weights;

/// <summary>Thousands of damaged files: each is read, or refused with one clear error, and soon.</summary>
public sealed class DamagedWeightTests(ITestOutputHelper output) : WeightFileTest
{
    private const int Files = 2000;
    private const long Memory = 64 << 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_patienceForAll = TimeSpan.FromSeconds(15);

    [Fact]
    public void A_damaged_legacy_checkpoint_is_refused_or_read()
    {
        byte[] whole = WeightFiles.Legacy(Pickle(), ("0", 24, WeightFiles.Floats(24)), ("1", 3, new byte[24]));
        ReadOrRefuse(random => Damage(whole, random));
    }

    [Fact]
    public void A_damaged_zip_checkpoint_is_refused_or_read()
    {
        byte[] pickle = Pickle();
        (string, byte[])[] storages = [("0", WeightFiles.Floats(24)), ("1", new byte[24])];
        byte[] whole = WeightFiles.Zip(pickle, storages);
        // Half of them around a damaged pickle, whose checksum is right.
        ReadOrRefuse(random => random.Next(2) == 0 ? Damage(whole, random) : WeightFiles.Zip(Damage(pickle, random), storages));
    }

    [Fact]
    public void Damaged_safetensors_are_refused_or_read()
    {
        byte[] whole = WeightFiles.Vectors(("conv1.weight", 12), ("conv1.bias", 3), ("empty", 0), ("fc.weight", 8));
        ReadOrRefuse(random => Damage(whole, random));
    }

    [Fact]
    public void Damaged_weights_of_TorchSharp_are_refused_or_read()
    {
        using torch.Tensor weight = torch.rand(3, 2, 2);
        using torch.Tensor bias = torch.rand(300);
        using torch.Tensor count = torch.zeros(1, torch.int64);
        byte[] whole = TorchSharpWeightsTests.Saved(("conv1.weight", weight), ("conv1.bias", bias), ("bn.count", count), ("fc.weight", weight));
        ReadOrRefuse(random => Damage(whole, random));
    }

    // Two tensors of one storage and one of another, nested, beside what training programs save.
    private static byte[] Pickle() => new PickleWriter()
        .Op('}').Op('(')
        .Text("epoch").Op('K').Raw(90)
        .Text("args").Global("argparse", "Namespace").Op(')').Raw(0x81).Op('}').Text("lr").Op('G').Raw(new byte[8]).Op('s').Op('b')
        .Text("state_dict").Global("collections", "OrderedDict").Op(')').Op('R').Op('q').Raw(0).Op('(')
        .Text("module.conv.weight").Tensor("0", 24, "FloatStorage", 0, [2, 3, 2], [6, 1, 3])
        .Text("module.conv.bias").Tensor("0", 24, "FloatStorage", 20, [4], [1])
        .Text("module.count").Tensor("1", 3, "LongStorage", 0, [], [])
        .Op('u').Op('}').Text("_metadata").Op('h').Raw(0).Op('s').Op('b').Op('u')
        .Stop();

    /// <summary>A copy with some damage.</summary>
    internal static byte[] Damage(byte[] whole, Random random)
    {
        byte[] damaged = [.. whole];
        int place = random.Next(damaged.Length - 8);
        switch (random.Next(5))
        {
            case 0: // some bits
                for (int i = random.Next(1, 4); i > 0; i--)
                {
                    damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                }

                return damaged;
            case 1: // the end missing
                return damaged[..random.Next(damaged.Length)];
            case 2: // a piece missing
                return [.. damaged[..place], .. damaged[(place + random.Next(1, 8))..]];
            case 3: // two pieces swapped, which may be lengths
                int other = random.Next(damaged.Length - 8);
                int size = random.Next(2) == 0 ? 4 : 8;
                whole.AsSpan(other, size).CopyTo(damaged.AsSpan(place));
                whole.AsSpan(place, size).CopyTo(damaged.AsSpan(other));
                return damaged;
            default: // a length that is none
                long[] lengths = [-1, 0, 1, 1 << 30, int.MaxValue, uint.MaxValue, 1L << 40, 1L << 62, long.MaxValue, long.MinValue];
                byte[] length = BitConverter.GetBytes(lengths[random.Next(lengths.Length)]);
                length.AsSpan(0, random.Next(2) == 0 ? 4 : 8).CopyTo(damaged.AsSpan(place));
                return damaged;
        }
    }

    private void ReadOrRefuse(Func<Random, byte[]> make)
    {
        var random = new Random(20);
        var all = new ProcessorWatch();
        long tensors = NativeTensors.Settled();
        int read = 0;
        for (int i = 0; i < Files; i++)
        {
            // A file of its own: to write one again and again takes longer than all the rest.
            string path = Write($"{i}.bin", make(random));
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            var watch = new ProcessorWatch();
            try
            {
                ReadAll(path);
                read++;
            }
            catch (ModelFormatException)
            {
                // What is wanted.
            }
            catch (Exception exception)
            {
                Assert.Fail($"File {i}: {exception}");
            }

            Assert.True(watch.Elapsed < s_patience, $"File {i} took {watch.Elapsed}.");
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            Assert.True(allocated < Memory, $"File {i} took {allocated} bytes.");
        }

        output.WriteLine($"{read} of {Files} were read, {Files - read} refused, in {all.Elapsed.TotalSeconds:0.0} s");
        Assert.InRange(read, 1, Files - 1);
        Assert.Equal(tensors, torch.Tensor.TotalCount);
        Assert.True(all.Elapsed < s_patienceForAll, $"All took {all.Elapsed}.");
    }
}
