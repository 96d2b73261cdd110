namespace CnnViz.Tests;

public sealed class ExportFilterPlotTests : IDisposable
{
    private readonly HostedEngine _engine = new HostedEngine().WithModel();

    public ExportFilterPlotTests() =>
        _engine.Run("$global:images = $model | Get-CnnLayer conv1 | Invoke-FilterMaximization -Filter 0, 3 -Steps 4").Succeeded();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("out/plot.svg", "out/plot.svg", "<?xml")]
    [InlineData("'[a]'", "[a].svg", "<?xml")]
    [InlineData("plot.PNG -Width 300 -Height 200 -Title mine", "plot.PNG", "\u0089PNG")]
    public void The_extension_says_the_format(string arguments, string expected, string magic)
    {
        ScriptResult result = _engine.Run($"$images | Export-FilterPlot {arguments} -PassThru").Succeeded();

        Assert.Equal(At(expected), ((FileInfo)Assert.Single(result.Output).BaseObject).FullName);
        Assert.StartsWith(magic, System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(At(expected))).TrimStart('\u00ef', '\u00bb', '\u00bf'));
    }

    [Fact]
    public void Disposed_pictures_are_plotted_too()
    {
        _engine.Run("foreach ($image in $images) { $image.Dispose() }; $images | Export-FilterPlot plot.svg").Succeeded();

        string svg = File.ReadAllText(At("plot.svg"));
        Assert.Contains("conv1:0", svg);
        Assert.Contains("conv1:3", svg);
    }

    [Fact]
    public void A_file_that_is_there_is_kept_unless_forced()
    {
        File.WriteAllText(At("plot.svg"), "mine");

        Assert.StartsWith("FileExists,", _engine.Run("$images | Export-FilterPlot plot.svg").Error.FullyQualifiedErrorId);
        Assert.Equal("mine", File.ReadAllText(At("plot.svg")));
        _engine.Run("$images | Export-FilterPlot plot.svg -Force").Succeeded();
        Assert.NotEqual("mine", File.ReadAllText(At("plot.svg")));
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        Assert.Empty(_engine.Run("$images | Export-FilterPlot plot.svg -WhatIf").Succeeded().Output);
        Assert.False(File.Exists(At("plot.svg")));
    }

    [Theory]
    [InlineData("plot.pdf", "UnknownPlotFormat")]
    [InlineData("variable:PWD", "NotFileSystem")]
    public void Bad_paths_give_one_clear_error(string path, string id) =>
        Assert.StartsWith(id + ",", _engine.Run($"$images | Export-FilterPlot {path}").Error.FullyQualifiedErrorId);

    private string At(string path) => Path.Combine(_engine.Folder, path);
}
