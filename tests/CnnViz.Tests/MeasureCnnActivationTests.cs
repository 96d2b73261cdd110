using System.Management.Automation;

namespace CnnViz.Tests;

public sealed class MeasureCnnActivationTests : IDisposable
{
    private readonly HostedEngine _engine = new HostedEngine().WithModel();

    // Three pictures of 32×32: red, green, blue.
    public MeasureCnnActivationTests() => _engine.Run(
        """
        $global:layer = $model | Get-CnnLayer conv1
        $layer | Invoke-FilterMaximization 0, 1, 2 -Recipe Classic -Steps 15 | Export-FilterImage pictures/deep
        """).Succeeded();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Each_filter_has_an_object_for_each_image()
    {
        ScriptResult result = _engine.Run("$layer | Measure-CnnActivation pictures/deep -Filter 0, 2").Succeeded();

        Assert.Equal([0, 2, 0, 2, 0, 2], result.Values("Filter"));
        Assert.Equal(
            ["conv1_0000.png", "conv1_0000.png", "conv1_0001.png", "conv1_0001.png", "conv1_0002.png", "conv1_0002.png"],
            result.Values("Path").Select(path => Path.GetFileName((string)path!)));
        dynamic first = result.Output[0].BaseObject;
        Assert.Equal(("tiny", "conv1", null), ((string)first.Model, (string)first.Layer, (string?)first.ClassName));
        Assert.True(first.Max > first.Mean);
        Assert.InRange((int)first.Position.Row, 0, 31);
        Assert.InRange((int)first.Patch.Height, 2, 3);

        // The red picture fires red more than blue, the blue one blue more than red.
        float[] means = [.. result.Values("Mean").Cast<float>()];
        Assert.True(means[0] > means[1] && means[5] > means[4], string.Join(", ", means));
    }

    [Fact]
    public void Several_layers_take_one_pass_over_the_images()
    {
        ScriptResult result = _engine.Run(
            "$model | Get-CnnLayer conv1, conv2, classifier | Measure-CnnActivation pictures/deep -Filter 1 -Verbose").Succeeded();

        Assert.Equal(
            Enumerable.Repeat(new[] { "conv1", "conv2", "classifier" }, 3).SelectMany(layers => layers), result.Values("Layer"));
        Assert.StartsWith("Measured 3 filters of 'tiny' on 3 images", Assert.Single(result.Verbose, text => text.StartsWith("Measured")));
        Assert.Null(result.Values("Position")[2]);
    }

    [Fact]
    public void Filters_choose_themselves()
    {
        ScriptResult result = _engine.Run(
            "$model | Get-CnnLayer conv1, conv2 | Get-CnnFilter 2, 0 | Measure-CnnActivation pictures/deep/conv1_0001.png").Succeeded();

        Assert.Equal(
            ["conv1:2", "conv1:0", "conv2:2", "conv2:0"],
            result.Output.Select(item => $"{item.Properties["Layer"].Value}:{item.Properties["Filter"].Value}"));
    }

    [Fact]
    public void Models_are_measured_one_after_the_other()
    {
        ScriptResult result = _engine.Run(
            """
            [IO.File]::Copy("$PWD/tiny.onnx", "$PWD/other.onnx")
            $other = Import-CnnModel other.onnx -Preprocessing Unit
            $model, $other | Get-CnnLayer conv2 | Measure-CnnActivation pictures/deep -Filter 0
            """).Succeeded();

        Assert.Equal(["tiny", "tiny", "tiny", "other", "other", "other"], result.Values("Model"));
        Assert.Equal(result.Values("Max")[..3], result.Values("Max")[3..]);
    }

    [Fact]
    public void Units_have_the_names_of_their_classes()
    {
        File.WriteAllLines(Path.Combine(_engine.Folder, "names.txt"), ["red", "green", "blue"]);

        ScriptResult result = _engine.Run(
            """
            $named = Import-CnnModel tiny.onnx -Preprocessing Unit -ClassName names.txt
            $named | Get-CnnLayer conv1, classifier | Measure-CnnActivation pictures/deep/conv1_0002.png -Filter 0, 1, 2
            """).Succeeded();

        Assert.Equal([null, null, null, "red", "green", "blue"], result.Values("ClassName"));
        float[] scores = [.. result.Values("Max").Cast<float>().Skip(3)];
        Assert.Equal(2, Array.IndexOf(scores, scores.Max()));
        Assert.Equal(result.Values("Mean")[3..], result.Values("Max")[3..]);
    }

