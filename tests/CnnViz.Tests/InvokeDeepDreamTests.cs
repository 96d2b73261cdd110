using System.Management.Automation;

namespace CnnViz.Tests;

public sealed class InvokeDeepDreamTests : IDisposable
{
    private readonly HostedEngine _engine = new HostedEngine().WithModel();

    // Two photos of 40×48, red and green.
    public InvokeDeepDreamTests() => _engine.Run(
        """
        $global:layer = $model | Get-CnnLayer conv2
        $global:quick = @{ Octaves = 2; Steps = 2 }
        $model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0, 1 -Recipe Classic -Steps 5 -Size 40, 48 |
            Export-FilterImage 'photos/{Filter}.png'
        """).Succeeded();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void A_dream_has_the_photos_size_and_the_facts_that_repeat_it()
    {
        ScriptResult result = _engine.Run(
            "$layer | Invoke-DeepDream photos/0.png -Steps 3 -Octaves 2 -OctaveScale 1.5 -Jitter 3 -TileSize 24 -Strength 0.5 -Seed 7").Succeeded();

        dynamic dream = Assert.Single(result.Output).BaseObject;
        Assert.Equal(("40×48", "conv2", "conv2", 7L, "DeepDream"), ((string)dream.Size, (string)dream.Layer, (string)dream.Objective, (long)dream.Seed, (string)dream.Recipe.Name));
        Assert.Null(dream.Filter);
        Assert.EndsWith("0.png", dream.InitialImage);
        Assert.Equal(6, dream.Activations.Count);
        Assert.Equal((3, 0.75f / 255), ((int)dream.Recipe.Steps, (float)dream.Recipe.Update.StepSize));
        Assert.Equal(
            (2, 1.5, 3, 24),
            ((int)dream.Recipe.Dream.Octaves, (double)dream.Recipe.Dream.OctaveScale, (int)dream.Recipe.Dream.Jitter, (int)dream.Recipe.Dream.TileSize));
        Assert.Equal("StepLimit", dream.Status.ToString());
    }

    [Fact]
    public void Layers_of_the_pipeline_are_raised_together_by_their_weights()
    {
        ScriptResult result = _engine.Run(
            """
            $model | Get-CnnLayer conv1, conv2 | Invoke-DeepDream photos/0.png @quick
            $model | Get-CnnLayer conv1, conv2 | Invoke-DeepDream photos/0.png @quick -Weight 0.5, -2
            """).Succeeded();

        Assert.Equal(["conv1 + conv2", "0.5 * conv1 - 2 * conv2"], result.Values("Objective"));
        Assert.Equal("conv1, conv2", result.Values("Layer")[0]);
    }

    [Theory]
    [InlineData("$layer | Invoke-DeepDream photos @quick")]
    [InlineData("Invoke-DeepDream photos/*.png -Layer $layer @quick")]
    [InlineData("Invoke-DeepDream -InitialImage photos/0.png, photos/1.png, photos/0.png -Objective $layer @quick")]
    [InlineData("[IO.Directory]::GetFiles(\"$PWD/photos\") | ForEach-Object { [pscustomobject]@{ PSPath = $_ } } | Invoke-DeepDream -Layer $layer @quick")]
    public void Photos_come_by_path_and_through_the_pipeline(string script)
    {
        ScriptResult result = _engine.Run(script).Succeeded();

        Assert.Equal(
            ["0.png", "1.png"],
            result.Values("InitialImage").Select(path => Path.GetFileName((string)path!)).Order());
    }

    [Fact]
    public void Filters_and_objectives_guide_the_dream()
    {
        ScriptResult result = _engine.Run(
            """
            $filter = $model | Get-CnnLayer conv1 | Get-CnnFilter 2
            $filter | Invoke-DeepDream photos/0.png @quick
            Invoke-DeepDream photos/0.png -Objective $filter @quick
            $layer | New-CnnObjective -Filter 0 | Invoke-DeepDream photos/0.png @quick
            """).Succeeded();

        Assert.Equal(["conv1:2", "conv1:2", "conv2:0"], result.Values("Objective"));
    }

