using System.Diagnostics;

namespace CnnViz.Tests;

public sealed class MeasureFilterImageTests : IDisposable
{
    private readonly HostedEngine _engine = new HostedEngine().WithModel();

    public MeasureFilterImageTests() =>
        _engine.Run("$global:images = $model | Get-CnnLayer conv1 | Invoke-FilterMaximization -Filter 0, 3 -Seed 5").Succeeded();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Pictures_become_figures_one_by_one_in_their_order()
    {
        ScriptResult result = _engine.Run("$images | Measure-FilterImage").Succeeded();

        Assert.Equal([0, 3], result.Values("Filter"));
        dynamic quality = result.Output[0].BaseObject;
        Assert.Equal("CnnViz.Quality.FilterImageQuality", quality.GetType().FullName);
        Assert.Equal("tiny", quality.Model);
        Assert.Equal("conv1", quality.Layer);
        Assert.Equal(5L, quality.Seed);
        Assert.Equal("Robust", quality.Recipe);
        Assert.Null(quality.Path);
        Assert.InRange((int)quality.Rank, 1, 8);
        Assert.Equal(1, quality.StandardRank);
        Assert.InRange((float)quality.Retention, 0.9f, 1.1f);
        Assert.True(quality.SpectralDistance > 0);
        Assert.Null(quality.NaturalRatio);
        Assert.Null(quality.Agreement);
    }

    [Fact]
    public void Files_say_themselves_what_they_are_of()
    {
        _engine.Run("$images | Export-FilterImage out").Succeeded();

        string[] commands = ["Measure-FilterImage out/*.png", "'out/conv1_0000.png', 'out/conv1_0003.png' | Measure-FilterImage"];
        foreach (string command in commands)
        {
            ScriptResult result = _engine.Run(command).Succeeded();
            Assert.Equal([0, 3], result.Values("Filter"));
            Assert.Equal(_engine.Run("$images | Measure-FilterImage").Values("Activation"), result.Values("Activation"));
            Assert.Equal(Path.Combine(_engine.Folder, "out", "conv1_0000.png"), result.Values("Path")[0]);
        }
    }

    [Fact]
    public void Files_come_straight_from_the_export_and_brackets_can_be_literal()
    {
        Assert.Equal([0, 3], _engine.Run("$images | Export-FilterImage out -PassThru | Measure-FilterImage").Succeeded().Values("Filter"));

        File.Move(At("out", "conv1_0003.png"), At("out", "a[1].png"));
        Assert.Equal([3], _engine.Run("Measure-FilterImage -LiteralPath 'out/a[1].png'").Succeeded().Values("Filter"));
    }

    [Fact]
    public void A_picture_can_be_measured_with_another_layer_and_filter()
    {
        ScriptResult result = _engine.Run(
            """
            $images[0] | Measure-FilterImage -Filter 2
            $images[0] | Measure-FilterImage -Layer ($model | Get-CnnLayer conv2) -Filter 1
            """).Succeeded();

        Assert.Equal(["conv1", "conv2"], result.Values("Layer"));
        Assert.Equal([2, 1], result.Values("Filter"));
        Assert.True((float)result.Values("Activation")[0]! < 0);
    }

    [Fact]
    public void A_file_of_somebody_else_needs_a_layer_and_a_filter()
    {
        _engine.Run("$images[0] | Export-FilterImage one.png").Succeeded();
        byte[] file = File.ReadAllBytes(At("one.png"));
        File.WriteAllBytes(At("plain.png"), WithoutText(file));

        Assert.StartsWith("PictureFactsMissing,", _engine.Run("Measure-FilterImage plain.png").Error.FullyQualifiedErrorId);
        Assert.StartsWith(
            "FilterNeeded,", _engine.Run("Measure-FilterImage plain.png -Layer ($model | Get-CnnLayer conv1)").Error.FullyQualifiedErrorId);
        ScriptResult result = _engine.Run("Measure-FilterImage plain.png -Layer ($model | Get-CnnLayer conv1) -Filter 0").Succeeded();
        Assert.Equal(_engine.Run("$images[0] | Measure-FilterImage").Values("Activation"), result.Values("Activation"));
        Assert.Null(Assert.Single(result.Values("Seed")));
    }

    [Fact]
    public void The_model_is_found_by_its_hash()
    {
        TinyModel.Write(At("other.onnx"), size: 24);

        // The newest model is not the picture's, and does not stand in for it.
        _engine.Run("$global:other = Import-CnnModel other.onnx -Preprocessing Unit").Succeeded();
        ScriptResult found = _engine.Run("$images[0] | Measure-FilterImage");
        Assert.Equal("tiny", Assert.Single(found.Succeeded().Values("Model")));

        ScriptResult given = _engine.Run("$images | Measure-FilterImage -Model $other");
        Assert.Equal(2, given.Errors.Count);
        Assert.StartsWith("PictureModelNotFound,", given.Errors[0].FullyQualifiedErrorId);
        Assert.Contains("not with 'other'", given.Errors[0].ToString());

        ScriptResult disposed = _engine.Run("$model.Dispose(); $images[0] | Measure-FilterImage");
        Assert.StartsWith("PictureModelNotFound,", disposed.Error.FullyQualifiedErrorId);
        Assert.Equal("ObjectNotFound", disposed.Error.CategoryInfo.Category.ToString());
    }

