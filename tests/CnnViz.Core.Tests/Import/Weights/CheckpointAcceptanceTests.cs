using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CnnViz.Import;
using TorchSharp;

namespace CnnViz.Tests.Import.Weights;

/// <summary>Files of weights, good and hostile, with what must come of each.</summary>
public sealed class CheckpointAcceptanceTests : WeightFileTest
{
    private const string Payload = "/tmp/pwned";
    private const long Allowance = 64 << 20;

    // A tensor of values that JSON cannot state.
    private const string Special = "special";

    private static readonly Lazy<Dictionary<string, JsonElement>?> s_expected = new(ReadExpected);

    public static TheoryData<string> Files => [.. s_expected.Value?.Keys ?? (IEnumerable<string>)["expected.json"]];

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void A_file_is_read_or_refused_as_it_should_be(string name)
    {
        string path = TestFiles.Shared("parity", "checkpoints", name);
        JsonElement expected = s_expected.Value![name];
        string outcome = expected.GetProperty("outcome").GetString()!;
        File.Delete(Payload);
        var memory = new MemoryWatch();
        var watch = Stopwatch.StartNew();
        CnnVizException? error = null;
        try
        {
            using StateDict weights = StateDictReader.Read(path);
            double[][] values = [.. weights.Tensors.Select(Values)];

            // A whole module may be refused; its tensors are data like any others.
            if (name == "f_whole_module.pth")
            {
                Assert.All(weights.Tensors, tensor => Assert.NotEmpty(tensor.Name));
                return;
            }

            Assert.NotEqual("refuse", outcome);
            Compare(expected, weights, values);
        }
        catch (ModelFormatException refused)
        {
            error = refused;
        }

        Assert.False(error is not null && outcome == "load", error?.Message);
        Assert.False(File.Exists(Payload));
        Assert.Contains(error is null ? string.Empty : name, error?.Message ?? string.Empty, StringComparison.Ordinal);
        if (error is not null)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"It took {watch.Elapsed}.");
            Assert.True(memory.Growth < new FileInfo(path).Length + Allowance, $"It took {memory.Growth} bytes.");
        }
    }

    [SkippableTheory]
    [InlineData("b_squeezenet1_1_legacy.pth", torch.ScalarType.Float32)]
    [InlineData("c_squeezenet1_1_fp16.pth", torch.ScalarType.Float16)]
    [InlineData("c_squeezenet1_1_bf16.pth", torch.ScalarType.BFloat16)]
    [InlineData("d_nested_module_prefix.pth", torch.ScalarType.Float32)]
    [InlineData("g_squeezenet1_1.safetensors", torch.ScalarType.Float32)]
    public void The_same_weights_in_another_container_are_the_same(string name, torch.ScalarType type)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using StateDict expected = StateDictReader.Read(TestFiles.Shared("parity", "checkpoints", "a_squeezenet1_1_zip.pth"));
        using StateDict actual = StateDictReader.Read(TestFiles.Shared("parity", "checkpoints", name));
        Assert.Equal(Names(expected).Order(), Names(actual).Order());
        foreach (StateTensor tensor in expected.Tensors)
        {
            Assert.True(actual.TryGet(tensor.Name, out StateTensor? other));
            Assert.Equal(type, other.Type);
            Assert.True(tensor.Read().to(type).equal(other.Read()).all().item<bool>(), tensor.Name);
        }
    }

    [SkippableFact]
    public void Weights_that_follow_a_rule_by_their_names_follow_it()
    {
        using StateDict weights = StateDictReader.Read(TestFiles.Shared("parity", "checkpoints", "a_squeezenet1_1_zip.pth"));
        Assert.Equal(52, weights.Tensors.Count);
        foreach (StateTensor tensor in weights.Tensors)
        {
            long inputs = tensor.Shape.Skip(1).Aggregate(1L, (product, size) => product * size);
            double scale = tensor.Shape.Count == 1 ? 0.1 : Math.Sqrt(6.0 / inputs);
            double[] values = Values(tensor);
            for (int i = 0; i < values.Length; i += 97)
            {
                Assert.Equal((2 * Rule(tensor.Name, i) - 1) * scale, values[i], 1e-6);
            }
        }
    }

    [SkippableTheory]
    [InlineData("f_torchscript.pt", "CheckpointIsTorchScript", "TorchScript")]
    [InlineData("f_lfs_pointer.pth", "ModelIsPointer", "LFS")]
    [InlineData("f_not_a_checkpoint.pth", "NotAWeightFile", "web page")]
    [InlineData("f_empty.pth", "ModelEmpty", "empty")]
    [InlineData("f_hostile_zip.pth", "CheckpointNotOnlyData", "posix.system")]
    [InlineData("f_hostile_legacy.pth", "CheckpointNotOnlyData", "system")]
    [InlineData("f_hostile_eval_proto4.pth", "CheckpointNotOnlyData", "builtins.eval")]
    [InlineData("f_hostile_inst_opcode.pth", "CheckpointNotOnlyData", "system")]
    [InlineData("f_hostile_obj_opcode.pth", "CheckpointNotOnlyData", "system")]
    [InlineData("f_hostile_in_storage_type.pth", "CheckpointNotOnlyData", "system")]
    [InlineData("f_hostile_build_setstate.pth", "CheckpointNotOnlyData", "system")]
    [InlineData("f_hostile_rawpickle.pth", "CheckpointNotOnlyData", "system")]
    [InlineData("f_truncated_member.pth", "CheckpointDamaged", "bytes")]
    [InlineData("f_missing_member.pth", "CheckpointDamaged", "missing")]
    [InlineData("f_zip_dup_members.pth", "CheckpointDamaged", "archive/data/0")]
    [InlineData("f_zip_bad_crc.pth", "CheckpointDamaged", "checksum")]
    [InlineData("f_path_traversal.pth", "CheckpointDamaged", "hostname")]
    [InlineData("f_pickle_bomb.pth", "CheckpointTooLarge", "data.pkl")]
    [InlineData("g_unknown_dtype.safetensors", "UnsupportedTensorType", "type")]
    [InlineData("g_duplicate_keys.safetensors", "CheckpointDamaged", "twice")]
    public void What_is_refused_is_refused_with_the_reason(string name, string errorId, string reason)
    {
        CnnVizException error = ReadFails(TestFiles.Shared("parity", "checkpoints", name));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("d_byteorder_big.pth")]
    [InlineData("f_unknown_but_harmless_global.pth")]
    [InlineData("f_self_reference.pth")]
    public void What_may_be_refused_is_read_where_that_is_safe(string name) => ReadAll(TestFiles.Shared("parity", "checkpoints", name));

    [SkippableTheory]
    [InlineData("resnet20-12fca82f.th", "PyTorch", "conv1.weight", 16, 3, 3, 3)]
    [InlineData("mnist.pt", "PyTorch", "conv1.weight", 8, 1, 3, 3)]
    [InlineData("mnist.safetensors", "safetensors", "conv1.weight", 8, 1, 3, 3)]
    [InlineData("tiny_darknet.safetensors", "safetensors", null)]
    public void Real_weights_are_read(string name, string format, string? key, params int[] shape)
    {
        string path = TestFiles.Shared("models", name);
        using StateDict weights = StateDictReader.Read(path);
        Assert.Equal(format, weights.Format);
        long bytes = weights.Tensors.Sum(tensor => Values(tensor).LongLength * TensorBytes.SizeOf(tensor.Type));
        Assert.InRange(bytes, 0.9 * new FileInfo(path).Length, new FileInfo(path).Length);
        if (key is not null)
        {
            Assert.True(weights.TryGet(key, out StateTensor? tensor));
            Assert.Equal(shape.Select(size => (long)size), tensor.Shape);
        }
    }

    private static Dictionary<string, JsonElement>? ReadExpected()
    {
        try
        {
            string path = TestFiles.Shared("parity", "checkpoints", "expected.json");
            return JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(File.ReadAllText(path));
        }
        catch (SkipException)
        {
            return null;
        }
    }

    private static void Compare(JsonElement expected, StateDict weights, double[][] values)
    {
        if (expected.TryGetProperty("n_tensors", out JsonElement count))
        {
            Assert.Equal(count.GetInt32(), weights.Tensors.Count);
        }

        if (!expected.TryGetProperty("tensors", out JsonElement tensors))
        {
            return;
        }

        Assert.Equal(
            tensors.EnumerateObject().Select(tensor => tensor.Name).Order(), Names(weights).Where(name => name != Special).Order());
        foreach ((StateTensor tensor, double[] actual) in weights.Tensors.Zip(values))
        {
            if (tensor.Name == Special)
            {
                Assert.Equal([float.PositiveInfinity, -0f, 1e-45f, 3.4e38f], actual.Select(value => (float)value));
                continue;
            }

            JsonElement stated = tensors.GetProperty(tensor.Name);
            Assert.Equal(stated.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()), tensor.Shape);
            Assert.Equal(stated.GetProperty("dtype").GetString(), TypeName(tensor.Type));
            Assert.Equal(
                stated.GetProperty("first4").EnumerateArray().Select(value => (float)value.GetDouble()),
                actual.Take(4).Select(value => (float)value));
            double sum = stated.GetProperty("sum").GetDouble();
            Assert.Equal(sum, actual.Sum(), 1e-6 * Math.Max(1, Math.Abs(sum)));
        }
    }

    private static string TypeName(torch.ScalarType type) =>
        type == torch.ScalarType.Byte ? "uint8" : type.ToString().ToLowerInvariant();

    private static double Rule(string name, int index)
    {
        long k = Encoding.UTF8.GetBytes(name).Select((value, i) => (long)value * (i + 1)).Sum() % 9973;
        double v = Math.Sin(0.5 + 0.017 * k + 0.731 * index) * 43758.5453;
        return v - Math.Floor(v);
    }
}