    [Fact]
    public void A_photo_that_cannot_be_read_is_one_error_and_the_others_go_on()
    {
        File.WriteAllText(At("photos/0b.jpg"), "no picture");

        ScriptResult result = _engine.Run("$layer | Invoke-DeepDream photos, nowhere.png @quick");

        Assert.Equal(2, result.Output.Count);
        Assert.Equal(
            ["PathNotFound", "PictureUnreadable"], result.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]).Order());
        Assert.EndsWith("0b.jpg", (string)result.Errors[^1].TargetObject);
    }

    [Fact]
    public void A_dream_leaves_as_soon_as_it_is_done()
    {
        ScriptResult result = _engine.Run(
            "foreach ($one in & { Invoke-DeepDream photos/1.png, photos/0.png -Layer $layer @quick }) { $one; break }").Succeeded();

        Assert.EndsWith("1.png", (string)Assert.Single(result.Values("InitialImage"))!);
    }

    [Fact]
    public void The_file_is_named_after_the_photo_which_is_kept()
    {
        byte[] before = File.ReadAllBytes(At("photos/0.png"));

        ScriptResult result = _engine.Run(
            """
            $dream = $layer | Invoke-DeepDream photos/0.png @quick
            $dream | Export-FilterImage photos
            $dream | Export-FilterImage 'named/{Image}-{Layer}.jpg'
            """).Succeeded();

        Assert.Empty(result.Output);
        Assert.Equal(before, File.ReadAllBytes(At("photos/0.png")));
        Assert.True(File.Exists(At("named/0-conv2.jpg")));
        Dictionary<string, string> text = PngText.Read(At("photos/0_dream.png"));
        Assert.Equal("tiny conv2, dreamt into 0.png", text["Title"]);
        Assert.Contains("\"dream\":{\"octaves\":2,\"octaveScale\":1.4,\"jitter\":4,", text["CnnViz"]);
        Assert.Contains("\"initialImage\":\"0.png\"", text["CnnViz"]);
    }

    [Theory]
    [InlineData("$model | Get-CnnLayer conv1, conv2 | Invoke-DeepDream photos/0.png -Weight 1", "WeightMismatch")]
    [InlineData("Invoke-DeepDream photos/0.png", "NoLayer")]
    [InlineData("$layer | New-CnnObjective -Center | Invoke-DeepDream photos/0.png -TileSize 16", "ObjectiveCutApart")]
    [InlineData("$layer | Invoke-DeepDream photos/0.png -Octaves 0", "ParameterArgumentValidationError")]
    [InlineData("$layer | Invoke-DeepDream photos/0.png -Strength 0", "ParameterArgumentValidationError")]
    public void What_does_not_fit_is_one_error(string script, string id)
    {
        ScriptResult result = _engine.Run(script);

        Assert.Empty(result.Output);
        Assert.StartsWith(id + ",", result.Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void Without_any_layer_in_the_pipeline_nothing_happens() =>
        Assert.Empty(_engine.Run("$model | Get-CnnLayer none* | Invoke-DeepDream photos/0.png").Succeeded().Output);

    [Fact]
    public void A_filter_that_nothing_moves_is_reported()
    {
        ScriptResult result = _engine.Run(
            "$model | Get-CnnLayer conv1/relu | Get-CnnFilter 5 | Invoke-DeepDream photos/0.png @quick").Succeeded();

        Assert.Equal("Dead", Assert.Single(result.Values("Status"))!.ToString());
        Assert.Contains("has no picture (Dead)", Assert.Single(result.Warnings));
    }

    [Fact]
    public void Progress_names_the_octave_and_is_completed()
    {
        ScriptResult result = _engine.Run("$layer | Invoke-DeepDream photos/0.png -Steps 50 -Octaves 3").Succeeded();

        ProgressRecord[] records = [.. result.Progress.Where(record => record.Activity == "Dreaming of 0.png")];
        Assert.All(records[..^1], record => Assert.Matches(@"^Octave \d of 3, step \d+ of 50", record.StatusDescription));
        Assert.All(records[..^1], record => Assert.InRange(record.PercentComplete, 0, 100));
        Assert.Equal(ProgressRecordType.Completed, records[^1].RecordType);
    }

    [Fact]
    public void A_stop_is_answered_at_once()
    {
        _engine.AssertStopsAtOnce("$layer | Invoke-DeepDream photos -Steps 10000 -Octaves 3");
    }

    private string At(string path) => Path.Combine(_engine.Folder, path);
}
