namespace CnnViz.Tests;

public sealed class ExportFilterSheetTests : IDisposable
{
    private readonly HostedEngine _engine = new HostedEngine().WithModel();

    public ExportFilterSheetTests() =>
        _engine.Run("$global:images = $model | Get-CnnLayer conv1, conv1/relu | Invoke-FilterMaximization -Filter 0, 3 -Steps 3").Succeeded();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Each_layer_becomes_a_sheet_named_after_it()
    {
        ScriptResult result = _engine.Run("$images | Export-FilterSheet out -PassThru").Succeeded();

        Assert.Equal(["conv1.png", "conv1-relu.png"], result.Output.Select(file => ((FileInfo)file.BaseObject).Name));
        Assert.Equal("tiny conv1", PngText.Read(At("out/conv1.png"))["Title"]);
        Assert.Contains("\"filter\":0", PngText.Read(At("out/conv1.png"))["CnnViz"]);
        Assert.Empty(Directory.GetFiles(_engine.Folder, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public void Pictures_of_a_layer_that_come_at_different_times_are_together()
    {
        _engine.Run("$images[0], $images[2], $images[1] | Export-FilterSheet out").Succeeded();

        Assert.Contains("\"count\":2", PngText.Read(At("out/conv1.png"))["CnnViz"]);
    }

    [Theory]
    [InlineData("'out/{Model}/{Layer}.jpg'", "", "out/tiny/conv1-relu.jpg")]
    [InlineData("all.webp", "-GroupBy None", "all.webp")]
    [InlineData("out", "-GroupBy None -Format Tiff", "out/tiny.tiff")]
    [InlineData("'[a].png'", "-GroupBy None -Columns 1 -TileSize 40, 60 -Margin 0 -Label '' -Background black", "[a].png")]
    public void Templates_grouping_and_format_choose_the_file(string path, string arguments, string expected)
    {
        _engine.Run($"$images | Export-FilterSheet {path} {arguments}").Succeeded();

        Assert.True(new FileInfo(At(expected)).Length > 100);
    }

    [Fact]
    public void A_file_that_is_there_is_said_at_the_first_picture_and_kept_unless_forced()
    {
        Directory.CreateDirectory(At("out"));
        File.WriteAllText(At("out/conv1.png"), "mine");

        ScriptResult kept = _engine.Run("$images | Export-FilterSheet out");

        Assert.StartsWith("FileExists,", kept.Error.FullyQualifiedErrorId);
        Assert.Equal("mine", File.ReadAllText(At("out/conv1.png")));
        Assert.True(File.Exists(At("out/conv1-relu.png")));
        _engine.Run("$images | Export-FilterSheet out -Force").Succeeded();
        Assert.NotEqual("mine", File.ReadAllText(At("out/conv1.png")));
    }

    [Fact]
    public void Two_sheets_of_one_name_are_an_error_and_the_first_is_kept()
    {
        ScriptResult result = _engine.Run("$images | Export-FilterSheet one.png -Force");

        Assert.StartsWith("SheetNameTaken,", result.Error.FullyQualifiedErrorId);
        Assert.Equal("tiny conv1", PngText.Read(At("one.png"))["Title"]);
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        _engine.Run("$images | Export-FilterSheet out -WhatIf").Succeeded();

        Assert.False(Directory.Exists(At("out")));
    }

    [Fact]
    public void Pictures_without_signal_and_disposed_ones_do_not_end_the_sheet()
    {
        ScriptResult result = _engine.Run(
            $"$dead = $model | Get-CnnLayer conv1 | Invoke-FilterMaximization {TinyModel.Dead} -WarningAction Ignore; $images[0].Dispose(); "
            + "$images[0], $images[1], $dead | Export-FilterSheet out");

        Assert.Contains("disposed", result.Error.ToString());
        string facts = PngText.Read(At("out/conv1.png"))["CnnViz"];
        Assert.Contains("\"count\":2", facts);
        Assert.Contains("\"status\":\"Dead\"", facts);
    }

    [Fact]
    public void Parts_of_images_stand_beside_pictures()
    {
        ScriptResult result = _engine.Run(
            """
            $images[0] | Export-FilterImage photo.png
            $patches = $model | Get-CnnLayer conv1 | Measure-CnnActivation photo.png -Filter 0 -Top 1
            @($images[0]; $patches) | Export-FilterSheet out -PassThru
            """).Succeeded();

        Assert.Single(result.Output);
        Assert.Contains("\"rank\":1", PngText.Read(At("out/conv1.png"))["CnnViz"]);
    }

    [Theory]
    [InlineData("one.png -Format Jpeg", "FormatMismatch")]
    [InlineData("'{Filter}.png'", "UnknownPlaceholder")]
    [InlineData("out -Label '{Nothing}'", "UnknownPlaceholder")]
    [InlineData("out -Background nocolour", "UnknownColour")]
    [InlineData("variable:PWD", "NotFileSystem")]
    [InlineData("out -Columns 1000 -TileSize 1000", "SheetTooLarge")]
    public void Bad_parameters_give_clear_errors_and_no_file(string arguments, string id)
    {
        ScriptResult result = _engine.Run($"$images[0] | Export-FilterSheet {arguments}");

        Assert.StartsWith(id + ",", result.Error.FullyQualifiedErrorId);
        Assert.False(Directory.Exists(At("out")));
    }

    private string At(string path) => Path.Combine(_engine.Folder, path);
}
