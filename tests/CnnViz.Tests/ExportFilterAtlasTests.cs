namespace CnnViz.Tests;

public sealed class ExportFilterAtlasTests : IDisposable
{
    private readonly HostedEngine _engine = new HostedEngine().WithModel();

    public ExportFilterAtlasTests() =>
        _engine.Run("$global:images = @($model | Get-CnnLayer conv1, conv1/relu | Invoke-FilterMaximization -Filter 0, 3 -Steps 3)").Succeeded();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void The_atlas_has_a_page_for_each_filter_and_knows_the_layers_of_the_sessions_model()
    {
        ScriptResult result = _engine.Run("$images | Export-FilterAtlas atlas -PassThru").Succeeded();

        Assert.Equal(At("atlas/index.html"), ((FileInfo)Assert.Single(result.Output).BaseObject).FullName);
        Assert.Equal(4, Directory.GetFiles(At("atlas"), "000?.html", SearchOption.AllDirectories).Length);
        Assert.Contains("8×32×32", Read("atlas/index.html"));
        Assert.Contains("2 of 8 filters", Read("atlas/index.html"));
        Assert.DoesNotContain("classifier", Read("atlas/index.html"));
        Assert.NotEmpty(result.Progress);
    }

    [Fact]
    public void Without_PassThru_nothing_is_put_out() => Assert.Empty(_engine.Run("$images | Export-FilterAtlas atlas").Succeeded().Output);

    [Theory]
    [InlineData("$images | Export-FilterAtlas atlas -Model $model")]
    [InlineData("@($model) + $images | Export-FilterAtlas atlas")]
    [InlineData("$images + @($model | Get-CnnLayer) | Export-FilterAtlas atlas")]
    [InlineData("Export-FilterAtlas atlas -InputObject $images -Layer ($model | Get-CnnLayer)")]
    public void The_map_has_all_layers_of_a_model_that_is_given(string script)
    {
        _engine.Run(script).Succeeded();

        string index = Read("atlas/index.html");
        Assert.Contains("classifier", index);
        Assert.Contains("4 filters with a picture, in 2 layers of", index);
    }

    [Fact]
    public void Pictures_figures_and_patches_come_in_any_order()
    {
        _engine.Run(
            """
            $images[0] | Export-FilterImage photo.png
            $patches = @($model | Get-CnnLayer conv1 | Measure-CnnActivation photo.png -Filter 0 -Top 1)
            $quality = @($images[0] | Measure-FilterImage)
            $patches + $quality + $images[1..3] + $images[0] | Export-FilterAtlas atlas
            $images | Export-FilterAtlas named -Quality $quality -Patch $patches
            """).Succeeded();

        foreach (string folder in new[] { "atlas", "named" })
        {
            string page = Read($"{folder}/layers/conv1/0000.html");
            Assert.Contains("Rank in the layer", page);
            Assert.Contains("photo.png", page);
            Assert.Contains("<img", page);
        }
    }

    [Fact]
    public void A_second_run_adds_without_force()
    {
        _engine.Run("$images[0] | Export-FilterAtlas atlas -Title First; $images[1] | Export-FilterAtlas atlas").Succeeded();

        Assert.True(File.Exists(At("atlas/layers/conv1/0000.html")));
        Assert.True(File.Exists(At("atlas/layers/conv1/0003.html")));
        Assert.Contains("<h1>First</h1>", Read("atlas/index.html"));
    }

    [Fact]
    public void WhatIf_writes_nothing_and_asks_once()
    {
        _engine.Run("$images | Export-FilterAtlas atlas -WhatIf; $images | Export-FilterAtlas one.html -WhatIf").Succeeded();

        Assert.False(Directory.Exists(At("atlas")));
        Assert.False(File.Exists(At("one.html")));
    }

    [Theory]
    [InlineData("one.html", "one.html")]
    [InlineData("one -SingleFile", "one")]
    [InlineData("'[a].html'", "[a].html")]
    public void A_name_of_a_page_makes_one_file(string arguments, string expected)
    {
        _engine.Run($"$images | Export-FilterAtlas {arguments}").Succeeded();

        Assert.Contains("data:image/webp;base64,", Read(expected));
        Assert.StartsWith("FileExists,", _engine.Run($"$images | Export-FilterAtlas {arguments}").Error.FullyQualifiedErrorId);
        _engine.Run($"$images[0] | Export-FilterAtlas {arguments} -Force").Succeeded();
        Assert.Contains("1 filter with a picture", Read(expected));
    }

    [Fact]
    public void Bad_objects_are_errors_and_the_others_are_written()
    {
        TinyModel.Write(At("other.onnx"), size: 16);
        ScriptResult result = _engine.Run(
            """
            $other = Import-CnnModel other.onnx -Preprocessing Unit | Get-CnnLayer conv1 | Invoke-FilterMaximization 1 -Steps 1
            $images[1].Dispose()
            $images[0], $images[1], $other, 'text', $images[2] | Export-FilterAtlas atlas
            """);

        Assert.Equal(
            ["ObjectDisposedException", "AtlasModelMismatch", "InputObjectNotBound"],
            result.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Equal(2, Directory.GetFiles(At("atlas"), "0000.html", SearchOption.AllDirectories).Length);
    }

    [Theory]
    [InlineData("variable:PWD", "NotFileSystem")]
    [InlineData("tiny.onnx", "NotAnAtlas")]
    [InlineData("foreign", "NotAnAtlas")]
    [InlineData("damaged", "AtlasDamaged")]
    public void Bad_paths_give_one_clear_error(string path, string id)
    {
        Directory.CreateDirectory(At("foreign"));
        File.WriteAllText(At("foreign/index.html"), "mine");
        Directory.CreateDirectory(At("damaged"));
        File.WriteAllText(At("damaged/atlas.json"), "{");

        Assert.StartsWith(id + ",", _engine.Run($"$images | Export-FilterAtlas {path}").Error.FullyQualifiedErrorId);
        Assert.Equal("mine", Read("foreign/index.html"));
    }

    [Fact]
    public void A_pipeline_that_breaks_off_leaves_an_atlas_that_works()
    {
        ScriptResult result = _engine.Run("$images | ForEach-Object { $_; if ($_.Filter -eq 3) { throw 'enough' } } | Export-FilterAtlas atlas");

        Assert.Contains("enough", result.Error.ToString());
        Assert.Contains("0000.html", Read("atlas/layers/conv1/index.html"));
        Assert.True(File.Exists(At("atlas/layers/conv1/0003.html")));
        Assert.Contains("conv1", Read("atlas/index.html"));
    }

    [Fact]
    public void A_dead_filter_is_shown_as_such()
    {
        _engine.Run($"$model | Get-CnnLayer conv1 | Invoke-FilterMaximization {TinyModel.Dead} -WarningAction Ignore | Export-FilterAtlas atlas").Succeeded();

        Assert.Contains("its gradient is zero", Read($"atlas/layers/conv1/000{TinyModel.Dead}.html"));
    }

    private string At(string path) => Path.Combine(_engine.Folder, path);

    private string Read(string path) => File.ReadAllText(At(path));
}
