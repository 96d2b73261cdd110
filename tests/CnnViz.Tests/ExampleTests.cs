namespace CnnViz.Tests;

/// <summary>The scripts in examples, each in a process of its own, with few steps. Those that need a real PowerShell run with Pester.</summary>
public sealed class ExampleTests : IDisposable
{
    private static readonly string s_pictures = Path.Combine(TestFiles.Root, "docs", "images", "patterns");

    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz-").FullName;

    public ExampleTests() => TinyModel.Write(Path.Combine(_folder, "tiny.onnx"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_layer_of_a_model_of_ones_own_is_shown()
    {
        (int code, string output, string error) = Run("own-onnx-model.ps1",
            "-Path", Path.Combine(_folder, "tiny.onnx"), "-Layer", "conv1", "-Filter", "0", "-Destination", Path.Combine(_folder, "out"));

        Assert.Equal((0, string.Empty), (code, error));
        Assert.Contains("Layer conv1 (Conv2d) has 8 filters and sees 3×3 / 1.", output);
        Assert.True(File.Exists(Path.Combine(_folder, "out", "conv1_0000.png")));
    }

    [Fact]
    public void The_first_look_writes_pictures_of_layers_and_classes()
    {
        (int code, string output, string error) = Run("first-look.ps1", "-Destination", Path.Combine(_folder, "look"));

        Assert.Equal((0, string.Empty), (code, error));
        Assert.Contains($" pictures in {Path.Combine(_folder, "look", "layers")}", output);

        // All but the few filters that nothing raises, which are reported.
        Assert.InRange(Directory.GetFiles(Path.Combine(_folder, "look", "layers")).Length, 75, 80);
        Assert.InRange(Directory.GetFiles(Path.Combine(_folder, "look", "classes")).Length, 34, 36);
        Assert.Contains($" pictures in {Path.Combine(_folder, "look", "classes")}", output);
        Assert.True(File.Exists(Path.Combine(_folder, "look", "classes", "zigzag.png")));
        Assert.True(File.Exists(Path.Combine(_folder, "look", "classes", "blue.png")));
    }

    [Fact]
    public void The_class_gallery_writes_a_picture_of_each_class_and_seed()
    {
        (int code, string output, string error) = Run("class-gallery.ps1",
            "-Class", "zig*", "-Count", "2", "-Size", "64", "-Destination", Path.Combine(_folder, "gallery"));

        Assert.Equal((0, string.Empty), (code, error));
        Assert.Matches(@"^zigzag +-?[\d.]+ -> +[\d.]+  classifier_015_zigzag_0\.png\nzigzag", output);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(_folder, "gallery"), "classifier_015_zigzag_?.png").Length);
    }

    [Fact]
    public void A_network_is_trained_and_looked_into()
    {
        (int code, string output, string error) = Run("train-and-look.ps1", "-Steps", "3", "-Destination", Path.Combine(_folder, "trained"));

        Assert.Equal((0, string.Empty), (code, error));
        Assert.Contains("After 3 steps it knows ", output);
        Assert.Matches(@"\nclasses +Linear +4", output);
        Assert.True(File.Exists(Path.Combine(_folder, "trained", "classes_0003.png")));
    }

    [Fact]
    public void A_photo_is_dreamt_of_in_several_strengths()
    {
        (int code, string output, string error) = Run(
            "deepdream-photo.ps1", "-Photo", Path.Combine(s_pictures, "maze.webp"), "-Destination", Path.Combine(_folder, "dream"));

        Assert.Equal((0, string.Empty), (code, error));
        Assert.All(["0.3", "1", "2"], strength => Assert.Contains($"maze_strength-{strength}.png", output));
        Assert.Equal(3, Directory.GetFiles(Path.Combine(_folder, "dream"), "*.png").Length);
    }

    [Fact]
    public void Layers_are_compared_by_sheets_and_plots()
    {
        (int code, string output, string error) = Run(
            "compare-layers.ps1", "-Steps", "4", "-Destination", Path.Combine(_folder, "layers"));

        Assert.Equal((0, string.Empty), (code, error));
        Assert.Matches(@"(?m)^conv2 +\d of 8 filters raised; conv2\.png$", output);
        Assert.Matches(@"(?m)^conv8 +\d of 8 filters raised; conv8\.png$", output);
        Assert.Equal(
            ["conv2.png", "conv2.svg", "conv4.png", "conv4.svg", "conv6.png", "conv6.svg", "conv8.png", "conv8.svg"],
            Directory.GetFiles(Path.Combine(_folder, "layers")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Objectives_of_ones_own_are_raised()
    {
        (int code, string output, string error) = Run(
            "custom-objective.ps1", "-Steps", "4", "-Destination", Path.Combine(_folder, "objectives"));

        Assert.Equal((0, string.Empty), (code, error));
        Assert.All(["difference", "sum", "weaker"], name => Assert.Contains($"{name}.png", output));
        Assert.Equal(3, Directory.GetFiles(Path.Combine(_folder, "objectives"), "*.png").Length);
    }

    [Fact]
    public void An_ascent_is_watched()
    {
        (int code, string output, string error) = Run(
            "watch-the-ascent.ps1", "-Steps", "8", "-Every", "4", "-Destination", Path.Combine(_folder, "ascent"));

        Assert.Equal((0, string.Empty), (code, error));
        Assert.True(File.Exists(Path.Combine(_folder, "ascent", "activations.svg")), output);
        Assert.Equal(5, Directory.GetFiles(Path.Combine(_folder, "ascent")).Length);
    }

    [Fact]
    public void An_atlas_is_made_of_a_model()
    {
        (int code, string output, string error) = Run(
            "model-atlas.ps1", "-Layer", "conv2", "-Steps", "4", "-Photos", s_pictures, "-Destination", Path.Combine(_folder, "atlas"));

        Assert.Equal((0, string.Empty), (code, error));
        Assert.Contains("index.html", output);
        Assert.Contains("conv2", File.ReadAllText(Path.Combine(_folder, "atlas", "index.html")));
    }

    private static (int Code, string Output, string Error) Run(string example, params string[] arguments) =>
        ShellProcess.Run(Path.Combine(TestFiles.Root, "examples", example), [], arguments);
}
