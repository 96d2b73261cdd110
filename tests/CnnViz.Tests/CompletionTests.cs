using System.Management.Automation;

namespace CnnViz.Tests;

public sealed class CompletionTests : IDisposable
{
    private readonly HostedEngine _engine = new HostedEngine().WithModel();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("$model | Get-CnnLayer conv1 | Invoke-FilterMaximization -Filter ", "0,1,2,3,4,5,6,7")]
    [InlineData("$model | Get-CnnLayer -Name conv1 | Invoke-FilterMaximization ", "0,1,2,3,4,5,6,7")]
    [InlineData("$model | Get-CnnLayer conv1 | Get-CnnFilter 3,", "0,1,2,3,4,5,6,7")]
    [InlineData("$model | Get-CnnLayer conv1 | Measure-CnnActivation x.png -Filter 7", "7")]
    [InlineData("Get-CnnLayer conv1 | New-CnnObjective -Filter 3", "3")]
    [InlineData("$layer | Invoke-FilterMaximization -Filter 3", "3")]
    [InlineData("Measure-FilterImage x.png -Layer $layer -Filter 3", "3")]
    [InlineData("Import-CnnModel x -Device c", "cpu,cuda,'cuda:0'")]
    [InlineData("$images | Export-FilterImage 'out/{Cl", "'out/{Class}','out/{ClassName}'")]
    [InlineData("$images | Export-FilterImage '{Layer}-{Se", "'{Layer}-{Seed}'")]
    public void Tab_offers(string line, string expected)
    {
        _engine.Run("$global:layer = $model | Get-CnnLayer conv1").Succeeded();

        Assert.Equal(expected, string.Join(',', Complete(line).Select(match => match.CompletionText)));
    }

    [Fact]
    public void The_number_of_a_filter_comes_with_its_weight_norm()
    {
        CompletionResult match = Assert.Single(Complete("$model | Get-CnnLayer conv1 | Invoke-FilterMaximization -Filter 5"));

        object norm = _engine.Run("($model | Get-CnnLayer conv1 | Get-CnnFilter 5).WeightNorm").Succeeded().Output[0].BaseObject;
        Assert.Equal(FormattableString.Invariant($"conv1:5, weight norm {norm:G4}"), match.ToolTip);
    }

    [Fact]
    public void A_class_is_found_by_its_name()
    {
        _engine.Run("$global:patterns = Import-CnnModel patterns").Succeeded();

        CompletionResult match = Assert.Single(Complete("$patterns | Get-CnnLayer classifier | Invoke-FilterMaximization -Filter zig"));

        Assert.Equal(("15", "15 zigzag"), (match.CompletionText, match.ListItemText));
        Assert.Contains("zigzag", match.ToolTip);
    }

    [Fact]
    public void Several_layers_share_a_number()
    {
        CompletionResult match = Assert.Single(Complete("$model | Get-CnnLayer conv1* | Invoke-FilterMaximization -Filter 5"));

        Assert.Contains("conv1:5", match.ToolTip);
        Assert.Contains("conv1/relu:5", match.ToolTip);
    }

    [Fact]
    public void Every_placeholder_that_is_offered_is_one()
    {
        string[] offered = [.. Complete("$images | Export-FilterImage '{").Select(match => match.ListItemText)];

        _engine.Run("$global:images = $model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0 -Steps 1 -Size 16; $images | Export-FilterImage one.png").Succeeded();
        string[] unknown = [.. offered.Where(placeholder =>
            _engine.Run("$images | Export-FilterImage $args[0] -WhatIf", $"a{placeholder}.png").Errors.Count > 0
            && _engine.Run(
                "$model | Get-CnnLayer conv1 | Measure-CnnActivation one.png -Filter 0 -Top 1 | Export-FilterImage $args[0] -WhatIf",
                $"a{placeholder}.png").Errors.Count > 0)];

        Assert.Equal(12, offered.Length);
        Assert.Empty(unknown);
    }

    [Theory]
    [InlineData("$model | Get-CnnLayer conv1 | Invoke-FilterMaximization -Filter ")]
    [InlineData("$model | Get-CnnLayer ")]
    [InlineData("$model | Get-CnnLayer -Kind ")]
    [InlineData("$model | Invoke-ClassMaximization ")]
    [InlineData("$nothing | Get-CnnLayer ($x = 3) | Get-CnnFilter ")]
    [InlineData("$layer | Get-CnnFilter '")]
    public void Nothing_is_thrown_when_the_model_is_gone(string line)
    {
        _engine.Run("$global:layer = $model | Get-CnnLayer conv1; $model.Dispose(); $global:Error.Clear()").Succeeded();

        Assert.DoesNotContain(Complete(line), match => match.CompletionText.Contains("conv", StringComparison.Ordinal) || match.CompletionText == "0");
        Assert.Empty(_engine.Run("$global:Error").Output);
    }

    private CompletionResult[] Complete(string line)
    {
        using PowerShell shell = _engine.Create();
        return [.. CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches];
    }
}
