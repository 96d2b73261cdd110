using CnnViz.Pictures;
using CnnViz.Quality;
using TorchSharp;
using Xunit.Abstractions;

namespace CnnViz.Tests.Quality;

public sealed class SpectralDistanceTests(ITestOutputHelper output) : EngineTest, IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void White_noise_has_its_variance_in_every_band(int channels)
    {
        var spectrum = new RadialSpectrum(channels, 128, 96);
        double[][][] pictures = [.. Enumerable.Range(1, 40).Select(seed =>
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using var generator = new torch.Generator((ulong)seed);
            return spectrum.Of(ColourAxes.Correlate(0.1 * torch.randn([channels, 128, 96], generator: generator)));
        })];

        for (int axis = 0; axis < channels; axis++)
        {
            double[] power = [.. Enumerable.Range(0, spectrum.Bands).Select(band => pictures.Average(picture => picture[axis][band]))];
            output.WriteLine(string.Join(", ", power.Zip(spectrum.BinsOfBand, (p, n) => FormattableString.Invariant($"{p:0.0000}/{n}"))));

            // Bins come in pairs, and the window makes neighbours of them alike.
            Assert.All(power.Zip(spectrum.BinsOfBand), band => Assert.Equal(0.01, band.First, 0.01 * 8 / Math.Sqrt(40 * band.Second)));
        }
    }

    [Fact]
    public void Bands_are_half_octaves_down_to_half_the_side()
    {
        Assert.Equal(10, new RadialSpectrum(3, 128, 200).Bands);
        Assert.Equal(2, new RadialSpectrum(3, 8, 8).Bands);
        Assert.Equal(0, new RadialSpectrum(3, 4, 4).Bands);
    }

    [Theory]
    [InlineData(3, 128, 128)]
    [InlineData(3, 64, 96)]
    [InlineData(1, 128, 128)]
    public void Noise_with_a_natural_spectrum_is_near_and_white_noise_is_far(int channels, int height, int width)
    {
        double natural = Distance(NaturalNoise.Make(channels, height, width, 5));
        double white = Distance(torch.rand([channels, height, width], generator: new torch.Generator(5)));

        output.WriteLine($"natural {natural:0.000}, white {white:0.000}");
        Assert.InRange(natural, 0, 0.15);
        Assert.InRange(white, 0.7, 3);
    }

    [Fact]
    public void Neither_contrast_nor_brightness_nor_saturation_counts()
    {
        torch.Tensor picture = NaturalNoise.Make(3, 128, 128, 2);
        double distance = Distance(picture);

        Assert.Equal(distance, Distance(picture * 0.5 + 0.1), 0.05);
        torch.Tensor grey = picture.mean([0], keepdim: true);
        Assert.Equal(distance, Distance(grey + 0.5 * (picture - grey)), 0.05);
    }

    [Fact]
    public void Fine_stripes_are_further_than_coarse_clouds()
    {
        torch.Tensor stripes = torch.zeros(3, 64, 64);
        stripes[.., .., torch.TensorIndex.Slice(0, 64, 2)] = 1;

        Assert.True(Distance(stripes) > 1, $"{Distance(stripes)}");
    }

    [Fact]
    public void A_picture_that_shows_nothing_has_none()
    {
        Assert.Null(Measure(torch.full([3, 64, 64], 0.3f), null));
        Assert.Null(Measure(torch.rand(3, 5, 5), null));
    }

    [Fact]
    public void Pictures_are_near_to_their_own_mean_spectrum()
    {
        torch.Tensor white = torch.rand([3, 64, 64], generator: new torch.Generator(7));
        var spectrum = new RadialSpectrum(3, 64, 64);
        var mean = new MeanSpectrum(spectrum);
        mean.Add(spectrum.Of(torch.rand([3, 64, 64], generator: new torch.Generator(8)) * 0.2));
        mean.Add(spectrum.Of(torch.rand([3, 64, 64], generator: new torch.Generator(9))));

        Assert.InRange(Measure(white, mean.Power)!.Value, 0, 0.15);
    }

    [SkippableTheory]
    [InlineData("cat.jpg")]
    [InlineData("hot_dog.jpg")]
    [InlineData("parrot.jpg")]
    [InlineData("sky.jpg")]
    public void Photos_are_near(string photo)
    {
        string path = TestFiles.Shared("photos", photo);

        foreach (int size in new[] { 64, 128, 224 })
        {
            double distance = Distance(ImageFile.Read(path, 3, size, size));
            output.WriteLine($"{photo} at {size}: {distance:0.000}");
            Assert.InRange(distance, 0, 0.4);
        }
    }

    private static double Distance(torch.Tensor picture) => Measure(picture, null)!.Value;

    private static double? Measure(torch.Tensor picture, double[][]? nature)
    {
        var spectrum = new RadialSpectrum(picture.shape[0], picture.shape[1], picture.shape[2]);
        torch.Tensor saved = (picture * 255).round() / 255;
        return SpectralDistance.Of(spectrum, spectrum.Of(saved), nature ?? spectrum.OfNature());
    }
}
