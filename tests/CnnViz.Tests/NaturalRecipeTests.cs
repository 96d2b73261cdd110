namespace CnnViz.Tests;

public sealed class NaturalRecipeTests : IDisposable
{
    private const string Photos = "$model | Get-CnnLayer conv1 | Invoke-FilterMaximization 3, 4 -Steps 2 | Export-FilterImage photos";

    private readonly HostedEngine _engine = new HostedEngine().WithModel();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Its_numbers_can_be_given_one_by_one_and_are_in_the_file()
    {
        ScriptResult result = _engine.Run(
            """
            $image = $model | Get-CnnLayer conv2 | Invoke-FilterMaximization 0 -Recipe Natural -Steps 3 -Crop 0.4, 0.2 -CropSpread 0.01 -CropShift 0.3 -ViewSize 20, 24 -Views 2 -Stretch 2
            $image | Export-FilterImage one.png
            $image
            """).Succeeded();

        dynamic image = Assert.Single(result.Output).BaseObject;
        Assert.Equal("50×60", image.Size);
        Assert.Equal(1f, image.Recipe.Update.StepSize);
        string facts = PngText.Read(Path.Combine(_engine.Folder, "one.png"))["CnnViz"];
        foreach (string fact in new[]
        {
            "\"recipe\":\"Natural\"", "\"parameter\":\"Phase\"", "\"stretch\":2", "\"count\":2", "\"height\":20", "\"width\":24", "\"cropFrom\":0.4",
            "\"cropTo\":0.2", "\"cropSpread\":0.01", "\"cropShift\":0.3", "\"spectrum\":null",
        })
        {
            Assert.Contains(fact, facts);
        }
    }

    [Fact]
    public void The_magnitudes_can_come_from_a_folder_of_pictures()
    {
        ScriptResult result = _engine.Run(
            $"""
            {Photos}
            $layer = $model | Get-CnnLayer conv2
            $layer | Invoke-FilterMaximization 0 -Recipe Natural -Steps 2 -Spectrum photos
            $layer | Invoke-FilterMaximization 0 -Recipe Natural -Steps 2 -Spectrum photos/*_0003.png
            $layer | Invoke-FilterMaximization 0 -Recipe Natural -Steps 2
            """).Succeeded();

        Assert.Equal(["2 pictures: conv1_0003.png, conv1_0004.png", "1 pictures: conv1_0003.png", null], result.Values("Spectrum"));
        Assert.Equal(3, result.Values("Activation").Distinct().Count());
    }

    [Theory]
    [InlineData("nowhere", "PathNotFound")]
    [InlineData("empty", "PathNotFound")]
    [InlineData("tiny.onnx", "PictureUnreadable")]
    [InlineData("variable:PWD", "NotFileSystem")]
    public void A_spectrum_of_no_pictures_is_one_clear_error(string path, string id)
    {
        Directory.CreateDirectory(Path.Combine(_engine.Folder, "empty"));

        ScriptResult result = _engine.Run($"$model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0 -Recipe Natural -Spectrum {path}");

        Assert.Empty(result.Output);
        Assert.StartsWith(id + ",", result.Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void Phases_get_steps_of_their_own_size_in_other_recipes()
    {
        ScriptResult result = _engine.Run(
            """
            $layer = $model | Get-CnnLayer conv2
            $layer | Invoke-FilterMaximization 0 -Steps 2 -ImageParameter Phase
            $layer | Invoke-FilterMaximization 0 -Steps 2 -Recipe Natural -ImageParameter Fourier
            """).Succeeded();

        Assert.Equal([1f, 0.05f], result.Output.Select(item => (float)((dynamic)item.BaseObject).Recipe.Update.StepSize));
    }

    [Theory]
    [InlineData("-Crop 0.01")]
    [InlineData("-Crop 0.5, 0.4, 0.3")]
    [InlineData("-ViewSize 0")]
    [InlineData("-Stretch 50")]
    public void Numbers_out_of_range_are_refused(string arguments)
    {
        ScriptResult result = _engine.Run($"$model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0 -Recipe Natural {arguments}");

        Assert.StartsWith("ParameterArgumentValidationError,", result.Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void Transparency_is_exported_where_the_format_has_it()
    {
        ScriptResult result = _engine.Run(
            """
            $image = $model | Get-CnnLayer conv2 | Invoke-FilterMaximization 0 -Recipe Natural -Steps 16
            $image | Export-FilterImage one.png -Transparency
            $image | Export-FilterImage plain.png
            $image | Export-FilterImage one.jpg -Transparency
            """);

        Assert.StartsWith("TransparencyUnsupported,", result.Error.FullyQualifiedErrorId);
        Assert.False(File.Exists(Path.Combine(_engine.Folder, "one.jpg")));

        // The colour type of a PNG file: RGB with and without alpha.
        Assert.Equal(6, File.ReadAllBytes(Path.Combine(_engine.Folder, "one.png"))[25]);
        Assert.Equal(2, File.ReadAllBytes(Path.Combine(_engine.Folder, "plain.png"))[25]);
    }
}
