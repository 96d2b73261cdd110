namespace CnnViz.Tests;

public sealed class FindCnnModelTests : PublishedModelTest
{
    [Fact]
    public void All_models_are_listed_and_none_is_there()
    {
        ScriptResult result = Run("Find-CnnModel").Succeeded();

        Assert.Equal(164, result.Output.Count);
        Assert.All(result.Values("CachedPath"), Assert.Null);
        Assert.False(Directory.Exists(Cache));
    }

    [Theory]
    [InlineData("Find-CnnModel resnet50", "resnet50")]
    [InlineData("Find-CnnModel RESNET50.imagenet1k_v2", "resnet50")]
    [InlineData("Find-CnnModel wide*", "wide_resnet50_2.IMAGENET1K_V1,wide_resnet50_2,wide_resnet101_2.IMAGENET1K_V1,wide_resnet101_2")]
    [InlineData("Find-CnnModel -Family mnist", "mnist-12,mnist-7,mnist-8")]
    [InlineData("Find-CnnModel -Family Goog*, Alex* -Format PyTorch", "alexnet,googlenet")]
    [InlineData("'vgg19', 'vgg16-1*' | Find-CnnModel", "vgg19,vgg16-12")]
    [InlineData("Find-CnnModel vgg19, vgg* -Family VGG -Format ONNX, PyTorch | Where-Object Name -eq vgg19", "vgg19")]
    [InlineData("Find-CnnModel nothing*", "")]
    public void Names_families_and_formats_narrow_the_list_down(string script, string names) =>
        Assert.Equal(names, string.Join(',', Run(script).Succeeded().Values("Name")));

    [Fact]
    public void A_name_that_is_not_there_is_one_error_with_the_nearest()
    {
        ScriptResult result = Run("Find-CnnModel resnet51, resnet50");

        Assert.Single(result.Output);
        Assert.StartsWith("PublishedModelNotFound,", result.Error.FullyQualifiedErrorId);
        Assert.Contains("'resnet50'", result.Error.ToString());
        Assert.Equal("ObjectNotFound", result.Error.CategoryInfo.Category.ToString());
    }

    [Fact]
    public void What_is_in_the_cache_is_said_to_be_there()
    {
        Directory.CreateDirectory(Cache);
        File.WriteAllText(Path.Combine(Cache, "mnist-12.onnx"), "here");

        Assert.Equal(Path.Combine(Cache, "mnist-12.onnx"), Run("(Find-CnnModel mnist-12).CachedPath").Succeeded().Output[0].ToString());
    }

    [Theory]
    [InlineData("Find-CnnModel squeezenet1_", "squeezenet1_0,squeezenet1_1")]
    [InlineData("Save-CnnModel squeezenet1_", "squeezenet1_0,squeezenet1_1")]
    [InlineData("Import-CnnModel squeezenet1_", "squeezenet1_0,squeezenet1_1")]
    [InlineData("Find-CnnModel -Family Mo", "MobileNet")]
    public void Names_complete(string typed, string completions)
    {
        ScriptResult result = Engine.Run(
            "[System.Management.Automation.CommandCompletion]::CompleteInput($args[0], $args[0].Length, $null).CompletionMatches",
            typed).Succeeded();

        Assert.Equal(completions, string.Join(',', result.Values("CompletionText")));
    }
}
