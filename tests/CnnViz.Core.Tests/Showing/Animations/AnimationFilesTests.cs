using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Networks.Operators;
using CnnViz.Pictures;
using CnnViz.Showing.Animations;
using CnnViz.Tests.Pictures;
using TorchSharp;

namespace CnnViz.Tests.Showing.Animations;

public sealed class AnimationFilesTests : EngineTest, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz").FullName;
    private readonly CnnModel _model;

    public AnimationFilesTests()
    {
        TinyModel.Write(At("tiny.onnx"));
        _model = ModelImporter.Import(At("tiny.onnx"), new ImportOptions { Preprocessing = Preprocessing.Unit });
    }

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("one.webp", double.PositiveInfinity)]
    [InlineData("one.gif", 24)]
    public void Each_snapshot_is_a_frame_and_the_last_is_the_picture(string name, double quality)
    {
        using FilterImage image = Climb(TinyModel.Mixture, 6, 2, 21, 33);
        Write([image], name, new AnimationSettings { Delay = 70, Hold = 900, Loop = 3, Quality = 100 });

        List<(PictureBytes Picture, int Delay)> frames = TestPicture.Frames(At(name));
        Assert.Equal(4, frames.Count);
        Assert.All(frames, frame => Assert.Equal((33, 21), (frame.Picture.Width, frame.Picture.Height)));
        Assert.Equal([70, 70, 70, 900], frames.Select(frame => frame.Delay));
        foreach (((PictureBytes frame, _), FilterSnapshot snapshot) in frames.Zip(image.Snapshots))
        {
            double psnr = Psnr(Exact(snapshot), frame.Samples);
            Assert.True(psnr >= quality, $"step {snapshot.Step}: {psnr:0.0} dB");
        }
    }

    [Fact]
    public void What_does_not_change_does_not_flicker()
    {
        // Two frames of one picture, and a third.
        byte[] first = Png(torch.rand(3, 16, 16));
        using FilterImage image = Made([new FilterSnapshot(0, 0, first), new FilterSnapshot(1, 0, first), new FilterSnapshot(2, 0, Png(torch.rand(3, 16, 16)))], 3);
        Write([image], "one.gif");

        List<(PictureBytes Picture, int Delay)> frames = TestPicture.Frames(At("one.gif"));
        Assert.Equal(3, frames.Count);
        Assert.Equal(frames[0].Picture.Samples, frames[1].Picture.Samples);
    }

    [Fact]
    public void Together_each_has_its_cell_and_stands_still_when_it_is_done()
    {
        using FilterImage shorter = Climb(TinyModel.Red, 2, 1, 10, 12);
        using FilterImage longer = Climb(TinyModel.Blue, 4, 2, 20, 16);
        Write([shorter, longer], "both.webp", new AnimationSettings { Quality = 100 });

        List<(PictureBytes Picture, int Delay)> frames = TestPicture.Frames(At("both.webp"));
        Assert.Equal(4, frames.Count); // after 0, 1, 2, 4 steps

        // Cells of 20×16 in a row with a gap of 4; the smaller picture lies in the middle of its own.
        Assert.All(frames, frame => Assert.Equal((44, 28), (frame.Picture.Width, frame.Picture.Height)));
        Assert.Equal(frames[2].Picture.Cut(9, 6, 10, 12).Samples, Exact(shorter.Snapshots[^1]));
        Assert.Equal(frames[3].Picture.Cut(9, 6, 10, 12).Samples, Exact(shorter.Snapshots[^1]));
        Assert.Equal(frames[2].Picture.Cut(4, 24, 20, 16).Samples, Exact(longer.Snapshots[1]));
        Assert.Equal(frames[3].Picture.Cut(4, 24, 20, 16).Samples, Exact(longer.Snapshots[2]));
    }

    [Theory]
    [InlineData(1, 16, 16)]
    [InlineData(2, 16, 32)]
    public void Grey_pictures_and_channels_side_by_side_move_too(int channels, int height, int width)
    {
        FilterSnapshot[] snapshots = [.. Enumerable.Range(0, 3).Select(step => new FilterSnapshot(step, 0, Png(torch.rand(channels, 16, 16))))];
        using FilterImage image = Made(snapshots, channels);
        Write([image], "grey.gif");

        List<(PictureBytes Picture, int Delay)> frames = TestPicture.Frames(At("grey.gif"));
        Assert.All(frames, frame => Assert.Equal((width, height), (frame.Picture.Width, frame.Picture.Height)));
        byte[] last = frames[^1].Picture.Samples;
        Assert.All(Enumerable.Range(0, last.Length / 3), i => Assert.InRange(last[3 * i] - last[3 * i + 1], -8, 8));
    }

    [Theory]
    [InlineData("one.gif")]
    [InlineData("one.webp")]
    public void The_file_says_what_it_shows(string name)
    {
        using FilterImage image = Climb(TinyModel.Red, 2, 1, 8, 8);
        Write([image], name);

        string text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(At(name)));
        Assert.Contains("\"model\":\"tiny\"", string.Concat(text.Where(value => value >= ' ')));
        Assert.Equal("PictureIsAnimation", Assert.Throws<CnnVizException>(() => FilterImageFile.Read(At(name))).ErrorId);
    }

    [Theory]
    [InlineData("one.gif")]
    [InlineData("one.webp")]
    public void Equal_settings_give_equal_files(string name)
    {
        using FilterImage image = Climb(TinyModel.Red, 2, 1, 8, 8);
        Write([image], name);
        byte[] first = File.ReadAllBytes(At(name));
        Write([image], name);

        Assert.Equal(first, File.ReadAllBytes(At(name)));
        Assert.Empty(Directory.GetFiles(_folder, "*.part"));
    }

    [Fact]
    public void A_picture_without_snapshots_is_an_error_that_says_what_to_do()
    {
        using FilterImage image = Climb(TinyModel.Red, 1, 0, 8, 8);

        CnnVizException exception = Assert.Throws<CnnVizException>(() => new FilterAnimation().Add(image));
        Assert.Equal("NoSnapshots", exception.ErrorId);
        Assert.Contains("-SnapshotEvery", exception.Advice);
    }

    [Fact]
    public void More_than_the_format_holds_is_an_error_and_no_file()
    {
        using FilterImage image = Made([new FilterSnapshot(0, 0, Png(torch.rand(1, 1, 17_000)))], 1);

        Assert.Equal("AnimationTooLarge", Assert.Throws<CnnVizException>(() => Write([image], "large.webp")).ErrorId);
        Assert.False(File.Exists(At("large.webp")));
    }

    private FilterImage Climb(int filter, int steps, int every, int height, int width)
    {
        Recipe recipe = Recipe.Classic with { Steps = steps, Size = new(height, width), Image = Recipe.Classic.Image with { Border = 0 } };
        var options = new AscentOptions { Recipe = recipe, SnapshotEvery = every };
        return new FilterAscent(_model.GetLayer("conv1"), options).Run([filter], null, default).Single();
    }

    private FilterImage Made(IReadOnlyList<FilterSnapshot> snapshots, int channels)
    {
        var result = new AscentResult(
            torch.rand(channels, 16, 16), null, 1, [1], AscentStatus.StepLimit, AscentRescue.None, snapshots);
        return new FilterImage(result, _model.GetLayer("conv1").GetFilter(0))
        {
            Seed = 0, Recipe = Recipe.Classic, Minimized = false, Border = 0, InitialImage = null, Spectrum = null, Elapsed = TimeSpan.Zero,
        };
    }

    private void Write(FilterImage[] images, string name, AnimationSettings? settings = null)
    {
        var animation = new FilterAnimation();
        Array.ForEach(images, animation.Add);
        new AnimationFiles(At(name), null).Write(animation, At(name), settings ?? new());
    }

    private static byte[] Png(torch.Tensor picture)
    {
        using (picture)
        {
            return ImageFile.ToPng(picture);
        }
    }

    private static byte[] Exact(FilterSnapshot snapshot) => TestPicture.Read(snapshot.ToPng()).Samples;

    private static double Psnr(byte[] a, byte[] b)
    {
        Assert.Equal(a.Length, b.Length);
        double error = a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Average();
        return error == 0 ? double.PositiveInfinity : 10 * Math.Log10(255 * 255 / error);
    }

    private string At(string name) => Path.Combine(_folder, name);
}
