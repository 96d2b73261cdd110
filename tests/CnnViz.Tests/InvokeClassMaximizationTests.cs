using System.Management.Automation;
using CnnViz.Import.Onnx.Protocol;
using Google.Protobuf;

namespace CnnViz.Tests;

public sealed class InvokeClassMaximizationTests : IDisposable
{
    private const string Quick = "-Steps 2 -WarningAction Ignore";
    private readonly HostedEngine _engine = new();

    public InvokeClassMaximizationTests()
    {
        File.WriteAllLines(Path.Combine(_engine.Folder, "names.txt"), ["n01440764 red, crimson", "green", "it's blue, azure"]);
        _engine.Run("$global:model = Import-CnnModel tiny.onnx -Preprocessing Unit -ClassName names.txt").Succeeded();
    }

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void A_class_by_its_name_becomes_a_picture_of_it()
    {
        ScriptResult result = _engine.Run("$model | Invoke-ClassMaximization green -Steps 60").Succeeded();

        dynamic image = Assert.Single(result.Output).BaseObject;
        Assert.Equal("classifier", image.Layer);
        Assert.Equal(TinyModel.Green, image.Filter);
        Assert.Equal("green", image.ClassName);
        Assert.Equal("32×32", image.Size);
        Assert.True(image.Activation > image.Activations[0]);
        float[] means = [.. Enumerable.Range(0, 3).Select(channel => (float)image.GetTensor().select(0, channel).mean().item<float>())];
        Assert.True(means[1] > means[0] + 0.05 && means[1] > means[2] + 0.05, string.Join(", ", means));
        Assert.Empty(result.Warnings);
    }

    [Theory]
    [InlineData("red", "0")]
    [InlineData("CRIMSON", "0")]
    [InlineData("'red, crimson'", "0")]
    [InlineData("2, green", "2,1")]
    [InlineData("azure, 'it''s blue', 2, 'bl*', 'it*'", "2")]
    [InlineData("'*e*'", "0,1,2")]
    [InlineData("(0..2)", "0,1,2")]
    [InlineData("'a*', 'c*'", "2,0")]
    [InlineData("'nothing*'", "")]
    public void Names_synonyms_wildcards_and_numbers_choose(string classes, string expected)
    {
        ScriptResult result = _engine.Run($"$model | Invoke-ClassMaximization {classes} {Quick}").Succeeded();

        Assert.Equal(expected, string.Join(',', result.Values("Filter")));
    }

    [Fact]
    public void What_is_not_there_is_an_error_and_the_others_go_on()
    {
        ScriptResult result = _engine.Run($"$model | Invoke-ClassMaximization grene, 3, 2 {Quick}");

        Assert.Equal([2], result.Values("Filter"));
        Assert.Equal(2, result.Errors.Count);
        Assert.StartsWith("ClassNotFound,", result.Errors[0].FullyQualifiedErrorId);
        Assert.Contains("'green'", result.Errors[0].ToString());
        Assert.Equal("grene", result.Errors[0].TargetObject);
        Assert.Equal(ErrorCategory.ObjectNotFound, result.Errors[0].CategoryInfo.Category);
        Assert.StartsWith("FilterOutOfRange,", result.Errors[1].FullyQualifiedErrorId);
    }

    [Theory]
    [InlineData("Import-CnnModel tiny.onnx -Preprocessing Unit | Invoke-ClassMaximization red", "ClassNotFound")]
    [InlineData("$model | Invoke-ClassMaximization 0 -Layer nowhere", "LayerNotFound")]
    [InlineData("$model | Invoke-ClassMaximization 0 -ClassName nowhere.txt", "ClassNamesUnreadable")]
    [InlineData("$model | Invoke-ClassMaximization 0 -ClassName ImageNet", "ClassNamesMismatch")]
    [InlineData("$model.Dispose(); $model | Invoke-ClassMaximization 0", "ModelDisposed")]
    public void Bad_input_gives_one_clear_error(string script, string id)
    {
        ScriptResult result = _engine.Run(script);

        Assert.Empty(result.Output);
        Assert.StartsWith(id + ",", result.Error.FullyQualifiedErrorId);
        Assert.NotEmpty(result.Error.ErrorDetails.RecommendedAction);
    }

    [Fact]
    public void Without_a_model_the_one_imported_last_is_meant_and_without_any_the_error_says_so()
    {
        using var empty = new HostedEngine();

        Assert.StartsWith("NoModel,", empty.Run("Invoke-ClassMaximization 0").Error.FullyQualifiedErrorId);
        Assert.Equal(["red, crimson"], _engine.Run($"Invoke-ClassMaximization 0 {Quick}").Succeeded().Values("ClassName"));
        Assert.Equal(["tiny", "tiny"], _engine.Run($"$model, $model | Invoke-ClassMaximization 0 {Quick}").Succeeded().Values("Model"));
    }

    [Fact]
    public void The_layer_can_be_chosen_and_the_numbers_are_those_for_classes()
    {
        ScriptResult result = _engine.Run(
            $"$model | Invoke-ClassMaximization 7 -Layer conv1 {Quick}; $model | Invoke-ClassMaximization 0").Succeeded();

        Assert.Equal(["conv1:7", "classifier:0"], result.Values("Objective"));
        dynamic recipe = result.Values("Recipe")[1]!;
        Assert.Equal("Robust", recipe.Name);
        Assert.Equal(96, recipe.Steps);
        Assert.Equal(0.6, recipe.Views.MinZoom);
        Assert.Equal(0.15, recipe.Views.Jitter);
    }

