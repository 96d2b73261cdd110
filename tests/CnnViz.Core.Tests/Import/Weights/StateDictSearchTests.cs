using CnnViz.Import;

namespace CnnViz.Tests.Import.Weights;

/// <summary>Which of the dictionaries of a checkpoint the weights are, and by which names.</summary>
public sealed class StateDictSearchTests : WeightFileTest
{
    [Theory]
    [InlineData("w", "w")]
    [InlineData("state_dict/w", "state_dict/w")]
    [InlineData("model/w model_ema/w", "model/w")]
    [InlineData("model_ema/w model/w", "model/w")]
    [InlineData("ema/w model/state_dict/w", "model/state_dict/w")]
    [InlineData("ema/w", "ema/w")]
    [InlineData("mean state_dict/w", "state_dict/w")]
    [InlineData("w optimizer/momentum", "w")]
    [InlineData("optimizer/state/momentum classifier/w", "classifier/w")]
    [InlineData("params/w params_ema/w", "params/w")]
    public void The_weights_are_found_by_their_usual_names(string paths, string expected)
    {
        string[] all = paths.Split(' ');
        using StateDict weights = Read(Checkpoint(all));
        int place = Array.IndexOf(all, expected);
        Assert.Equal([expected.Split('/')[^1]], Names(weights));
        Assert.Equal([place], Values(weights.Tensors[0]));
    }

    [Fact]
    public void Several_networks_without_a_usual_name_are_refused_by_name()
    {
        CnnVizException error = ReadFails(Checkpoint("generator/w", "critic/w"));
        Assert.Equal("CheckpointHasSeveral", error.ErrorId);
        Assert.Contains("'generator', 'critic'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_without_a_dictionary_of_tensors_is_refused()
    {
        PickleWriter[] others =
        [
            new PickleWriter().Op('N'),
            new PickleWriter().Op('}'),
            new PickleWriter().Vector("0", 4),
            new PickleWriter().Op(']').Vector("0", 4).Op('a'),
            new PickleWriter().Op('}').Number(7).Vector("0", 4).Op('s'),
        ];
        (string, byte[]) storage = ("0", WeightFiles.Floats(4));
        Assert.All(others, other => Assert.Equal("CheckpointHasNoTensors", ReadFails(WeightFiles.Zip(other.Stop(), storage)).ErrorId));
    }

    [Theory]
    [InlineData("module.a module.b", "a b")]
    [InlineData("module.model.a.weight module.model.b", "a.weight b")]
    [InlineData("module.backbone.a module.b", "backbone.a b")]
    [InlineData("features.a features.b", "features.a features.b")]
    [InlineData("model.a models.b", "model.a models.b")]
    [InlineData("module. module.a", "module. module.a")]
    public void A_prefix_that_all_keys_share_is_taken_off(string names, string expected)
    {
        using StateDict weights = Read(WeightFiles.Vectors([.. names.Split(' ').Select(name => (name, 1))]));
        Assert.Equal(expected.Split(' '), Names(weights));
        Assert.True(weights.TryGet(expected.Split(' ')[1], out _));
        Assert.Equal([1], Values(weights.Tensors[1]));
    }

    // A checkpoint with a tensor at the end of each path, whose one value is the place of the path.
    private static byte[] Checkpoint(params string[] paths)
    {
        PickleWriter pickle = new PickleWriter().Op('}');
        for (int i = 0; i < paths.Length; i++)
        {
            string[] keys = paths[i].Split('/');
            foreach (string key in keys[..^1])
            {
                pickle.Text(key).Op('}');
            }

            pickle.Text(keys[^1]).Tensor("0", 4, "FloatStorage", i, [1], [1]);
            foreach (string _ in keys)
            {
                pickle.Op('s');
            }
        }

        return WeightFiles.Legacy(pickle.Stop(), ("0", 4, WeightFiles.Floats(4)));
    }
}
