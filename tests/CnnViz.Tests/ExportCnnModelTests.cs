namespace CnnViz.Tests;

public sealed class ExportCnnModelTests : IDisposable
{
    private readonly HostedEngine _engine = new HostedEngine().WithModel();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void A_model_is_written_and_needs_no_guess_any_more()
    {
        ScriptResult result = _engine.Run(
            "$model | Export-CnnModel -Path out/copy.onnx -PassThru; (Import-CnnModel out/copy.onnx).Preprocessing.Source").Succeeded();

        Assert.Equal("copy.onnx", ((FileInfo)result.Output[0].BaseObject).Name);
        Assert.Equal("Metadata", result.Output[1].ToString());
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void A_file_that_is_there_is_kept_unless_forced()
    {
        File.WriteAllText(Path.Combine(_engine.Folder, "kept.onnx"), "mine");

        Assert.StartsWith("FileExists,", _engine.Run("$model | Export-CnnModel kept.onnx").Error.FullyQualifiedErrorId);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(_engine.Folder, "kept.onnx")));
        _engine.Run("$model | Export-CnnModel kept.onnx -Force").Succeeded();
        Assert.NotEqual("mine", File.ReadAllText(Path.Combine(_engine.Folder, "kept.onnx")));
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        _engine.Run("$model | Export-CnnModel copy.onnx -WhatIf").Succeeded();

        Assert.False(File.Exists(Path.Combine(_engine.Folder, "copy.onnx")));
    }

    [Theory]
    [InlineData("$model | Export-CnnModel variable:x", "NotFileSystem")]
    [InlineData("$model.Dispose(); $model | Export-CnnModel copy.onnx", "ModelDisposed")]
    public void Bad_input_gives_one_clear_error(string script, string id) =>
        Assert.StartsWith(id + ",", _engine.Run(script).Error.FullyQualifiedErrorId);
}
