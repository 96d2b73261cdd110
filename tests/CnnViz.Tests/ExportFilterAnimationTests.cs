using System.Text;

namespace CnnViz.Tests;

public sealed class ExportFilterAnimationTests : IDisposable
{
    private readonly HostedEngine _engine = new HostedEngine().WithModel();

    public ExportFilterAnimationTests() => _engine.Run(
        "$global:images = $model | Get-CnnLayer conv1, conv1/relu | Invoke-FilterMaximization -Filter 0, 3 -Steps 3 -Size 16 -SnapshotEvery 2").Succeeded();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Each_picture_becomes_a_GIF_with_a_safe_name()
    {
        ScriptResult result = _engine.Run("$images | Export-FilterAnimation out -PassThru").Succeeded();

        string[] expected = ["conv1_0000.gif", "conv1_0003.gif", "conv1-relu_0000.gif", "conv1-relu_0003.gif"];
        Assert.Equal(expected, result.Output.Select(file => ((FileInfo)file.BaseObject).Name));
        Assert.All(Directory.GetFiles(At("out")), file => Assert.StartsWith("GIF89a", Encoding.Latin1.GetString(File.ReadAllBytes(file))));
    }

    [Theory]
    [InlineData("'out/{Model}/[{Layer}]-{Filter:00}.webp'", "", "out/tiny/[conv1-relu]-03.webp", "RIFF")]
    [InlineData("'out/{Filter}'", "-Format Webp", "out/3.webp", "RIFF")]
    [InlineData("all.gif", "-Together", "all.gif", "GIF89a")]
    [InlineData("out", "-Together -Format Webp", "out/tiny_conv1.webp", "RIFF")]
    public void Templates_and_formats_choose_name_and_content(string path, string arguments, string expected, string magic)
    {
        _engine.Run($"$images | Export-FilterAnimation {path} {arguments} -Force").Succeeded();

        Assert.StartsWith(magic, Encoding.Latin1.GetString(File.ReadAllBytes(At(expected))));
    }

    [Fact]
    public void A_file_that_is_there_is_kept_unless_forced()
    {
        File.WriteAllText(At("one.gif"), "mine");

        ScriptResult kept = _engine.Run("$images[0] | Export-FilterAnimation one.gif");

        Assert.StartsWith("FileExists,", kept.Error.FullyQualifiedErrorId);
        Assert.Equal("mine", File.ReadAllText(At("one.gif")));
        _engine.Run("$images[0] | Export-FilterAnimation one.gif -Force").Succeeded();
        Assert.NotEqual("mine", File.ReadAllText(At("one.gif")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-Together")]
    public void WhatIf_writes_nothing(string arguments)
    {
        _engine.Run($"$images | Export-FilterAnimation out -WhatIf {arguments}").Succeeded();

        Assert.False(Directory.Exists(At("out")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-Together")]
    public void One_bad_picture_is_an_error_and_the_others_go_on(string arguments)
    {
        ScriptResult result = _engine.Run(
            $$"""
            $none = $model | Get-CnnLayer conv1 | Invoke-FilterMaximization 1 -Steps 1 -Size 16
            $gone = $model | Get-CnnLayer conv1 | Invoke-FilterMaximization 2 -Steps 1 -Size 16 -SnapshotEvery 1
            $gone.Dispose()
            $none, $gone, $images[0] | Export-FilterAnimation out -PassThru {{arguments}}
            """);

        Assert.Equal(2, result.Errors.Count);
        Assert.StartsWith("NoSnapshots,", result.Errors[0].FullyQualifiedErrorId);
        Assert.Contains("-SnapshotEvery", result.Errors[0].ErrorDetails.RecommendedAction);
        Assert.Contains("disposed", result.Errors[1].ToString());
        Assert.Single(result.Output);
    }

    [Fact]
    public void A_picture_without_signal_is_not_exported()
    {
        ScriptResult result = _engine.Run(
            $"$dead = $model | Get-CnnLayer conv1 | Invoke-FilterMaximization {TinyModel.Dead} -SnapshotEvery 5 -WarningAction Ignore; $dead | Export-FilterAnimation out").Succeeded();

        Assert.Contains("not exported", Assert.Single(result.Warnings));
        Assert.False(Directory.Exists(At("out")));
    }

    [Theory]
    [InlineData("one.gif -Format Webp", "FormatMismatch")]
    [InlineData("one.png", "FormatMismatch")]
    [InlineData("'{Nothing}.gif'", "UnknownPlaceholder")]
    [InlineData("variable:PWD", "NotFileSystem")]
    public void Bad_paths_give_one_clear_error(string arguments, string id)
    {
        Assert.StartsWith(id + ",", _engine.Run($"$images | Export-FilterAnimation {arguments}").Error.FullyQualifiedErrorId);
    }

    private string At(string path) => Path.Combine(_engine.Folder, path);
}