    [Fact]
    public void Another_preprocessing_is_warned_of_and_the_right_one_preferred()
    {
        ScriptResult both = _engine.Run("$global:caffe = Import-CnnModel tiny.onnx -Preprocessing Caffe; $images[0] | Measure-FilterImage");
        Assert.Empty(both.Succeeded().Warnings);

        ScriptResult wrong = _engine.Run("$images[0] | Measure-FilterImage -Model $caffe").Succeeded();
        Assert.Contains("Caffe", Assert.Single(wrong.Warnings));
        Assert.Single(wrong.Output);
    }

    [Fact]
    public void Natural_images_are_files_or_folders()
    {
        Directory.CreateDirectory(At("natural"));
        File.WriteAllText(At("natural", "notes.txt"), "no picture");
        _engine.Run(
            """
            $model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0, 1 -Steps 3 | Export-FilterImage natural
            """).Succeeded();

        foreach (string natural in new[] { "natural", "natural/*.png", "natural/conv1_0001.png, natural/conv1_0000.png" })
        {
            ScriptResult result = _engine.Run($"$images[0] | Measure-FilterImage -NaturalImage {natural}").Succeeded();
            dynamic quality = Assert.Single(result.Output).BaseObject;
            Assert.Equal(At("natural", "conv1_0000.png"), quality.NaturalImage);
            Assert.Equal((float)quality.Activation / (float)quality.NaturalActivation, (float)quality.NaturalRatio, 1e-5f);
            Assert.True(quality.NaturalRatio > 1);
        }
    }

    [Fact]
    public void A_natural_image_that_cannot_be_read_is_one_error()
    {
        _engine.Run("$images[1] | Export-FilterImage good.png").Succeeded();
        File.WriteAllText(At("bad.png"), "no picture");

        ScriptResult result = _engine.Run("$images | Measure-FilterImage -NaturalImage bad.png, good.png");

        Assert.StartsWith("PictureUnreadable,", result.Error.FullyQualifiedErrorId);
        Assert.Equal(2, result.Output.Count);
        ScriptResult none = _engine.Run("$images[0] | Measure-FilterImage -NaturalImage bad.png");
        Assert.Equal(2, none.Errors.Count);
        Assert.Empty(none.Output);
    }

    [Theory]
    [InlineData("-NaturalImage nowhere", "PathNotFound")]
    [InlineData("-NaturalImage nowhere*", "PathNotFound")]
    [InlineData("-NaturalImage variable:PWD", "NotFileSystem")]
    [InlineData("-Layer ($model | Get-CnnLayer conv1) -Model $model", "LayerAndModel")]
    public void What_can_be_right_for_no_picture_ends_the_command(string arguments, string id)
    {
        ScriptResult result = _engine.Run($"$images | Measure-FilterImage {arguments}");

        Assert.StartsWith(id + ",", result.Error.FullyQualifiedErrorId);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void One_bad_picture_does_not_end_the_pipeline()
    {
        File.WriteAllText(At("bad.png"), "no picture");
        ScriptResult files = _engine.Run("$images[0] | Export-FilterImage good.png; Measure-FilterImage bad.png, nowhere.png, good.png");
        Assert.Equal(["PictureUnreadable", "PathNotFound"], files.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Single(files.Output);

        ScriptResult range = _engine.Run("$images | Measure-FilterImage -Filter 99");
        Assert.Equal(2, range.Errors.Count);
        Assert.All(range.Errors, error => Assert.StartsWith("FilterOutOfRange,", error.FullyQualifiedErrorId));

        ScriptResult disposed = _engine.Run("$images[0].Dispose(); $images | Measure-FilterImage");
        Assert.Contains("disposed", disposed.Error.ToString());
        Assert.Equal([3], disposed.Values("Filter"));
    }

    [Fact]
    public void Seeds_are_compared_at_the_end_when_it_is_wanted()
    {
        ScriptResult result = _engine.Run(
            """
            $more = 0, 1 | ForEach-Object { $model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0, 7 -Seed $_ }
            @($images) + @($more) | Measure-FilterImage -Agreement
            """).Succeeded();

        Assert.Equal([0, 3, 0, 7, 0, 7], result.Values("Filter"));
        Assert.Null(result.Values("Agreement")[1]);
        Assert.All(result.Output.Where(item => (int)item.Properties["Filter"].Value != 3), item =>
            Assert.InRange((float)item.Properties["Agreement"].Value, 0.5f, 1.000001f));
    }

    [Fact]
    public void It_stops_within_a_second()
    {
        Directory.CreateDirectory(At("natural"));
        _engine.Run("$images[0] | Export-FilterImage one.png").Succeeded();
        for (int i = 0; i < 3000; i++)
        {
            File.Copy(At("one.png"), At("natural", $"{i}.png"));
        }

        using System.Management.Automation.PowerShell shell = _engine.Create();
        shell.AddScript("$images[0] | Measure-FilterImage -NaturalImage natural");
        IAsyncResult running = shell.BeginInvoke();
        Thread.Sleep(700);
        Assert.False(running.IsCompleted);
        var clock = Stopwatch.StartNew();
        shell.Stop();

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 1);
    }

    private string At(params string[] parts) => Path.Combine([_engine.Folder, .. parts]);

    // The PNG file without its text chunks.
    private static byte[] WithoutText(byte[] file)
    {
        var kept = new List<byte>(file[..8]);
        for (int at = 8; at < file.Length;)
        {
            int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at)) + 12;
            string type = System.Text.Encoding.ASCII.GetString(file, at + 4, 4);
            if (!type.EndsWith("Xt", StringComparison.Ordinal))
            {
                kept.AddRange(file[at..(at + length)]);
            }

            at += length;
        }

        return [.. kept];
    }
}