    [Fact]
    public void An_image_that_cannot_be_read_is_one_error_and_the_others_go_on()
    {
        File.WriteAllText(Path.Combine(_engine.Folder, "pictures", "deep", "conv1_0000b.jpg"), "no picture");

        ScriptResult result = _engine.Run("$layer | Measure-CnnActivation pictures/deep, nowhere.png, tiny.onnx -Filter 0");

        Assert.Equal(3, result.Output.Count);
        Assert.Equal(3, result.Errors.Count);
        Assert.StartsWith("PathNotFound,", result.Errors[0].FullyQualifiedErrorId);
        Assert.All(result.Errors.Skip(1), error => Assert.StartsWith("PictureUnreadable,", error.FullyQualifiedErrorId));
        Assert.EndsWith("conv1_0000b.jpg", (string)result.Errors[1].TargetObject);
    }

    [Theory]
    [InlineData("pictures", "PictureNotFound", "ObjectNotFound")]
    [InlineData("nowhere.png", "PathNotFound", "ObjectNotFound")]
    [InlineData("Env:/PATH", "NotFileSystem", "InvalidArgument")]
    public void A_path_that_leads_to_no_picture_is_an_error(string path, string id, string category)
    {
        ScriptResult result = _engine.Run($"$layer | Measure-CnnActivation {path}");

        Assert.Empty(result.Output);
        Assert.StartsWith(id + ",", result.Error.FullyQualifiedErrorId);
        Assert.Equal(category, result.Error.CategoryInfo.Category.ToString());
    }

    [Fact]
    public void Folders_of_folders_are_searched_when_asked_for_and_a_picture_counts_once()
    {
        ScriptResult result = _engine.Run("$layer | Measure-CnnActivation pictures, pictures/deep/*2.png -Recurse -Filter 0").Succeeded();

        Assert.Equal(3, result.Output.Count);
    }

    [Fact]
    public void A_filter_that_is_not_there_is_an_error_and_the_others_go_on()
    {
        ScriptResult result = _engine.Run("$model | Get-CnnLayer conv1, conv2 | Measure-CnnActivation pictures/deep/*0.png -Filter 1, 5");

        Assert.StartsWith("FilterOutOfRange,", result.Error.FullyQualifiedErrorId);
        Assert.Equal([1, 5, 1], result.Values("Filter"));
    }

    [Fact]
    public void The_best_images_come_as_patches_that_can_be_exported()
    {
        ScriptResult result = _engine.Run(
            """
            $best = $model | Get-CnnLayer conv1, conv2 | Measure-CnnActivation pictures/deep -Filter 0, 2 -Top 2
            $best
            $best | Export-FilterImage out
            $best | Export-FilterImage 'named/{Layer}-{Filter}-{Rank}-{Image}.jpg'
            """).Succeeded();

        Assert.Equal([1, 2, 1, 2, 1, 2, 1, 2], result.Values("Rank"));
        Assert.Equal([0, 0, 2, 2, 0, 0, 2, 2], result.Values("Filter"));
        float[] maxima = [.. result.Values("Max").Cast<float>()];
        Assert.All(maxima.Chunk(2), pair => Assert.True(pair[0] >= pair[1]));
        Assert.EndsWith("conv1_0000.png", (string)result.Values("Path")[4]!);
        Assert.Equal(
            new[] { "conv1_0000_01.png", "conv1_0000_02.png", "conv1_0002_01.png", "conv1_0002_02.png" },
            Directory.GetFiles(At("out"), "conv1*").Select(Path.GetFileName).Order());

        Dictionary<string, string> text = PngText.Read(At("out/conv2_0000_01.png"));
        Assert.Equal("tiny conv2 filter 0: number 1, from conv1_0000.png", text["Title"]);
        Assert.Contains("\"rank\":1", text["CnnViz"]);
        dynamic patch = result.Output[4].BaseObject;
        Assert.Contains($"\"top\":{patch.Patch.Top},\"left\":{patch.Patch.Left},\"height\":{patch.Height}", text["CnnViz"]);
        Assert.Equal((int)patch.Height * (int)patch.Width * 3, ((byte[])patch.GetPixels()).Length);
        Assert.True(File.Exists(At("named/conv2-0-1-conv1_0000.jpg")));
    }

