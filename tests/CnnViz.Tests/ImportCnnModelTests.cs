namespace CnnViz.Tests;

public sealed class ImportCnnModelTests : IDisposable
{
    private readonly HostedEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void A_model_comes_with_its_facts()
    {
        ScriptResult result = _engine.Run("Import-CnnModel tiny.onnx -Preprocessing Unit").Succeeded();

        dynamic model = Assert.Single(result.Output).BaseObject;
        Assert.Equal("tiny", model.Name);
        Assert.Equal("ONNX", model.Format);
        Assert.Equal("3×32×32", model.InputShape.ToString());
        Assert.Equal("cpu", model.Device);
        Assert.Equal(Path.Combine(_engine.Folder, "tiny.onnx"), model.Path);
        string hash = Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(_engine.Folder, "tiny.onnx"))));
        Assert.Equal(hash, model.Sha256);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void The_built_in_model_comes_by_name()
    {
        ScriptResult result = _engine.Run("Import-CnnModel patterns; (Get-CnnLayer colour | Get-CnnFilter 5).ClassName").Succeeded();

        Assert.EndsWith(Path.Combine("module", "models", "patterns.onnx"), (string)result.Output[0].Properties["Path"].Value);
        Assert.Equal("blue", result.Output[1].ToString());
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void A_file_comes_before_a_built_in_model_of_the_same_name()
    {
        File.Copy(Path.Combine(_engine.Folder, "tiny.onnx"), Path.Combine(_engine.Folder, "patterns"));

        Assert.Equal("3×32×32", _engine.Run("(Import-CnnModel patterns -Preprocessing Unit).InputShape").Succeeded().Output[0].ToString());
    }

    [Fact]
    public void Guessed_preprocessing_is_shown_as_a_warning()
    {
        ScriptResult result = _engine.Run("Import-CnnModel tiny.onnx").Succeeded();

        Assert.Contains("guess: ImageNet (RGB, 0…1, minus 0.485, 0.456, 0.406", Assert.Single(result.Warnings));
    }

    [Fact]
    public void Numbers_of_ones_own_replace_those_of_the_named_preprocessing()
    {
        ScriptResult result = _engine.Run(
            "(Import-CnnModel tiny.onnx -Preprocessing Caffe -Mean 1,2,3 -Std 2 -ChannelOrder Rgb).Preprocessing.ToString()").Succeeded();

        Assert.Equal("Custom (RGB, 0…255, minus 1, 2, 3, divided by 2)", result.Output[0].BaseObject);
    }

    [Fact]
    public void Class_names_lose_their_wordnet_ids()
    {
        File.WriteAllLines(Path.Combine(_engine.Folder, "names.txt"), ["n01440764 tench, Tinca tinca", "goldfish", "shark"]);

        ScriptResult result = _engine.Run("(Import-CnnModel tiny.onnx -Preprocessing Unit -ClassName names.txt).ClassNames").Succeeded();

        Assert.Equal(["tench, Tinca tinca", "goldfish", "shark"], result.Output.Select(item => item.ToString()));
    }

    [Theory]
    [InlineData("Import-CnnModel nowhere.onnx", "PathNotFound", "ObjectNotFound")]
    [InlineData("Import-CnnModel -LiteralPath nowhere.onnx", "ModelNotFound", "ObjectNotFound")]
    [InlineData("Import-CnnModel .", "ModelIsFolder", "InvalidData")]
    [InlineData("Import-CnnModel empty.onnx", "ModelEmpty", "InvalidData")]
    [InlineData("Import-CnnModel text.onnx", "NotAnOnnxModel", "InvalidData")]
    [InlineData("Import-CnnModel tiny.onnx -Mean 1,2", "PreprocessingMismatch", "InvalidArgument")]
    [InlineData("Import-CnnModel tiny.onnx -Std 0", "PreprocessingMismatch", "InvalidArgument")]
    [InlineData("Import-CnnModel tiny.onnx -Scale 0", "PreprocessingMismatch", "InvalidArgument")]
    [InlineData("Import-CnnModel tiny.onnx -Device cuda", "DeviceNotAvailable", "ResourceUnavailable")]
    [InlineData("Import-CnnModel tiny.onnx -Device abacus", "DeviceNotAvailable", "ResourceUnavailable")]
    [InlineData("Import-CnnModel tiny.onnx -ClassName nowhere.txt", "ClassNamesUnreadable", "InvalidArgument")]
    [InlineData("Import-CnnModel tiny.onnx -ClassName four.txt", "ClassNamesMismatch", "InvalidArgument")]
    [InlineData("Import-CnnModel variable:PWD", "NotFileSystem", "InvalidArgument")]
    public void Bad_input_gives_one_clear_error(string script, string id, string category)
    {
        File.WriteAllText(Path.Combine(_engine.Folder, "empty.onnx"), string.Empty);
        File.WriteAllText(Path.Combine(_engine.Folder, "text.onnx"), "This is no model.");

        File.WriteAllLines(Path.Combine(_engine.Folder, "four.txt"), ["a", "b", "c", "d"]);

        ScriptResult result = _engine.Run(script);

        Assert.Empty(result.Output);
        Assert.StartsWith(id + ",", result.Error.FullyQualifiedErrorId);
        Assert.Equal(category, result.Error.CategoryInfo.Category.ToString());
        Assert.NotNull(result.Error.TargetObject);
        Assert.DoesNotContain('\n', result.Error.ToString());
    }

    [Fact]
    public void The_pipeline_goes_on_after_a_bad_file()
    {
        ScriptResult result = _engine.Run("'nowhere.onnx', 'tiny.onnx' | Import-CnnModel -Preprocessing Unit");

        Assert.Single(result.Errors);
        Assert.Single(result.Output);
    }

    [Fact]
    public void Wildcards_and_brackets_mean_what_they_say()
    {
        File.Copy(Path.Combine(_engine.Folder, "tiny.onnx"), Path.Combine(_engine.Folder, "a[1].onnx"));

        Assert.Equal(2, _engine.Run("Import-CnnModel *.onnx -Preprocessing Unit").Succeeded().Output.Count);
        Assert.Equal("a[1]", _engine.Run("(Import-CnnModel -LiteralPath 'a[1].onnx' -Preprocessing Unit).Name").Succeeded().Output[0].ToString());
    }

    [SkippableFact]
    public void A_checkpoint_says_what_it_was_taken_for()
    {
        string path = TestFiles.Shared("models", "resnet20-12fca82f.th");

        ScriptResult result = _engine.Run($"Import-CnnModel '{path}' -Verbose 4>&1").Succeeded();

        Assert.Contains(result.Output, item => item.ToString().Contains("are those of resnet20, by their keys and shapes", StringComparison.Ordinal));
        Assert.Contains("is that of the published weights of resnet20: ImageNet", Assert.Single(result.Warnings));
        dynamic model = result.Output[^1].BaseObject;
        Assert.Equal(("resnet20", "3×32×32"), ((string)model.Architecture, (string)model.InputShape.ToString()));
    }

    [SkippableFact]
    public void A_described_network_takes_its_weights_from_a_file()
    {
        string path = TestFiles.Shared("models", "mnist.safetensors");
        string[] lines =
        [
            "input size=28 preprocessing=Unit", "conv1 conv", "r1 relu", "conv2 conv", "r2 relu", "conv3 conv", "r3 relu", "norm1 batchnorm",
            "flat flatten", "fc1 linear", "r4 relu", "fc2 linear", "norm2 batchnorm",
        ];
        File.WriteAllLines(Path.Combine(_engine.Folder, "mnist.txt"), lines);

        ScriptResult result = _engine.Run($"(Import-CnnModel '{path}' -Architecture mnist.txt | Get-CnnLayer norm2).Filters").Succeeded();

        Assert.Equal(10, result.Output[0].BaseObject);
        Assert.Empty(result.Warnings);
    }

    [SkippableTheory]
    [InlineData("resnet18", "ArchitectureMismatch")]
    [InlineData("resnet2000", "ArchitectureUnknown")]
    public void A_wrong_architecture_is_one_error(string architecture, string id)
    {
        string path = TestFiles.Shared("models", "resnet20-12fca82f.th");

        ScriptResult result = _engine.Run($"Import-CnnModel '{path}' -Architecture {architecture}");

        Assert.StartsWith(id, Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_has_its_own_network_does_not_use_the_architecture()
    {
        ScriptResult result = _engine.Run("Import-CnnModel tiny.onnx -Architecture resnet50 -Preprocessing Unit").Succeeded();

        Assert.Contains("-Architecture was not used", Assert.Single(result.Warnings));
    }
}
