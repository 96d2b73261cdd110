namespace CnnViz.Tests;

public sealed class ImportPublishedModelTests : PublishedModelTest
{
    [Theory]
    [InlineData("Import-CnnModel resnet50")]
    [InlineData("'resnet50' | Import-CnnModel")]
    [InlineData("Find-CnnModel resnet50 | Import-CnnModel")]
    public void Nothing_is_downloaded_without_being_asked_for(string script)
    {
        ScriptResult result = Run(script);

        Assert.Empty(result.Output);
        Assert.StartsWith("ModelNotCached,", result.Error.FullyQualifiedErrorId);
        Assert.Equal("ObjectNotFound", result.Error.CategoryInfo.Category.ToString());
        Assert.Contains("resnet50", result.Error.ToString());
        Assert.Contains("Save-CnnModel", result.Error.ErrorDetails.RecommendedAction);
        Assert.Contains("-Download", result.Error.ErrorDetails.RecommendedAction);
    }

    [Fact]
    public void Download_fetches_what_is_not_there_and_imports_it()
    {
        string model = Model.Replace("}", "; Preprocessing = [CnnViz.Networks.Preprocessing]::Symmetric }", StringComparison.Ordinal);

        ScriptResult result = Run(
            $"$ours = {model}; $ours | Import-CnnModel -Download; $ours | Import-CnnModel -Download; $ours | Import-CnnModel").Succeeded();

        Assert.Equal(["ours", "ours", "ours"], result.Values("Name"));
        Assert.Equal(Path.Combine(Cache, "file.onnx"), result.Values("Path")[0]);
        Assert.All(
            result.Values("Preprocessing"),
            preprocessing => Assert.Equal("Symmetric (RGB, 0…1, minus 0.5, divided by 0.5)", preprocessing!.ToString()));
        Assert.Empty(result.Warnings);
        Assert.Single(Server.Requests);
    }

    [Fact]
    public void A_download_that_fails_is_the_error()
    {
        Server.Faults.Enqueue(new Fault { Answer = "404 Not Found" });

        Assert.StartsWith("DownloadNotFound,", Run($"{Model} | Import-CnnModel -Download").Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void A_file_in_the_cache_that_is_damaged_is_not_imported()
    {
        Directory.CreateDirectory(Cache);
        File.WriteAllText(Path.Combine(Cache, "mnist-12.onnx"), "damaged");

        ScriptResult result = Run("Import-CnnModel mnist-12");

        Assert.StartsWith("ModelNotAsPublished,", result.Error.FullyQualifiedErrorId);
        Assert.Contains("-Force", result.Error.ErrorDetails.RecommendedAction);
    }

    [SkippableTheory]
    [InlineData("cache/mnist-8.onnx", "mnist-8", "mnist-8")]
    [InlineData("digits.onnx", "digits.onnx", "digits")]
    public void A_published_model_comes_with_what_its_publisher_says(string file, string import, string name)
    {
        Directory.CreateDirectory(Cache);
        File.Copy(TestFiles.Shared("models", "mnist_cntk.onnx"), Path.Combine(Engine.Folder, file));

        ScriptResult result = Run($"($model = Import-CnnModel {import}); $model.ClassNames[9]").Succeeded();

        dynamic model = result.Output[0].BaseObject;
        Assert.Equal(name, (string)model.Name);
        Assert.Equal("Unit (RGB, 0…1)", (string)model.Preprocessing.ToString());
        Assert.Equal("Catalogue", (string)model.Preprocessing.Source.ToString());
        Assert.Equal("9", result.Output[1].ToString());
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void A_file_comes_before_a_published_model_of_the_same_name()
    {
        File.Copy(Path.Combine(Engine.Folder, "tiny.onnx"), Path.Combine(Engine.Folder, "resnet50"));

        Assert.Equal("3×32×32", Run("(Import-CnnModel resnet50 -Preprocessing Unit).InputShape").Succeeded().Output[0].ToString());
    }
}
