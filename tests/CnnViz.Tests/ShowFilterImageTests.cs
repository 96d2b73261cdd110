using System.Text.RegularExpressions;

namespace CnnViz.Tests;

public sealed partial class ShowFilterImageTests : IDisposable
{
    private readonly RecordingHost _host = new();
    private readonly HostedEngine _engine;

    public ShowFilterImageTests()
    {
        Environment.SetEnvironmentVariable("NO_COLOR", null);
        _engine = new HostedEngine(_host).WithModel();
        _engine.Run("$global:images = $model | Get-CnnLayer conv1, conv1/relu | Invoke-FilterMaximization -Filter 0, 3 -Steps 3 -Size 16").Succeeded();
        _host.Screen.Clear();
    }

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Pictures_go_to_the_screen_and_not_through_the_pipeline()
    {
        ScriptResult result = _engine.Run("$images | Show-FilterImage").Succeeded();

        Assert.Empty(result.Output);
        string[] lines = Lines();
        Assert.Equal(2 * 19, lines.Count(line => line.Contains('▀')));
        string[] captions = [.. lines.Where(line => line.StartsWith("conv1", StringComparison.Ordinal))];
        Assert.Equal(2, captions.Length);
        Assert.Matches(@"^conv1:0, -?[0-9.E+-]+ +conv1:3, -?[0-9.E+-]+$", captions[0]);
        Assert.Matches(@"^conv1/relu:0, .* +conv1/relu:3, ", captions[1]);
    }

    [Fact]
    public void Each_line_fits_the_window()
    {
        _engine.Run("$images | Show-FilterImage; $images | Show-FilterImage -Width 500; $images | Show-FilterImage 7").Succeeded();

        Assert.All(Lines(), line => Assert.InRange(line.Length, 0, 79));
    }

    [Fact]
    public void PassThru_gives_each_picture_as_it_comes()
    {
        ScriptResult result = _engine.Run("$images | Show-FilterImage -PassThru | ForEach-Object { $_.Objective; $_.Dispose() }").Succeeded();

        Assert.Equal(["conv1:0", "conv1:3", "conv1/relu:0", "conv1/relu:3"], result.Output.Select(item => item.ToString()));
        Assert.Contains("▀", _host.Screen.ToString());
    }

    [Fact]
    public void Text_is_a_line_for_each_picture()
    {
        _engine.Run("$images | Show-FilterImage -Protocol Text").Succeeded();

        Assert.Equal(4, Lines().Length);
        Assert.StartsWith("conv1:0 (16×16, activation ", Lines()[0]);
        Assert.DoesNotContain("\u001b", _host.Screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_colours_it_is_text_too()
    {
        try
        {
            _engine.Run("$env:NO_COLOR = '1'; $images | Show-FilterImage").Succeeded();
        }
        finally
        {
            Environment.SetEnvironmentVariable("NO_COLOR", null);
        }

        Assert.Equal(4, Lines().Length);
        Assert.DoesNotContain("\u001b", _host.Screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_rendering_wins_over_a_protocol_with_a_warning()
    {
        ScriptResult result = _engine.Run("$PSStyle.OutputRendering = 'PlainText'; $images | Show-FilterImage -Protocol Sixel").Succeeded();

        Assert.Contains("plain text", Assert.Single(result.Warnings));
        Assert.DoesNotContain("\u001b", _host.Screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Sixel_that_is_asked_for_is_written_without_a_question()
    {
        _engine.Run("$images[0,1] | Show-FilterImage -Protocol Sixel -Width 10").Succeeded();

        string screen = _host.Screen.ToString();
        Assert.DoesNotContain("\u001b[c", screen, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Matches(screen, "\u001bP0;1;0q\"1;1;100;100#").Count);
    }

    [Fact]
    public void A_screen_that_is_not_the_console_is_asked_nothing()
    {
        _engine.Run("$images | Show-FilterImage").Succeeded();

        Assert.DoesNotContain("\u001b[c", _host.Screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_of_images_are_shown()
    {
        _engine.Run(
            """
            $images[0] | Export-FilterImage one.png
            $model | Get-CnnLayer conv1 | Measure-CnnActivation one.png -Filter 0, 1 -Top 1 | Show-FilterImage -Width 20
            """).Succeeded();

        Assert.Contains(Lines(), line => line.StartsWith("conv1:0 #1 one.png, ", StringComparison.Ordinal) || line.StartsWith("…", StringComparison.Ordinal));
        Assert.Contains("▀", _host.Screen.ToString());
    }

    [Fact]
    public void A_picture_without_signal_is_not_shown()
    {
        ScriptResult result = _engine.Run(
            $"$model | Get-CnnLayer conv1 | Invoke-FilterMaximization {TinyModel.Dead} -WarningAction Ignore | Show-FilterImage").Succeeded();

        Assert.Contains("not shown", Assert.Single(result.Warnings));
        Assert.DoesNotContain("▀", _host.Screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_picture_says_so_and_the_others_are_shown()
    {
        ScriptResult result = _engine.Run("$images[0].Dispose(); $images | Show-FilterImage");

        Assert.Contains("disposed", result.Error.ToString());
        Assert.Contains(Lines(), line => line.StartsWith("conv1:3", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_output_is_redirected_nothing_is_written()
    {
        using var engine = new HostedEngine(new RecordingHost(isPlain: true)).WithModel();

        ScriptResult result = engine.Run("$model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0 -Steps 1 | Show-FilterImage -Protocol Blocks -Verbose").Succeeded();

        Assert.Empty(result.Output);
        Assert.Contains(result.Verbose, line => line.Contains("redirected"));
    }

    private string[] Lines() => Sequences().Replace(_host.Screen.ToString(), string.Empty).TrimEnd('\n').Split('\n');

    [GeneratedRegex(@"\x1bP[^\x1b]*\x1b\\|\x1b\[[0-9;]*[A-Za-z]|\x1b[78]")]
    private static partial Regex Sequences();
}
