using System.Management.Automation;

namespace CnnViz.Tests;

public sealed class GetCnnLayerTests : IDisposable
{
    private readonly HostedEngine _engine = new HostedEngine().WithModel();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Layers_come_in_execution_order_with_the_authors_names()
    {
        ScriptResult result = _engine.Run("$model | Get-CnnLayer").Succeeded();

        Assert.Equal(["conv1", "conv1/relu", "conv2", "pool", "classifier", "broken"], result.Values("Name"));
        Assert.Equal(["Conv2d", "ReLU", "Conv2d", "GlobalAvgPool2d", "Linear", "Conv2d"], result.Values("Kind"));
        Assert.Equal([8, 8, 3, 3, 3, 1], result.Values("Filters"));
        Assert.Equal(["8×32×32", "8×32×32", "3×16×16", "3×1×1", "3", "1×32×32"], result.Values("OutputShape").Select(value => value!.ToString()));
        Assert.Equal(
            ["3×3 / 1", "3×3 / 1", "5×5 / 2", "whole image", "whole image", "1×1 / 1"], result.Values("ReceptiveField").Select(value => value!.ToString()));
        Assert.Equal([224L, 0L, 216L, 0L, 12L, 3L], result.Values("Parameters"));
    }

    [Theory]
    [InlineData("Get-CnnLayer conv*", "conv1,conv1/relu,conv2")]
    [InlineData("Get-CnnLayer CONV1", "conv1")]
    [InlineData("Get-CnnLayer classifier, conv1", "conv1,classifier")]
    [InlineData("Get-CnnLayer -Kind Conv2d", "conv1,conv2,broken")]
    [InlineData("Get-CnnLayer -Kind conv*, linear", "conv1,conv2,classifier,broken")]
    [InlineData("Get-CnnLayer conv* -Kind ReLU", "conv1/relu")]
    [InlineData("Get-CnnLayer nothing*", "")]
    public void Names_and_kinds_choose(string script, string expected)
    {
        ScriptResult result = _engine.Run(script).Succeeded();

        Assert.Equal(expected, string.Join(',', result.Values("Name")));
    }

    [Fact]
    public void A_name_that_matches_nothing_is_an_error_with_the_nearest_names()
    {
        ScriptResult result = _engine.Run("$model | Get-CnnLayer konv1, conv2");

        Assert.StartsWith("LayerNotFound,", result.Error.FullyQualifiedErrorId);
        Assert.Contains("'conv1'", result.Error.ToString());
        Assert.Equal(["conv2"], result.Values("Name"));
    }

    [Fact]
    public void Without_any_model_the_error_says_so()
    {
        using var empty = new HostedEngine();

        Assert.StartsWith("NoModel,", empty.Run("Get-CnnLayer").Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void A_disposed_model_says_so()
    {
        ScriptResult result = _engine.Run("$layer = $model | Get-CnnLayer conv1; $model.Dispose(); $model | Get-CnnLayer; $layer | Get-CnnFilter 0; $layer | Invoke-FilterMaximization 0");

        Assert.Empty(result.Output);
        Assert.Equal(3, result.Errors.Count);
        Assert.All(result.Errors, error => Assert.StartsWith("ModelDisposed,", error.FullyQualifiedErrorId));
    }

    [Theory]
    [InlineData("$model | Get-CnnLayer conv", "conv1")]
    [InlineData("Get-CnnLayer -Model $model -Name 'cla", "classifier")]
    [InlineData("Get-CnnLayer elu", "conv1/relu")]
    [InlineData("Get-CnnLayer -Kind Glo", "GlobalAvgPool2d")]
    [InlineData("Import-CnnModel x -Preprocessing Sy", "Symmetric")]
    [InlineData("Import-CnnModel pat", "patterns")]
    public void Tab_completes(string line, string expected)
    {
        using PowerShell shell = _engine.Create();

        CommandCompletion completion = CommandCompletion.CompleteInput(line, line.Length, null, shell);

        Assert.Equal(expected, completion.CompletionMatches[0].ListItemText.Trim('\''));
    }

    [Fact]
    public void Filters_know_their_layer_number_and_weights()
    {
        ScriptResult result = _engine.Run("$model | Get-CnnLayer conv1 | Get-CnnFilter 0, 5, 8");

        Assert.StartsWith("FilterOutOfRange,", result.Error.FullyQualifiedErrorId);
        Assert.Equal([0, 5], result.Values("Index"));
        Assert.Equal(["conv1:0", "conv1:5"], result.Output.Select(filter => filter.ToString()));
        Assert.Equal(MathF.Sqrt(1.5f), (float)result.Values("WeightNorm")[0]!, 1e-5f);
        Assert.Equal(0f, result.Values("WeightNorm")[1]);
    }

    [Fact]
    public void All_filters_come_without_a_number()
    {
        Assert.Equal(8, _engine.Run("$model | Get-CnnLayer conv1 | Get-CnnFilter").Succeeded().Output.Count);
        Assert.Equal(Array.Empty<object?>(), _engine.Run("$model | Get-CnnLayer conv1/relu | Get-CnnFilter | Where-Object WeightNorm").Succeeded().Output);
    }
}
