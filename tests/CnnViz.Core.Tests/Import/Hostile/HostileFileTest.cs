using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Tests.Import.Weights;

namespace CnnViz.Tests.Import.Hostile;

/// <summary>Steps that the tests of hostile files share: a file is imported as its user would do it, and must be cheap.</summary>
public abstract class HostileFileTest : WeightFileTest
{
    private const long Memory = 768 << 20;

    // Two seconds are promised. A machine with other work takes longer for the same.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary>Imports a file, which must end in one error, soon and with little memory.</summary>
    /// <returns>The id of the error.</returns>
    internal string Refused(string name, byte[] content) => Import(name, content) ?? throw new Xunit.Sdk.XunitException($"'{name}' was read.");

    /// <summary>Imports a file, which must be read or end in one error, soon and with little memory.</summary>
    /// <returns>The id of the error; null where the file was read.</returns>
    internal string? Import(string name, byte[] content)
    {
        string path = Write(name, content);
        var memory = new MemoryWatch();
        var watch = new ProcessorWatch();
        string? error = null;
        try
        {
            using CnnModel model = ModelImporter.Import(path, new ImportOptions());
        }
        catch (CnnVizException exception)
        {
            error = exception.ErrorId;
        }

        TimeSpan time = watch.Elapsed;
        Assert.True(time < s_patience, $"It took {time}.");
        Assert.True(memory.Growth < Memory, $"It took {memory.Growth >> 20} MB.");
        return error;
    }
}
