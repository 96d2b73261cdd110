using System.Text;

namespace CnnViz.Tests;

public sealed class ExportFilterImageTests : IDisposable
{
    private readonly HostedEngine _engine = new HostedEngine().WithModel();

    public ExportFilterImageTests() =>
        _engine.Run("$global:images = $model | Get-CnnLayer conv1, conv1/relu | Invoke-FilterMaximization -Filter 0, 3 -Steps 3").Succeeded();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Each_picture_becomes_a_file_with_a_safe_name()
    {
        ScriptResult result = _engine.Run("$images | Export-FilterImage out -PassThru").Succeeded();

        string[] expected = ["conv1_0000.png", "conv1_0003.png", "conv1-relu_0000.png", "conv1-relu_0003.png"];
        Assert.Equal(expected, result.Output.Select(file => ((FileInfo)file.BaseObject).Name));
        Assert.Equal(expected.Order(), Directory.GetFiles(At("out")).Select(Path.GetFileName).Order());
        Assert.All(Directory.GetFiles(At("out")), file => Assert.Equal(0x89, File.ReadAllBytes(file)[0]));
    }

    [Fact]
    public void Without_PassThru_nothing_is_put_out()
    {
        Assert.Empty(_engine.Run("$images | Export-FilterImage out").Succeeded().Output);
    }

    [Theory]
    [InlineData("'out/{Model}/{Layer}-{Filter:00}-{Seed}.jpg'", "", "out/tiny/conv1-relu-03-0.jpg", "\u00ff\u00d8")]
    [InlineData("'out/{Filter}'", "-Format Webp", "out/3.webp", "RIFF")]
    [InlineData("out", "-Format Tiff", "out/conv1_0003.tiff", "II*")]
    [InlineData("'{Layer}_{Filter}'", "-Format Jpeg -Quality 50", "conv1_3.jpg", "\u00ff\u00d8")]
    public void Templates_and_formats_choose_name_and_content(string path, string arguments, string expected, string magic)
    {
        _engine.Run($"$images | Export-FilterImage {path} {arguments} -Force").Succeeded();

        Assert.StartsWith(magic, Encoding.Latin1.GetString(File.ReadAllBytes(At(expected))));
    }

    [Fact]
    public void A_file_that_is_there_is_kept_unless_forced()
    {
        _engine.Run("$images[0] | Export-FilterImage one.png").Succeeded();
        File.WriteAllText(At("one.png"), "mine");

        ScriptResult kept = _engine.Run("$images[0] | Export-FilterImage one.png");

        Assert.StartsWith("FileExists,", kept.Error.FullyQualifiedErrorId);
        Assert.Equal("mine", File.ReadAllText(At("one.png")));
        _engine.Run("$images[0] | Export-FilterImage one.png -Force").Succeeded();
        Assert.NotEqual("mine", File.ReadAllText(At("one.png")));
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        _engine.Run("$images | Export-FilterImage out -WhatIf").Succeeded();

        Assert.False(Directory.Exists(At("out")));
    }

    [Fact]
    public void A_picture_without_signal_is_not_exported()
    {
        ScriptResult result = _engine.Run(
            $"$dead = $model | Get-CnnLayer conv1 | Invoke-FilterMaximization {TinyModel.Dead} -WarningAction Ignore; $dead | Export-FilterImage out").Succeeded();

        Assert.Contains("not exported", Assert.Single(result.Warnings));
        Assert.False(Directory.Exists(At("out")));
    }

    [Fact]
    public void The_file_says_what_repeats_it()
    {
        _engine.Run("$images[1] | Export-FilterImage one.png").Succeeded();

        Dictionary<string, string> text = PngText.Read(At("one.png"));
        Assert.Equal("tiny conv1 filter 3", text["Title"]);
        foreach (string fact in new[]
        {
            "\"model\":\"tiny\"", "\"modelSha256\":\"", "\"layer\":\"conv1\"", "\"filter\":3", "\"recipe\":\"Robust\"", "\"steps\":3",
            "\"seed\":0", "\"activation\":", "\"status\":\"StepLimit\"",
        })
        {
            Assert.Contains(fact, text["CnnViz"]);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes()
    {
        _engine.Run(
            """
            1, 2 | ForEach-Object { $model | Get-CnnLayer conv1 | Invoke-FilterMaximization 7 -Seed 5 -Steps 10 | Export-FilterImage "same$_.png" }
            $model | Get-CnnLayer conv1 | Invoke-FilterMaximization 7 -Seed 6 -Steps 10 | Export-FilterImage other.png
            """).Succeeded();

        Assert.Equal(File.ReadAllBytes(At("same1.png")), File.ReadAllBytes(At("same2.png")));
        Assert.NotEqual(File.ReadAllBytes(At("same1.png")), File.ReadAllBytes(At("other.png")));
    }

    [Theory]
    [InlineData("one.png -Format Jpeg", "FormatMismatch")]
    [InlineData("'{Nothing}.png'", "UnknownPlaceholder")]
    [InlineData("variable:PWD", "NotFileSystem")]
    public void Bad_paths_give_one_clear_error(string arguments, string id)
    {
        Assert.StartsWith(id + ",", _engine.Run($"$images | Export-FilterImage {arguments}").Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_an_error_for_each_picture_and_leaves_no_part()
    {
        File.WriteAllText(At("out"), "a file");

        ScriptResult result = _engine.Run("$images[0,1] | Export-FilterImage out/");

        Assert.Equal(2, result.Errors.Count);
        Assert.All(result.Errors, error => Assert.Equal("WriteError", error.CategoryInfo.Category.ToString()));
        Assert.Empty(Directory.GetFiles(_engine.Folder, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_disposed_picture_says_so()
    {
        ScriptResult result = _engine.Run("$images[0].Dispose(); $images[0] | Export-FilterImage out");

        Assert.Contains("disposed", result.Error.ToString());
    }

    private string At(string path) => Path.Combine(_engine.Folder, path);
}
