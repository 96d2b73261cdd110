using System.Text;
using CnnViz.Import;
using TorchSharp;

namespace CnnViz.Tests.Import.Weights;

/// <summary>Safetensors in one file and in several.</summary>
public sealed class SafetensorsReaderTests : WeightFileTest
{
    public static TheoryData<string, int, torch.ScalarType, byte[], double[]> Types => new()
    {
        { "BOOL", 1, torch.ScalarType.Bool, [0, 1, 7], [0, 1, 1] },
        { "U8", 1, torch.ScalarType.Byte, [0, 200], [0, 200] },
        { "I8", 1, torch.ScalarType.Int8, [1, 0xFF], [1, -1] },
        { "I16", 2, torch.ScalarType.Int16, [0xFE, 0xFF, 1, 1], [-2, 257] },
        { "U16", 2, torch.ScalarType.Int32, [0xFE, 0xFF, 1, 1], [65534, 257] },
        { "I32", 4, torch.ScalarType.Int32, [0xFF, 0xFF, 0xFF, 0xFF], [-1] },
        { "U32", 4, torch.ScalarType.Int64, [0xFF, 0xFF, 0xFF, 0xFF], [4294967295] },
        { "I64", 8, torch.ScalarType.Int64, [0, 0, 0, 0, 0, 1, 0, 0], [1L << 40] },
        { "U64", 8, torch.ScalarType.Int64, [0, 0, 0, 0, 0, 1, 0, 0], [1L << 40] },
        { "F16", 2, torch.ScalarType.Float16, [0, 0x3C, 0, 0xC0], [1, -2] },
        { "BF16", 2, torch.ScalarType.BFloat16, [0x80, 0x3F, 0, 0xC0], [1, -2] },
        { "F32", 4, torch.ScalarType.Float32, [0, 0, 0x80, 0x3F], [1] },
        { "F64", 8, torch.ScalarType.Float64, [0, 0, 0, 0, 0, 0, 0xF0, 0x3F], [1] },
        // One, the smallest above zero, the largest, minus one and a half, no number.
        { "F8_E4M3", 1, torch.ScalarType.Float16, [0x38, 0x01, 0x7E, 0xBC, 0x7F], [1, 1.0 / 512, 448, -1.5, double.NaN] },
        { "F8_E5M2", 1, torch.ScalarType.Float16, [0x3C, 0x01, 0x7B, 0xBE, 0x7C], [1, 1.0 / 65536, 57344, -1.5, double.PositiveInfinity] },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_is_read(string name, int size, torch.ScalarType type, byte[] bytes, double[] expected)
    {
        string header = $$$"""{"x":{"dtype":"{{{name}}}","shape":[{{{bytes.Length / size}}}],"data_offsets":[0,{{{bytes.Length}}}]}}""";
        using StateDict weights = Read(WeightFiles.Safetensors(header, bytes));
        Assert.Equal(type, weights.Tensors[0].Type);
        Assert.Equal(expected, Values(weights.Tensors[0]));
    }

    [Fact]
    public void Tensors_keep_the_order_of_the_header_whatever_the_order_of_their_bytes()
    {
        const string header = """
            {"__metadata__":{"format":"pt"},
             "z":{"dtype":"F32","shape":[1,2],"data_offsets":[4,12]},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}
            """;
        using StateDict weights = Read(WeightFiles.Safetensors(header, WeightFiles.Floats(3)));
        Assert.Equal(["z", "a"], Names(weights));
        Assert.Equal([1, 2], Values(weights, "z"));
        Assert.Equal([0], Values(weights, "a"));
        Assert.Equal("safetensors", weights.Format);
    }

    [Theory]
    [InlineData('{')] // as a JSON file begins
    [InlineData(0x280)] // as a pickle begins
    [InlineData(0x480)]
    public void The_length_of_the_header_may_look_like_another_format(int length)
    {
        string header = """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""".PadRight(length);
        using StateDict weights = Read(WeightFiles.Safetensors(header, WeightFiles.Floats(2)));
        Assert.Equal([0, 1], Values(weights, "x"));
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,"8"]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1e400],"data_offsets":[0,8]}}""")]
    [InlineData("""{"x":{"dtype":7,"shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[0,4611686018427387904],"data_offsets":[0,0]}}""")]
    [InlineData("""{"x":{"dtype":"F32","data_offsets":[0,8]}}""")]
    [InlineData("""{"x":[0,8]}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} more""")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""")]
    public void A_header_that_says_something_else_is_refused(string header) =>
        Assert.Equal("CheckpointDamaged", ReadFails(WeightFiles.Safetensors(header, new byte[8])).ErrorId);

    [Fact]
    public void A_header_of_many_megabytes_is_refused_before_it_is_read()
    {
        byte[] file = WeightFiles.Safetensors("{}".PadRight(9 << 20));
        string path = Write("large.safetensors", file);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Assert.Equal("CheckpointTooLarge", ReadFails(path).ErrorId);
        Assert.True(GC.GetTotalAllocatedBytes(precise: true) - before < 1_000_000);
    }

    [Fact]
    public void Shards_are_read_as_one_in_the_order_of_the_index()
    {
        WriteShards();
        using StateDict weights = StateDictReader.Read(Index("""{"b":"2.safetensors","a":"1.safetensors","c":"2.safetensors"}"""));
        Assert.Equal(["b", "a", "c"], Names(weights));
        Assert.Equal([0, 1], Values(weights, "b"));
        Assert.Equal([2], Values(weights, "c"));
        Assert.Equal([0, 1, 2], Values(weights, "a"));
    }

    [Fact]
    public void Shards_may_be_checkpoints()
    {
        byte[] pickle = new PickleWriter().Op('}').Text("w").Vector("0", 2).Op('s').Stop();
        Write("model-00001-of-00001.bin", WeightFiles.Zip(pickle, ("0", WeightFiles.Floats(2))));
        using StateDict weights = StateDictReader.Read(Index("""{"w":"model-00001-of-00001.bin"}"""));
        Assert.Equal([0, 1], Values(weights, "w"));
        Assert.Equal("PyTorch", weights.Format);
    }

    [Theory]
    [InlineData("""{"a":"3.safetensors"}""", "ShardMissing", "3.safetensors")]
    [InlineData("""{"a":"../1.safetensors"}""", "ShardOutside", "../1.safetensors")]
    [InlineData("""{"a":"/etc/passwd"}""", "ShardOutside", "/etc/passwd")]
    [InlineData("""{"a":".."}""", "ShardOutside", "..")]
    [InlineData("""{"a":""}""", "ShardOutside", "''")]
    [InlineData("""{"z":"1.safetensors"}""", "CheckpointDamaged", "'z'")]
    [InlineData("""{"a":"1.safetensors","a":"2.safetensors"}""", "CheckpointDamaged", "twice")]
    [InlineData("""{"a":"index.json"}""", "NotAWeightFile", "index.json")]
    [InlineData("""{"a":7}""", "NotAWeightFile", "index.json")]
    public void An_index_that_asks_for_what_is_not_there_is_refused(string map, string errorId, string reason)
    {
        WriteShards();
        CnnVizException error = ReadFails(Index(map));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private void WriteShards()
    {
        Write("1.safetensors", WeightFiles.Vectors(("a", 3)));
        Write("2.safetensors", WeightFiles.Vectors(("b", 2), ("c", 1)));
    }

    private string Index(string map) =>
        Write("index.json", Encoding.UTF8.GetBytes($$"""{"metadata":{"total_size":24},"weight_map": {{map}} }"""));
}
