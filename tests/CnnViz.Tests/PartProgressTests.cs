using System.Management.Automation;

namespace CnnViz.Tests;

public sealed class PartProgressTests : IDisposable
{
    private readonly HostedEngine _engine = new HostedEngine().WithModel();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void One_layer_has_one_record()
    {
        ScriptResult result = _engine.Run("$model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0, 1 -Steps 3").Succeeded();

        Assert.All(result.Progress, record => Assert.Equal((0, -1), (record.ActivityId, record.ParentActivityId)));
        Assert.Equal(ProgressRecordType.Completed, result.Progress[^1].RecordType);
    }

    [Fact]
    public void Of_layers_that_stream_it_says_how_many_are_done()
    {
        ScriptResult result = _engine.Run("$model | Get-CnnLayer conv1, conv1/relu | Invoke-FilterMaximization 0, 1 -Steps 3").Succeeded();

        ProgressRecord outer = Assert.Single(result.Progress, record => record.Activity == "Maximizing filters" && record.RecordType == ProgressRecordType.Processing);
        Assert.Equal("1 layer done, 2 pictures made; now conv1/relu", outer.StatusDescription);
        Assert.Equal(-1, outer.PercentComplete);
        ProgressRecord[] inner = [.. result.Progress.Where(record => record.Activity == "Maximizing conv1/relu")];
        Assert.NotEmpty(inner);
        Assert.All(inner, record => Assert.Equal((1, 0), (record.ActivityId, record.ParentActivityId)));
        AssertAllCompleted(result);
    }

    [Fact]
    public void Of_layers_that_are_given_it_says_how_many_there_are()
    {
        ScriptResult result = _engine.Run("Invoke-FilterMaximization 0 -Layer ($model | Get-CnnLayer conv1, conv1/relu) -Steps 3").Succeeded();

        Assert.Equal(
            [("0 of 2 layers done, 0 pictures made; now conv1", 0), ("1 of 2 layers done, 1 picture made; now conv1/relu", 50)],
            result.Progress
                .Where(record => record.Activity == "Maximizing filters" && record.RecordType == ProgressRecordType.Processing)
                .Select(record => (record.StatusDescription, record.PercentComplete)));
        AssertAllCompleted(result);
    }

    [Theory]
    [InlineData("$model | Get-CnnLayer conv1, broken, conv1/relu | Invoke-FilterMaximization 0 -Steps 3 -Recipe Classic -GradientNormalization None")]
    [InlineData("$model | Get-CnnLayer conv1, conv1/relu | Invoke-FilterMaximization 0 -InitialImage tiny.onnx")]
    [InlineData("$model | Get-CnnLayer conv1, conv1/relu | Invoke-FilterMaximization 0, 1 -Steps 3 -BatchSize 1 | ForEach-Object { if ($_.Layer -ne 'conv1') { throw 'enough' } }")]
    [InlineData("do { $model | Get-CnnLayer conv1, conv1/relu | Invoke-FilterMaximization 0, 1 -Steps 3 -BatchSize 1 | ForEach-Object { if ($_.Layer -ne 'conv1') { break } } } while ($false)")]
    public void Records_end_whatever_happens(string script) => AssertAllCompleted(_engine.Run(script));

    [Fact]
    public void It_is_said_what_was_done()
    {
        ScriptResult result = _engine.Run("$model | Get-CnnLayer conv1, conv1/relu | Invoke-FilterMaximization 0, 1 -Steps 3 -Verbose").Succeeded();

        Assert.Contains(result.Verbose, line => line.StartsWith("Made 4 pictures of 2 layers in ", StringComparison.Ordinal));
    }

    [Fact]
    public void Filters_of_one_layer_are_one_part()
    {
        ScriptResult result = _engine.Run(
            "$model | Get-CnnLayer conv1 | Get-CnnFilter 0, 1, 2 | Invoke-FilterMaximization -Steps 2 -BatchSize 1 -Verbose").Succeeded();

        Assert.Contains(result.Verbose, line => line.StartsWith("Made 3 pictures of 1 layer in ", StringComparison.Ordinal));
        Assert.Contains(result.Progress, record => record.StatusDescription == "0 layers done, 2 pictures made; now conv1");
        AssertAllCompleted(result);
    }

    // A record is on the screen from its first report to its completion.
    private static void AssertAllCompleted(ScriptResult result) => Assert.All(
        result.Progress.GroupBy(record => (record.ActivityId, record.Activity)),
        records => Assert.Equal(ProgressRecordType.Completed, records.Last().RecordType));
}
