using System.Management.Automation;

namespace CnnViz.Tests;

public sealed class InvokeFilterMaximizationTests : IDisposable
{
    private readonly HostedEngine _engine = new HostedEngine().WithModel();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void A_picture_comes_with_the_facts_that_repeat_it()
    {
        ScriptResult result = _engine.Run("$model | Get-CnnLayer conv1 | Invoke-FilterMaximization 3 -Steps 12 -Seed 7").Succeeded();

        dynamic image = Assert.Single(result.Output).BaseObject;
        Assert.Equal("tiny", image.Model);
        Assert.Equal(64, image.ModelSha256.Length);
        Assert.Equal("conv1", image.Layer);
        Assert.Equal(3, image.Filter);
        Assert.Equal(12, image.Activations.Count);
        Assert.Equal(7L, image.Seed);
        Assert.Equal("Robust", image.Recipe.ToString());
        Assert.Equal(12, image.Recipe.Steps);
        Assert.Equal("StepLimit", image.Status.ToString());
        Assert.Equal("32×32", image.Size);
        Assert.Equal(new long[] { 3, 32, 32 }, (long[])image.GetTensor().shape);
        Assert.True(image.Activation > image.Activations[0]);
        Assert.True(image.Elapsed > TimeSpan.Zero);
    }

    [Fact]
    public void Without_a_number_all_filters_come_in_order()
    {
        ScriptResult result = _engine.Run("$model | Get-CnnLayer conv1 | Invoke-FilterMaximization -Steps 2 -BatchSize 3").Succeeded();

        Assert.Equal(Enumerable.Range(0, 8).Cast<object?>(), result.Values("Filter"));
    }

    [Fact]
    public void Filters_that_come_one_by_one_leave_in_the_order_in_which_they_came()
    {
        ScriptResult result = _engine.Run(
            "$model | Get-CnnLayer conv1, conv2 | ForEach-Object { $_ | Get-CnnFilter 2, 0, 1 } | Invoke-FilterMaximization -Steps 2 -BatchSize 2").Succeeded();

        Assert.Equal(
            ["conv1:2", "conv1:0", "conv1:1", "conv2:2", "conv2:0", "conv2:1"],
            result.Output.Select(image => $"{image.Properties["Layer"].Value}:{image.Properties["Filter"].Value}"));
    }

    [Fact]
    public void A_filter_that_is_not_there_is_an_error_and_the_others_go_on()
    {
        ScriptResult result = _engine.Run("$model | Get-CnnLayer conv1, conv2 | Invoke-FilterMaximization -Filter 0, 5, -1 -Steps 2");

        Assert.Equal(3, result.Errors.Count);
        Assert.All(result.Errors, error => Assert.StartsWith("FilterOutOfRange,", error.FullyQualifiedErrorId));
        Assert.Equal([0, 5, 0], result.Values("Filter"));
    }

    [Fact]
    public void A_dead_filter_is_reported_and_not_passed_off_as_a_result()
    {
        ScriptResult result = _engine.Run($"$model | Get-CnnLayer conv1 | Invoke-FilterMaximization {TinyModel.Dead} -Steps 5").Succeeded();

        Assert.Equal("Dead", result.Values("Status")[0]!.ToString());
        Assert.Equal(false, result.Values("HasSignal")[0]);
        Assert.Contains("gradient is zero", Assert.Single(result.Warnings));
    }

    [Fact]
    public void A_picture_that_has_settled_says_so()
    {
        ScriptResult result = _engine.Run("$model | Get-CnnLayer conv1 | Invoke-FilterMaximization 3 -Steps 400 -Tolerance 0.02").Succeeded();

        dynamic image = Assert.Single(result.Output).BaseObject;
        Assert.Equal("Converged", image.Status.ToString());
        Assert.InRange((int)image.Activations.Count, 32, 399);
        Assert.Equal(0.02, (double)image.Recipe.Tolerance);
    }

    [Fact]
    public void A_limit_of_memory_makes_the_pictures_of_a_batch_one_by_one()
    {
        ScriptResult result = _engine.Run(
            "1, 1GB | ForEach-Object { $model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0, 1 -Steps 3 -BatchSize 2 -MemoryLimit $_ }").Succeeded();

        Assert.Equal([0, 1, 0, 1], result.Values("Filter"));
        Assert.All(result.Values("HasSignal"), signal => Assert.Equal(true, signal));
    }

