using CnnViz.Ascent;
using CnnViz.Networks.Operators;
using CnnViz.Tests.Activations;
using TorchSharp;

namespace CnnViz.Tests.Ascent;

public sealed class SpectrumTests : EngineTest, IDisposable
{
    private static readonly ImageSettings s_phase = new() { Parameter = ImageParameter.Phase };

    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(3, 24, 24, true)]
    [InlineData(3, 25, 40, false)]
    [InlineData(1, 40, 17, true)]
    [InlineData(4, 16, 30, true)]
    public void Images_have_the_magnitudes_of_nature_before_they_get_colours(int channels, int height, int width, bool decorrelate)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var random = new torch.Generator(5);
        ImageSettings settings = s_phase with { Range = ImageRange.Sigmoid, DecorrelateColors = decorrelate };
        using AscentImage image = AscentImage.FromNoise(settings, channels, new AscentGeometry(height, width, 0), [random], torch.CPU);

        torch.Tensor magnitudes = torch.fft.rfft2(AscentImage.ToRaw(settings, image.ToImages()).detach())[0].abs();
        torch.Tensor nature = NaturalSpectrum.Amplitudes(channels, height, width, decorrelate && channels == 3);

        torch.Tensor ratio = (magnitudes / nature).flatten(1).narrow(1, 1, height * (width / 2 + 1) - 1);
        Assert.Equal(0, (ratio / ratio.mean() - 1).abs().max().ToSingle(), 0.02f);
    }

    [Fact]
    public void The_magnitudes_of_nature_fall_with_the_frequency_in_every_direction_alike()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor magnitudes = NaturalSpectrum.Amplitudes(3, 40, 40, areAxes: true);

        float[] across = magnitudes[0, 0].ToFloats();
        Assert.Equal(0, across[0]);
        Assert.Equal(across[1..].OrderDescending(), across[1..]);
        Assert.Equal(across[7], magnitudes[0, 7, 0].ToSingle());
        Assert.Equal(across[7], magnitudes[0, 33, 0].ToSingle());

        // Twice the size has every frequency of the picture, and one octave more below.
        Assert.Equal(across[7], NaturalSpectrum.Amplitudes(3, 80, 80, areAxes: true)[0, 0, 14].ToSingle(), 1e-3f);
    }

    [Theory]
    [InlineData(ImageRange.Free, 21, 33)]
    [InlineData(ImageRange.Sigmoid, 32, 20)]
    public void A_picture_with_its_own_magnitudes_is_itself_but_for_brightness_and_contrast(ImageRange range, int height, int width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        byte[] pixels = TestPictures.WriteNoise(At("a.png"), height, width, 4);
        torch.Tensor picture = torch.tensor(pixels, [1, height, width, 3]).permute(0, 3, 1, 2).to(torch.float32) / 255;
        ImageSettings settings = s_phase with { Range = range, DecorrelateColors = true };
        using AscentImage image = AscentImage.FromPictures(settings, picture, 0, Spectrum("a.png"));

        torch.Tensor start = AscentImage.ToRaw(settings, picture);
        torch.Tensor raw = AscentImage.ToRaw(settings, image.ToImages().detach());
        start -= start.mean([2, 3], keepdim: true);
        torch.Tensor scaled = start / start.square().mean().sqrt();

        Assert.Equal(0, (raw - scaled).abs().max().ToSingle(), 2e-3f);
    }

    [Fact]
    public void Pictures_of_any_size_give_their_mean()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TestPictures.WriteNoise(At("a.png"), 30, 50, 1);
        TestPictures.WriteNoise(At("b.png"), 64, 20, 2);
        torch.Tensor[] each = [.. new[] { "a.png", "b.png" }.Select(name => Spectrum(name).Magnitudes(s_phase, 3, 17, 24))];

        torch.Tensor both = Spectrum("a.png", "b.png").Magnitudes(s_phase, 3, 17, 24);

        Assert.Equal([3, 17, 13], both.shape);
        Assert.Equal(0, (both - (each[0] + each[1]) / 2).abs().max().ToSingle(), 1e-3f);
    }

    [Fact]
    public void A_file_that_is_no_picture_is_named()
    {
        File.WriteAllText(At("a.png"), "text");

        CnnVizException exception = Assert.Throws<CnnVizException>(() => Spectrum("a.png").Magnitudes(s_phase, 3, 8, 8));

        Assert.Equal("PictureUnreadable", exception.ErrorId);
        Assert.Contains("a.png", exception.Message);
    }

    private PictureSpectrum Spectrum(params string[] names) => new(new PictureList(names.Select(At)));

    private string At(string name) => Path.Combine(_folder, name);
}
