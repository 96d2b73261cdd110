namespace CnnViz.Tests;

public sealed class ImportFilterImageTests : IDisposable
{
    private readonly HostedEngine _engine = new HostedEngine().WithModel();

    public ImportFilterImageTests() => _engine.Run(
        """
        $global:images = $model | Get-CnnLayer conv1 | Invoke-FilterMaximization -Filter 0, 3 -Steps 3 -Size 16 -Seed 4
        $images | Export-FilterImage out
        """).Succeeded();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("Import-FilterImage out/*.png")]
    [InlineData("Import-FilterImage out")]
    [InlineData("Import-FilterImage . -Recurse")]
    [InlineData("'out/conv1_0000.png', 'out/conv1_0003.png' | Import-FilterImage")]
    [InlineData("Import-FilterImage -LiteralPath out")]
    public void Files_and_folders_become_pictures(string script)
    {
        ScriptResult result = _engine.Run(script).Succeeded();

        Assert.Equal([0, 3], result.Values("Filter"));
        Assert.Equal(_engine.Run("$images").Values("Activation"), result.Values("Activation"));
        Assert.Equal([4L, 4L], result.Values("Seed"));
        Assert.Equal([At("out/conv1_0000.png"), At("out/conv1_0003.png")], result.Values("Path"));
    }

    [Fact]
    public void Pictures_that_were_read_can_be_exported_and_measured_as_any_other()
    {
        ScriptResult result = _engine.Run(
            """
            Import-FilterImage out | Export-FilterImage again
            Import-FilterImage out | Measure-FilterImage | ForEach-Object Activation
            """).Succeeded();

        foreach (string name in new[] { "conv1_0000.png", "conv1_0003.png" })
        {
            Assert.Equal(File.ReadAllBytes(At($"out/{name}")), File.ReadAllBytes(At($"again/{name}")));
        }

        Assert.Equal(
            _engine.Run("$images").Values("Activation").Select(value => (float)value!),
            result.Output.Select(value => (float)value.BaseObject),
            (expected, actual) => Math.Abs(expected - actual) < 1e-4);
    }

    [Fact]
    public void Brackets_are_taken_literally_by_LiteralPath()
    {
        File.Copy(At("out/conv1_0000.png"), At("[a].png"));

        Assert.Single(_engine.Run("Import-FilterImage -LiteralPath '[a].png'").Succeeded().Output);
    }

    [Fact]
    public void Bad_files_are_an_error_each_and_the_others_go_on()
    {
        File.WriteAllText(At("out/a.png"), "text");
        File.WriteAllBytes(At("out/b.png"), File.ReadAllBytes(At("out/conv1_0000.png"))[..200]);
        File.WriteAllBytes(At("out/plain.png"), Convert.FromBase64String(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="));

        ScriptResult result = _engine.Run("Import-FilterImage out, nowhere.png");

        Assert.Equal([0, 3], result.Values("Filter"));
        Assert.Equal(4, result.Errors.Count);
        Assert.StartsWith("PictureUnreadable,", result.Errors[0].FullyQualifiedErrorId);
        Assert.StartsWith("PictureFactsMissing,", result.Errors[2].FullyQualifiedErrorId);
        Assert.StartsWith("PathNotFound,", result.Errors[3].FullyQualifiedErrorId);
    }

    [Fact]
    public void An_empty_folder_is_an_error()
    {
        Directory.CreateDirectory(At("empty"));

        Assert.StartsWith("PictureNotFound,", _engine.Run("Import-FilterImage empty").Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void The_part_of_an_image_is_no_picture_of_a_filter()
    {
        _engine.Run("$model | Get-CnnLayer conv1 | Measure-CnnActivation out/conv1_0000.png -Filter 1 -Top 1 | Export-FilterImage part.png").Succeeded();

        Assert.StartsWith("PictureIsPatch,", _engine.Run("Import-FilterImage part.png").Error.FullyQualifiedErrorId);
    }

    private string At(string path) => Path.Combine(_engine.Folder, path);
}