    [Theory]
    [InlineData("-Tolerance 1.5")]
    [InlineData("-Tolerance -1")]
    [InlineData("-MemoryLimit 0")]
    public void A_tolerance_and_a_limit_have_bounds(string arguments)
    {
        ScriptResult result = _engine.Run($"$model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0 -Steps 3 {arguments}");

        Assert.Empty(result.Output);
        Assert.StartsWith("ParameterArgumentValidationError,", result.Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void An_ascent_that_raises_nothing_is_reported()
    {
        ScriptResult result = _engine.Run("$model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0 -Recipe Classic -StepSize 1e-8 -Steps 5").Succeeded();

        Assert.Equal("NotRaised", result.Values("Status")[0]!.ToString());
        Assert.Equal(false, result.Values("HasSignal")[0]);
        Assert.Contains("no step raised its activation", Assert.Single(result.Warnings));
    }

    [Fact]
    public void An_activation_that_is_no_number_is_reported()
    {
        ScriptResult result = _engine.Run("$model | Get-CnnLayer broken, conv1 | Invoke-FilterMaximization 0 -Steps 5").Succeeded();

        Assert.Equal(["StepLimit", "Diverged"], result.Values("Status").Select(status => status!.ToString()));
        Assert.Contains("not a number", Assert.Single(result.Warnings));
    }

    [Theory]
    [InlineData("-Size 4096 -Steps 1 -Filter 99", "FilterOutOfRange")]
    [InlineData("0 -Recipe Classic -GradientNormalization None", "StepSizeNeeded")]
    [InlineData("0 -InitialImage tiny.onnx", "PictureUnreadable")]
    public void Bad_input_gives_one_clear_error(string arguments, string id)
    {
        ScriptResult result = _engine.Run($"$model | Get-CnnLayer conv1 | Invoke-FilterMaximization {arguments}");

        Assert.Empty(result.Output);
        Assert.StartsWith(id + ",", result.Error.FullyQualifiedErrorId);
        Assert.Equal("conv1", result.Error.TargetObject.ToString());
    }

    [Fact]
    public void A_picture_to_start_from_that_is_not_there_is_one_error_for_all_layers()
    {
        ScriptResult result = _engine.Run("$model | Get-CnnLayer conv* | Invoke-FilterMaximization 0 -InitialImage nowhere.png");

        Assert.StartsWith("PathNotFound,", result.Error.FullyQualifiedErrorId);
        Assert.Equal("nowhere.png", result.Error.TargetObject);
    }

    [Fact]
    public void Without_a_step_of_ones_own_the_normalizations_climb_alike()
    {
        ScriptResult result = _engine.Run(
            "'Rms', 'L2', 'Std' | ForEach-Object { $model | Get-CnnLayer conv1 | Invoke-FilterMaximization 7 -Recipe Classic -GradientNormalization $_ }").Succeeded();

        double[] activations = [.. result.Values("Activation").Select(Convert.ToDouble)];
        Assert.All(activations, activation => Assert.InRange(activation / activations[0], 0.95, 1.05));
    }

    [Theory]
    [InlineData("-Steps 0")]
    [InlineData("-StepSize 0")]
    [InlineData("-Size 0")]
    [InlineData("-Border -1")]
    [InlineData("-BatchSize 0")]
    [InlineData("-Recipe Unheard")]
    public void Parameters_out_of_range_are_refused(string arguments)
    {
        ScriptResult result = _engine.Run($"$model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0 {arguments}");

        Assert.StartsWith("ParameterArgumentValidationError,", result.Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void Progress_tells_step_activation_and_time_left_and_is_completed()
    {
        ScriptResult result = _engine.Run("$model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0, 1 -Steps 400 -Size 128 -BatchSize 1").Succeeded();

        ProgressRecord[] running = [.. result.Progress.Where(record => record.RecordType == ProgressRecordType.Processing)];
        Assert.NotEmpty(running);
        Assert.All(running, record => Assert.Matches(@"^\d of 2 done; conv1:\d, step \d+ of 400", record.StatusDescription));
        Assert.All(running, record => Assert.InRange(record.PercentComplete, 0, 100));
        Assert.Contains(running, record => record.StatusDescription.Contains("activation "));
        Assert.Contains(running, record => record.SecondsRemaining >= 0);
        Assert.Equal(ProgressRecordType.Completed, result.Progress[^1].RecordType);
    }

    [Fact]
    public void A_stop_is_answered_at_once()
    {
        _engine.AssertStopsAtOnce("$model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0, 1, 2, 3, 4, 7 -Steps 1000000 -Size 2048 -BatchSize 6");
    }

    [Fact]
    public void A_pipeline_that_has_enough_ends_early()
    {
        ScriptResult result = _engine.Run(
            "foreach ($image in & { $model | Get-CnnLayer conv1 | Invoke-FilterMaximization -Steps 2 -BatchSize 1 } ) { $image; break }").Succeeded();

        Assert.Single(result.Output);
    }

    [Fact]
    public void Minimize_goes_down_and_a_picture_to_start_from_is_kept_in_sight()
    {
        ScriptResult result = _engine.Run(
            """
            $layer = $model | Get-CnnLayer conv1
            $layer | Invoke-FilterMaximization 0 -Steps 100 | Export-FilterImage red.png
            $layer | Invoke-FilterMaximization 0 -Minimize -Steps 20
            $layer | Invoke-FilterMaximization 1 -InitialImage red.png -Steps 1 -StepSize 0.0001
            """).Succeeded();

        dynamic down = result.Output[0].BaseObject;
        dynamic same = result.Output[1].BaseObject;
        Assert.True(down.Minimized);
        Assert.True(down.Activation < down.Activations[0]);

        // The start is the red picture: the detector of green is far below zero there.
        Assert.True(same.Activation < -0.05f, $"{same.Activation}");
        Assert.EndsWith("red.png", same.InitialImage);
    }
}
