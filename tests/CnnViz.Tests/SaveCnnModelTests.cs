using System.Diagnostics;
using System.Management.Automation;

namespace CnnViz.Tests;

public sealed class SaveCnnModelTests : PublishedModelTest
{
    private string Target => Path.Combine(Engine.Folder, "models", "file.onnx");

    [Fact]
    public void A_model_is_downloaded_into_the_cache()
    {
        ScriptResult result = Run($"{Model} | Save-CnnModel -Verbose").Succeeded();

        Assert.Empty(result.Output);
        Assert.Equal(Server.Content, File.ReadAllBytes(Path.Combine(Cache, "file.onnx")));
        Assert.Contains(result.Verbose, line => line.Contains("its length and SHA-256 are as published", StringComparison.Ordinal));
        Assert.Contains(result.Progress, record => record.RecordType == ProgressRecordType.Completed);
    }

    [Fact]
    public void A_model_is_downloaded_into_a_folder_once()
    {
        string save = $"{Model} | Save-CnnModel -Path models -PassThru";

        ScriptResult result = Run($"{save}; {save}").Succeeded();

        Assert.Equal([Target, Target], result.Output.Select(item => ((FileInfo)item.BaseObject).FullName));
        Assert.Single(Server.Requests);
        Run($"{Model} | Save-CnnModel -Path models -Force").Succeeded();
        Assert.Equal(2, Server.Requests.Count);
    }

    [Fact]
    public void Another_file_of_that_name_is_kept_unless_forced()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        File.WriteAllText(Target, "mine");

        Assert.StartsWith("FileExists,", Run($"{Model} | Save-CnnModel -Path models").Error.FullyQualifiedErrorId);
        Assert.Equal("mine", File.ReadAllText(Target));
        Run($"{Model} | Save-CnnModel -Path models -Force").Succeeded();
        Assert.Equal(Server.Content, File.ReadAllBytes(Target));
    }

    [Fact]
    public void WhatIf_downloads_nothing()
    {
        Run($"{Model} | Save-CnnModel -Path models -WhatIf; Save-CnnModel resnet50, mnist-12 -WhatIf").Succeeded();

        Assert.Empty(Server.Requests);
        Assert.False(Directory.Exists(Path.GetDirectoryName(Target)));
        Assert.False(Directory.Exists(Cache));
    }

    [Fact]
    public void What_is_not_the_model_is_one_error_and_the_next_one_comes()
    {
        ScriptResult result = Run($"{Published("00000000")}, {Model} | Save-CnnModel -Path models -PassThru");

        Assert.Single(result.Output);
        Assert.StartsWith("DownloadHashMismatch,", result.Error.FullyQualifiedErrorId);
        Assert.Equal("InvalidData", result.Error.CategoryInfo.Category.ToString());
        Assert.Equal("ours", result.Error.TargetObject.ToString());
        Assert.NotEmpty(result.Error.ErrorDetails.RecommendedAction);
    }

    [Theory]
    [InlineData("Save-CnnModel resnet51", "PublishedModelNotFound", "ObjectNotFound")]
    [InlineData("Save-CnnModel resnet50 -Path variable:x", "NotFileSystem", "InvalidArgument")]
    [InlineData("@{ Uri = 'http://a.example/b.onnx'; Sha256 = '00000000' } | Save-CnnModel", "ModelAddressUnsafe", "SecurityError")]
    [InlineData("@{ Uri = 'https://a.example/b.onnx' } | Save-CnnModel", "ModelHashMissing", "InvalidArgument")]
    public void Bad_input_gives_one_clear_error(string script, string id, string category)
    {
        ScriptResult result = Run(script.Replace("@{", "[CnnViz.Catalogue.PublishedModel]@{", StringComparison.Ordinal));

        Assert.StartsWith(id + ",", result.Error.FullyQualifiedErrorId);
        Assert.Equal(category, result.Error.CategoryInfo.Category.ToString());
        Assert.Empty(result.Output);
    }

    [Fact]
    public void Progress_tells_bytes_rate_and_what_is_left()
    {
        Server.Content = new byte[200_000];
        Server.TrickleBy = 20_000;

        ScriptResult result = Run($"{Model} | Save-CnnModel -Path models").Succeeded();

        ProgressRecord record = result.Progress.First(record => record.PercentComplete is > 0 and < 100);
        Assert.Equal("Downloading ours", record.Activity);
        Assert.Matches(@"^0\.\d MB of 0\.2 MB, \d+\.\d MB/s$", record.StatusDescription);
        Assert.True(record.SecondsRemaining >= 0);
    }

    [Fact]
    public void Stopped_it_ends_at_once_and_goes_on_the_next_time()
    {
        Server.Content = new byte[2_000_000];
        Server.TrickleBy = 10_000;
        string partial = Target + ".part";
        using PowerShell shell = Engine.Create();
        shell.AddScript($"{Model} | Save-CnnModel -Path models");
        shell.BeginInvoke();
        Assert.True(SpinWait.SpinUntil(() => File.Exists(partial) && new FileInfo(partial).Length > 0, TimeSpan.FromSeconds(30)));

        var clock = Stopwatch.StartNew();
        shell.Stop();

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.False(File.Exists(Target));
        Assert.InRange(new FileInfo(partial).Length, 1, Server.Content.Length - 1);

        // The file is free as soon as the thread behind the cmdlet has ended, too.
        Server.TrickleBy = 0;
        Assert.True(SpinWait.SpinUntil(() => Run($"{Model} | Save-CnnModel -Path models").Errors.Count == 0, TimeSpan.FromSeconds(10)));
        Assert.Equal(Server.Content, File.ReadAllBytes(Target));
        Assert.Contains("Range: bytes=", Server.Requests.Last());
    }
}