    [Fact]
    public void A_placeholder_that_says_nothing_of_a_picture_is_an_error()
    {
        ScriptResult result = _engine.Run(
            "$layer | Measure-CnnActivation pictures/deep -Filter 0 -Top 1 | Export-FilterImage 'out/{Layer}-{Seed}.png'");

        Assert.StartsWith("UnknownPlaceholder,", result.Error.FullyQualifiedErrorId);
        Assert.False(Directory.Exists(At("out")));
    }

    [Fact]
    public void Without_a_layer_there_is_one_error_and_without_any_object_nothing()
    {
        Assert.StartsWith("NoLayer,", _engine.Run("Measure-CnnActivation pictures/deep").Error.FullyQualifiedErrorId);
        Assert.Empty(_engine.Run("$model | Get-CnnLayer none* | Measure-CnnActivation pictures/deep").Succeeded().Output);
    }

    [Fact]
    public void Pictures_come_through_the_pipeline_by_property()
    {
        ScriptResult result = _engine.Run(
            """
            $files = [IO.Directory]::GetFiles("$PWD/pictures/deep") | ForEach-Object { [pscustomobject]@{ PSPath = $_ } }
            $files | Measure-CnnActivation -Layer $layer -Filter 0, 99
            """);

        Assert.StartsWith("FilterOutOfRange,", result.Error.FullyQualifiedErrorId);
        Assert.Equal(3, result.Output.Count);
    }

    [Fact]
    public void A_model_that_was_disposed_is_an_error()
    {
        ScriptResult result = _engine.Run(
            """
            $other = Import-CnnModel tiny.onnx -Preprocessing Unit
            $of = $other | Get-CnnLayer conv1
            $other.Dispose()
            $of, $layer | Measure-CnnActivation pictures/deep -Filter 0
            """);

        Assert.StartsWith("ModelDisposed,", result.Error.FullyQualifiedErrorId);
        Assert.Equal(3, result.Output.Count);
    }

    [Theory]
    [InlineData("-Top 0")]
    [InlineData("-BatchSize 0")]
    [InlineData("-Path ''")]
    public void Parameters_out_of_range_are_refused(string arguments) => Assert.StartsWith(
        "ParameterArgumentValidationError",
        _engine.Run($"$layer | Measure-CnnActivation -LiteralPath pictures {arguments}".Replace("-LiteralPath pictures -Path", "-Path")).Error.FullyQualifiedErrorId);

    [Fact]
    public void Progress_counts_images_and_is_completed()
    {
        ScriptResult result = _engine.Run("$layer | Measure-CnnActivation pictures/deep -BatchSize 1 -Filter 0").Succeeded();

        ProgressRecord[] records = [.. result.Progress.Where(record => record.Activity == "Measuring tiny")];
        Assert.All(records[..^1], record => Assert.Matches(@"^\d of 3 images done; conv1_", record.StatusDescription));
        Assert.Equal(ProgressRecordType.Completed, records[^1].RecordType);
    }

    [Fact]
    public void A_stop_is_answered_at_once()
    {
        // Far more pictures than there is time for, all links to one.
        Directory.CreateDirectory(At("many"));
        for (int i = 0; i < 20_000; i++)
        {
            File.CreateSymbolicLink(At($"many/{i}.png"), At("pictures/deep/conv1_0000.png"));
        }

        _engine.AssertStopsAtOnce("$model | Get-CnnLayer | Measure-CnnActivation many -Top 3 -BatchSize 64");
    }

    [Fact]
    public void A_pipeline_that_has_enough_ends_early()
    {
        ScriptResult result = _engine.Run(
            "foreach ($one in & { $layer | Measure-CnnActivation pictures/deep -BatchSize 1 } ) { $one; break }").Succeeded();

        Assert.Single(result.Output);
    }

    private string At(string path) => Path.Combine(_engine.Folder, path);
}
