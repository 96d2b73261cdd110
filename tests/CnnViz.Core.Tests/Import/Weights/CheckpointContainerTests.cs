using System.IO.Compression;
using System.Text;
using CnnViz.Import;
using TorchSharp;

namespace CnnViz.Tests.Import.Weights;

/// <summary>Zip and legacy containers: where storages are, and what is checked of them.</summary>
public sealed class CheckpointContainerTests : WeightFileTest
{
    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Views_of_a_storage_are_read_from_its_middle(CompressionLevel level)
    {
        byte[] pickle = new PickleWriter().Op('}').Op('(')
            .Text("middle").Tensor("0", 20_000, "FloatStorage", 10_000, [3], [1])
            .Text("columns").Tensor("0", 20_000, "FloatStorage", 5, [3, 2], [1, 3])
            .Text("repeated").Tensor("0", 20_000, "FloatStorage", 7, [2, 2], [0, 1])
            .Op('u').Stop();
        using StateDict weights = Read(WeightFiles.Archive(level, ("a/data.pkl", pickle), ("a/data/0", WeightFiles.Floats(20_000))));
        Assert.Equal([10_000, 10_001, 10_002], Values(weights, "middle"));
        Assert.Equal([5, 8, 6, 9, 7, 10], Values(weights, "columns"));
        Assert.Equal([7, 8, 7, 8], Values(weights, "repeated"));
    }

    [Theory]
    [InlineData("ShortStorage", new byte[] { 1, 0, 0, 2 }, new double[] { 256, 2 })]
    [InlineData("FloatStorage", new byte[] { 0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0 }, new double[] { 1, -2 })]
    [InlineData("LongStorage", new byte[] { 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1 }, new double[] { 256, 1 })]
    [InlineData("ByteStorage", new byte[] { 1, 2 }, new double[] { 1, 2 })]
    public void Values_with_the_most_significant_byte_first_are_swapped(string type, byte[] bytes, double[] expected)
    {
        byte[] pickle = new PickleWriter().Op('}').Text("w").Tensor("0", 2, type, 0, [2], [1]).Op('s').Stop();
        byte[] file = WeightFiles.Archive(
            CompressionLevel.NoCompression, ("a/data.pkl", pickle), ("a/data/0", bytes), ("a/byteorder", [.. "big"u8]));
        using StateDict weights = Read(file);
        Assert.Equal(expected, Values(weights, "w"));
    }

    [Fact]
    public void A_checkpoint_may_be_packed_at_the_top_of_its_archive()
    {
        using StateDict weights = Read(
            WeightFiles.Archive(CompressionLevel.Optimal, ("data.pkl", Vector), ("data/0", WeightFiles.Floats(2))));
        Assert.Equal([0, 1], Values(weights, "w"));
    }

