using CnnViz.Fuzz;

namespace CnnViz.Tests.Fuzz;

/// <summary>Some hundred damaged files of each format. CnnViz.Fuzz shows readers as many as one has time for.</summary>
public sealed class FuzzTests : EngineTest, IDisposable
{
    private const int Inputs = 100;
    private const int Seed = 7;

    private readonly string _root = Directory.CreateTempSubdirectory("cnnviz").FullName;

    public static TheoryData<string> Formats => [.. FuzzFormats.All.Select(format => format.Name)];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_damaged_file_is_read_or_one_error(string name)
    {
        FuzzFormat format = FuzzFormats.Get(name);
        var surroundings = new Surroundings(_root, isWorkingFolder: false);
        var corpus = new Corpus(format);
        long tensors = NativeTensors.Settled();
        int read = 0;
        for (int i = 0; i < Inputs; i++)
        {
            FuzzInput input = i < corpus.Seeds.Count ? corpus.Seeds[i] : corpus.Next(new Chance(Seed * Inputs + i, surroundings.Words));
            input.Write(surroundings.Folder);
            Trial trial = Trial.Run(format, input, surroundings.Folder, Trial.PeakMemory());
            Assert.True(trial.Finding is null, $"input {i}: {trial.Finding}");
            Assert.True(trial.IsRead || i >= corpus.Seeds.Count, $"sound input {i}: {trial.Behaviour}");
            corpus.Add(input, trial.Behaviour);
            read += trial.IsRead ? 1 : 0;
        }

        Assert.Null(surroundings.Changes());
        Assert.Equal(tensors, NativeTensors.Settled());
        Assert.InRange(read, corpus.Seeds.Count, name == "classes" ? Inputs : Inputs - 1);
        Assert.InRange(corpus.Behaviours, 2, Inputs);
    }
}
