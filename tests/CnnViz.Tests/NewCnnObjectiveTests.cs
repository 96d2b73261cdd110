namespace CnnViz.Tests;

public sealed class NewCnnObjectiveTests : IDisposable
{
    private readonly HostedEngine _engine = new HostedEngine().WithModel();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Objectives_are_added_and_multiplied()
    {
        ScriptResult result = _engine.Run(
            "$a, $b = $model | Get-CnnLayer conv1 | New-CnnObjective -Filter 1, 2\n\"$($a + $b * -0.5)\"").Succeeded();

        Assert.Equal("conv1:1 - 0.5 * conv1:2", result.Output.Single().BaseObject);
    }

    [Fact]
    public void Layers_and_filters_are_objectives_as_they_are()
    {
        ScriptResult result = _engine.Run(
            """
            $layer = $model | Get-CnnLayer conv1
            $filter = $layer | Get-CnnFilter 2
            Invoke-FilterMaximization -Objective $filter, $layer, (($layer | New-CnnObjective -Filter 1) + $filter) -Steps 2
            """).Succeeded();

        Assert.Equal(["conv1:2", "conv1", "conv1:1 + conv1:2"], result.Values("Objective"));
        Assert.Equal([2, null, null], result.Values("Filter"));
    }

    [Fact]
    public void A_difference_raises_one_and_lowers_the_other()
    {
        ScriptResult result = _engine.Run(
            """
            $red, $bright = $model | Get-CnnLayer conv1 | New-CnnObjective -Filter 0, 6
            Invoke-FilterMaximization -Objective ($red - $bright) -Steps 40
            """).Succeeded();

        dynamic image = Assert.Single(result.Output).BaseObject;
        Assert.True(image.Activations[39] > image.Activations[0]);
    }

    [Fact]
    public void A_neuron_changes_only_what_it_sees()
    {
        ScriptResult result = _engine.Run(
            """
            $model | Get-CnnLayer conv1 | New-CnnObjective -Filter 0 -Position 20, 8 |
                Invoke-FilterMaximization -Recipe Classic -InitialNoise 0 -Contrast 0.2 -Border 0 -Steps 5
            """).Succeeded();

        dynamic image = Assert.Single(result.Output).BaseObject;
        float[] reds = [.. Enumerable.Range(0, 32 * 32).Select(i => (float)image.GetTensor()[0, i / 32, i % 32].item<float>())];
        Assert.Equal(20 * 32 + 8, Array.IndexOf(reds, reds.Max()));
    }

    [Fact]
    public void A_script_block_gets_the_activations()
    {
        ScriptResult result = _engine.Run(
            """
            $layer = $model | Get-CnnLayer conv1
            $layer | New-CnnObjective -ScriptBlock { $_.select(1, 3).mean() } | Invoke-FilterMaximization -Steps 30 -Count 3
            $layer | New-CnnObjective -ScriptBlock { param($activations) $activations.select(1, 3).mean() * 2 } | Invoke-FilterMaximization -Steps 30
            """).Succeeded();

        Assert.Equal(4, result.Output.Count);
        Assert.All(result.Output, image => Assert.True(((dynamic)image.BaseObject).Activations[29] > ((dynamic)image.BaseObject).Activations[0]));
        Assert.StartsWith("script(conv1: $_.select", (string)result.Values("Objective")[0]!);
    }

    [Theory]
    [InlineData("{ throw 'no' }", "ObjectiveScriptFailed")]
    [InlineData("{ 3 }", "ObjectiveScriptInvalid")]
    [InlineData("{ $_ }", "ObjectiveScriptInvalid")]
    [InlineData("{ $_.detach().mean() }", "ObjectiveScriptInvalid")]
    public void A_script_block_that_gives_no_value_is_one_error(string script, string id)
    {
        ScriptResult result = _engine.Run(
            $"$model | Get-CnnLayer conv1 | New-CnnObjective -ScriptBlock {script} | Invoke-FilterMaximization -Steps 3");

        Assert.StartsWith($"{id},", Assert.Single(result.Errors).FullyQualifiedErrorId);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void Pictures_that_are_to_differ_climb_together()
    {
        ScriptResult result = _engine.Run(
            """
            $layer = $model | Get-CnnLayer conv1
            $filter = $layer | New-CnnObjective -Filter 7
            Invoke-FilterMaximization -Objective ($filter + ($layer | New-CnnObjective -Diversity) * 5) -Count 2 -Steps 30
            Invoke-FilterMaximization -Objective $filter -Count 2 -Steps 30
            """).Succeeded();

        dynamic[] images = [.. result.Output.Select(item => item.BaseObject)];
        Assert.Equal([0L, 1L, 0L, 1L], images.Select(image => (long)image.Seed));
        Assert.All(images[..2], image => Assert.Equal("conv1:7 + 5 * diversity(conv1)", image.Objective));
    }

    [Fact]
    public void A_picture_can_be_exaggerated_and_kept()
    {
        ScriptResult result = _engine.Run(
            """
            $layer = $model | Get-CnnLayer conv1
            $photo = 'photo.png'
            $layer | Invoke-FilterMaximization 3 -Steps 10 | Export-FilterImage $photo
            $layer | New-CnnObjective -Caricature $photo -CosinePower 1 | Invoke-FilterMaximization -Steps 30
            Invoke-FilterMaximization -Objective (($layer | New-CnnObjective -Filter 0) + ($layer | New-CnnObjective -Likeness $photo) * 5) -InitialImage $photo -Steps 10
            """).Succeeded();

        Assert.Equal(["caricature(conv1, photo.png)", "conv1:0 + 5 * likeness(conv1, photo.png)"], result.Values("Objective"));
        Assert.All(result.Values("Status"), status => Assert.Equal("StepLimit", status!.ToString()));
    }

    [Theory]
    [InlineData("New-CnnObjective -Caricature nowhere.png", "PathNotFound")]
    [InlineData("New-CnnObjective -Filter 99", "FilterOutOfRange")]
    [InlineData("New-CnnObjective -Direction 1, 2", "DirectionMismatch")]
    [InlineData("New-CnnObjective -Filter 0 -Region 0.5, 0.5, 0.6, 0.1", "RegionOutOfMap")]
    [InlineData("New-CnnObjective -Filter 0 -Position 99, 0 | Invoke-FilterMaximization -Steps 2", "PositionOutOfMap")]
    [InlineData("New-CnnObjective -Filter 0 -Center -Position 1, 1", "ObjectiveAmbiguous")]
    public void What_does_not_fit_is_one_error(string command, string id)
    {
        ScriptResult result = _engine.Run($"$model | Get-CnnLayer conv1 | {command}");

        Assert.StartsWith($"{id},", Assert.Single(result.Errors).FullyQualifiedErrorId);
    }
}