    [Fact]
    public void Two_pickles_in_an_archive_are_refused() => Assert.Contains(
        "2 members",
        ReadFails(WeightFiles.Archive(CompressionLevel.Optimal, ("a/data.pkl", Vector), ("b/data.pkl", Vector))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("PK\x03\x04", 30, 'x', "contradicts")]
    [InlineData("PK\x03\x04", 8, 8, "contradicts")]
    [InlineData("PK\x01\x02", 45, 0x7F, "asked for")]
    [InlineData("PK\x01\x02", 23, 0x7F, "in one another")]
    [InlineData("PK\x01\x02", 16, 0, "checksum")]
    [InlineData("PK\x05\x06", 12, 0xFF, "directory")]
    [InlineData("PK\x05\x06", 19, 0x7F, "directory")]
    public void An_archive_that_contradicts_itself_is_refused(string signature, int offset, byte value, string reason)
    {
        byte[] file = Zip();
        file[file.AsSpan().IndexOf(Encoding.Latin1.GetBytes(signature)) + offset] = value;
        CnnVizException error = ReadFails(file);
        Assert.Equal("CheckpointDamaged", error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PK\x01\x02", 8, 1, "encrypted")]
    [InlineData("PK\x01\x02", 10, 12, "method 12")]
    [InlineData("little_endian", 13, 0x89, "most significant byte first")]
    public void A_kind_that_is_not_read_is_refused(string before, int offset, byte value, string reason)
    {
        byte[] file = before.StartsWith("PK", StringComparison.Ordinal) ? Zip() : WeightFiles.Legacy(Vector, Storage);
        file[file.AsSpan().IndexOf(Encoding.Latin1.GetBytes(before)) + offset] = value;
        CnnVizException error = ReadFails(file);
        Assert.Equal("CheckpointUnsupported", error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_storage_that_is_a_part_of_another_is_refused()
    {
        byte[] pickle = new PickleWriter().Op('}').Text("w").Global("torch._utils", "_rebuild_tensor").Op('(')
            .Op('(').Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Number(2).Numbers(1, 0, 2).Op('t').Op('Q')
            .Number(0).Numbers(2).Numbers(1).Op('t').Op('R').Op('s').Stop();
        Assert.Equal("CheckpointUnsupported", ReadFails(WeightFiles.Legacy(pickle, Storage)).ErrorId);
    }

    [Fact]
    public void Sizes_of_64_bits_are_read()
    {
        // The directory's own fields are full, and the numbers are in the records for large archives.
        byte[] file = Zip();
        byte[] end = file[^22..];
        int begin = BitConverter.ToInt32(end, 16);
        byte[] directory = file[begin..^22];
        byte[] end64 =
        [
            .. "PK\x06\x06"u8, .. BitConverter.GetBytes(44L), 45, 0, 45, 0, .. new byte[8], .. BitConverter.GetBytes(2L),
            .. BitConverter.GetBytes(2L), .. BitConverter.GetBytes((long)directory.Length), .. BitConverter.GetBytes((long)begin),
        ];
        byte[] locator = [.. "PK\x06\x07"u8, .. new byte[4], .. BitConverter.GetBytes((long)(begin + directory.Length)), 1, 0, 0, 0];
        end.AsSpan(8, 12).Fill(0xFF);
        using StateDict weights = Read([.. file[..begin], .. directory, .. end64, .. locator, .. end]);
        Assert.Equal([0, 1], Values(weights, "w"));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void A_storage_of_another_size_than_the_pickle_says_is_refused(long count)
    {
        Assert.Equal("CheckpointDamaged", ReadFails(WeightFiles.Legacy(Vector, ("0", count, WeightFiles.Floats(3)))).ErrorId);
        if (count is 1 or 3)
        {
            Assert.Equal("CheckpointDamaged", ReadFails(WeightFiles.Zip(Vector, ("0", WeightFiles.Floats((int)count)))).ErrorId);
        }
    }

    [Fact]
    public void A_legacy_checkpoint_without_its_storage_is_refused()
    {
        Assert.Contains("missing", ReadFails(WeightFiles.Legacy(Vector)).Message, StringComparison.Ordinal);
        Assert.Contains("twice", ReadFails(WeightFiles.Legacy(Vector, Storage, Storage)).Message, StringComparison.Ordinal);
        byte[] other = WeightFiles.Legacy(Vector, Storage with { Key = "1" });
        Assert.Contains("no tensor names", ReadFails(other).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_storage_cannot_be_of_two_types()
    {
        byte[] pickle = new PickleWriter().Op('}').Text("a").Vector("0", 2).Op('s')
            .Text("b").Tensor("0", 2, "DoubleStorage", 0, [2], [1]).Op('s').Stop();
        Assert.Contains("two things", ReadFails(WeightFiles.Legacy(pickle, Storage)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_files_are_left_to_other_readers()
    {
        byte[][] others =
        [
            [.. "\x08\x07\x12\x07pytorch"u8], [.. "\x89HDF\r\n\x1a\n\0\0\0\0"u8], [.. "{\"class_name\": \"Model\"}"u8], [.. "{"u8], [0],
            WeightFiles.Archive(CompressionLevel.Optimal, ("config.json", [.. "{}"u8]), ("model.weights.h5", new byte[100])),
        ];
        foreach (byte[] other in others)
        {
            string path = Write("other", other);
            Assert.Null(StateDictReader.TryRead(path));
            Assert.Contains("other", ReadFails(path).Message, StringComparison.Ordinal);
        }

        Assert.Equal("ModelEmpty", ReadFails(Write("nothing", [])).ErrorId);
    }

    [Fact]
    public void A_file_is_open_until_its_weights_are_disposed_and_no_longer()
    {
        string path = Write("weights.pt", Zip());
        StateDict weights = StateDictReader.Read(path);
        using torch.Tensor before = weights.Tensors[0].Read();
        weights.Dispose();
        Assert.Throws<ObjectDisposedException>(() => weights.Tensors[0].Read());
        Assert.Equal(1, before[1].item<float>());
    }

    private static (string Key, long Count, byte[] Bytes) Storage => ("0", 2, WeightFiles.Floats(2));

    private static byte[] Vector => new PickleWriter().Op('}').Text("w").Vector("0", 2).Op('s').Stop();

    private static byte[] Zip() => WeightFiles.Zip(Vector, ("0", WeightFiles.Floats(2)));
}