    [Fact]
    public void Probability_raises_its_logarithm()
    {
        ScriptResult result = _engine.Run("$model | Invoke-ClassMaximization red -Probability -Steps 20").Succeeded();

        Assert.Equal("log p(classifier:0)", result.Values("Objective")[0]);
        Assert.Equal("red, crimson", result.Values("ClassName")[0]);
        Assert.InRange((float)result.Values("Activation")[0]!, Math.Log(1 / 3.0), 0);
    }

    [Fact]
    public void A_thousand_classes_without_names_are_taken_for_ImageNets_with_a_warning()
    {
        WriteThousandClasses();

        ScriptResult guessed = _engine.Run(
            "Import-CnnModel many.onnx -Preprocessing Unit | Invoke-ClassMaximization 'tabby*', 2 -Steps 16").Succeeded();
        ScriptResult known = _engine.Run(
            """
            Import-CnnModel many.onnx -Preprocessing Unit -ClassName imagenet | Invoke-ClassMaximization tench -Steps 16
            (Get-CnnLayer classifier | Get-CnnFilter 2).ClassName
            """).Succeeded();

        Assert.Equal(["tabby", "great white shark"], guessed.Values("ClassName"));
        Assert.Contains("taken for ImageNet's", Assert.Single(guessed.Warnings));
        Assert.Equal("tench", known.Output[0].Properties["ClassName"].Value);
        Assert.Equal("great white shark", known.Output[1].BaseObject);
        Assert.Empty(known.Warnings);
    }

    [Fact]
    public void A_list_of_names_can_be_given_where_the_model_has_none()
    {
        ScriptResult result = _engine.Run(
            $"Import-CnnModel tiny.onnx -Preprocessing Unit | Invoke-ClassMaximization azure -ClassName names.txt {Quick}").Succeeded();

        Assert.Equal(["it's blue, azure"], result.Values("ClassName"));
    }

    [Fact]
    public void Files_are_called_after_the_class()
    {
        _engine.Run("$model | Invoke-ClassMaximization red -Steps 12 | Export-FilterImage out").Succeeded();
        _engine.Run("$model | Invoke-ClassMaximization 2 -Steps 12 | Export-FilterImage 'out/{Class} of {ClassName}.png'").Succeeded();

        Assert.Equal(
            ["classifier_0000_red.png", "it's blue of it's blue, azure.png"],
            Directory.GetFiles(Path.Combine(_engine.Folder, "out")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("$model | Invoke-ClassMaximization cri", "crimson")]
    [InlineData("Invoke-ClassMaximization -Class gr", "green")]
    [InlineData("Invoke-ClassMaximization zur", "azure")]
    [InlineData("Invoke-ClassMaximization -Model $model -Class red, it", "'it''s blue'")]
    [InlineData("Invoke-ClassMaximization -ClassName other.txt -Class ye", "yellow")]
    [InlineData("Invoke-ClassMaximization -ClassName Ima", "ImageNet")]
    [InlineData("Import-CnnModel tiny.onnx -ClassName Ima", "ImageNet")]
    [InlineData("Invoke-ClassMaximization 0 -Layer cl", "classifier")]
    [InlineData("Invoke-ClassMaximization 0 -Recipe Ro", "Robust")]
    public void Tab_completes(string line, string expected)
    {
        File.WriteAllLines(Path.Combine(_engine.Folder, "other.txt"), ["yellow", "lime", "pink"]);
        using PowerShell shell = _engine.Create();

        CommandCompletion completion = CommandCompletion.CompleteInput(line, line.Length, null, shell);

        Assert.Equal(expected, completion.CompletionMatches[0].CompletionText);
    }

    [Fact]
    public void Completion_offers_ImageNets_names_for_a_thousand_units_and_none_where_there_are_none()
    {
        WriteThousandClasses();
        _engine.Run(
            """
            $global:many = Import-CnnModel many.onnx -Preprocessing Unit
            $global:nameless = Import-CnnModel tiny.onnx -Preprocessing Unit
            """).Succeeded();
        using PowerShell shell = _engine.Create();

        Assert.Equal("'jack-o''-lantern'", Complete("$many | Invoke-ClassMaximization jack-o", shell)[0]);
        Assert.Equal("'golden retriever'", Complete("$many | Invoke-ClassMaximization 'golden r", shell)[0]);
        Assert.DoesNotContain("red", Complete("$nameless | Invoke-ClassMaximization r", shell));
    }

    private static string[] Complete(string line, PowerShell shell) =>
        [.. CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches.Select(match => match.CompletionText)];

    // The tiny model with a classifier of a thousand units, of which no two are alike.
    private void WriteThousandClasses()
    {
        ModelProto model = TinyModel.Build();
        TensorProto weights = model.Graph.Initializer.Single(tensor => tensor.Name == "classifier.weight");
        TensorProto bias = model.Graph.Initializer.Single(tensor => tensor.Name == "classifier.bias");
        (weights.Dims[0], bias.Dims[0]) = (1000, 1000);
        weights.RawData = ByteString.CopyFrom(
            [.. Enumerable.Range(0, 3000).SelectMany(i => BitConverter.GetBytes(MathF.Sin(i)))]);
        bias.RawData = ByteString.CopyFrom(new byte[4000]);
        File.WriteAllBytes(Path.Combine(_engine.Folder, "many.onnx"), model.ToByteArray());
    }
}
