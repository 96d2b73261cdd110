using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Networks.Operators;
using CnnViz.Pictures;
using CnnViz.Showing.Animations;
using ImageMagick;
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

        using MagickImageCollection frames = Read(name);
        Assert.Equal(4, frames.Count);
        Assert.All(frames, frame => Assert.Equal((33u, 21u), (frame.Width, frame.Height)));
        Assert.Equal([70, 70, 70, 900], frames.Select(frame => (int)(frame.AnimationDelay * 1000 / frame.AnimationTicksPerSecond)));
        foreach ((IMagickImage<byte> frame, FilterSnapshot snapshot) in frames.Zip(image.Snapshots))
        {
            using var exact = new MagickImage(snapshot.ToPng());
            double psnr = Psnr(Pixels(exact), Pixels(frame));
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

        using MagickImageCollection frames = Read("one.gif");
        Assert.Equal(3, frames.Count);
        Assert.Equal(Pixels(frames[0]), Pixels(frames[1]));
    }

    [Fact]
    public void Together_each_has_its_cell_and_stands_still_when_it_is_done()
    {
        using FilterImage shorter = Climb(TinyModel.Red, 2, 1, 10, 12);
        using FilterImage longer = Climb(TinyModel.Blue, 4, 2, 20, 16);
        Write([shorter, longer], "both.webp", new AnimationSettings { Quality = 100 });

        using MagickImageCollection frames = Read("both.webp");
        Assert.Equal(4, frames.Count); // after 0, 1, 2, 4 steps

        // Cells of 20×16 in a row with a gap of 4; the smaller picture lies in the middle of its own.
        Assert.All(frames, frame => Assert.Equal((44u, 28u), (frame.Width, frame.Height)));
        Assert.Equal(Cut(frames[2], 6, 9, 12, 10), Exact(shorter.Snapshots[^1]));
        Assert.Equal(Cut(frames[3], 6, 9, 12, 10), Exact(shorter.Snapshots[^1]));
        Assert.Equal(Cut(frames[2], 24, 4, 16, 20), Exact(longer.Snapshots[1]));
        Assert.Equal(Cut(frames[3], 24, 4, 16, 20), Exact(longer.Snapshots[2]));
    }

    [Theory]
    [InlineData(1, 16, 16)]
    [InlineData(2, 16, 32)]
    public void Grey_pictures_and_channels_side_by_side_move_too(int channels, int height, int width)
    {
        FilterSnapshot[] snapshots = [.. Enumerable.Range(0, 3).Select(step => new FilterSnapshot(step, 0, Png(torch.rand(channels, 16, 16))))];
        using FilterImage image = Made(snapshots, channels);
        Write([image], "grey.gif");

        using MagickImageCollection frames = Read("grey.gif");
        Assert.All(frames, frame => Assert.Equal(((uint)width, (uint)height), (frame.Width, frame.Height)));
        byte[] last = Pixels(frames[^1]);
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

    private MagickImageCollection Read(string name)
    {
        var frames = new MagickImageCollection(At(name));
        frames.Coalesce();
        return frames;
    }

    private static byte[] Png(torch.Tensor picture)
    {
        using (picture)
        {
            return ImageFile.ToPng(picture);
        }
    }

    private static byte[] Exact(FilterSnapshot snapshot)
    {
        using var image = new MagickImage(snapshot.ToPng());
        return Pixels(image);
    }

    private static byte[] Cut(IMagickImage<byte> image, int left, int top, int width, int height)
    {
        using IMagickImage<byte> cut = image.Clone();
        cut.ResetPage();
        cut.Crop(new MagickGeometry(left, top, (uint)width, (uint)height));
        return Pixels(cut);
    }

    private static byte[] Pixels(IMagickImage<byte> image)
    {
        using IMagickImage<byte> copy = image.Clone();
        copy.ColorSpace = ColorSpace.sRGB;
        using IPixelCollection<byte> pixels = copy.GetPixels();
        return pixels.ToByteArray("RGB")!;
    }

    private static double Psnr(byte[] a, byte[] b)
    {
        Assert.Equal(a.Length, b.Length);
        double error = a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Average();
        return error == 0 ? double.PositiveInfinity : 10 * Math.Log10(255 * 255 / error);
    }

    private string At(string name) => Path.Combine(_folder, name);
}
