using CnnViz.Ascent;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Tests.Ascent;

public sealed class AscentImageTests : EngineTest
{
    public static TheoryData<ImageParameter, ImageRange, bool> Ways
    {
        get
        {
            var ways = new TheoryData<ImageParameter, ImageRange, bool>();
            // Phases are tested by themselves: they do not keep all of a picture.
            foreach (ImageParameter parameter in Enum.GetValues<ImageParameter>().Except([ImageParameter.Phase]))
            {
                foreach (ImageRange range in Enum.GetValues<ImageRange>())
                {
                    ways.Add(parameter, range, false);
                    ways.Add(parameter, range, true);
                }
            }

            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_picture_to_start_from_comes_out_as_it_went_in(ImageParameter parameter, ImageRange range, bool decorrelate)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var settings = new ImageSettings { Parameter = parameter, Range = range, DecorrelateColors = decorrelate, Contrast = 0.15f };

        // An odd width, and another height.
        torch.Tensor picture = torch.rand(2, 3, 12, 17) * 0.9 + 0.05;
        using AscentImage image = AscentImage.FromPictures(settings, picture, border: 0);

        Assert.True((image.ToPictures() - picture).abs().max().ToSingle() < 1e-4);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_gradient_is_that_of_finite_differences(ImageParameter parameter, ImageRange range, bool decorrelate)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var settings = new ImageSettings { Parameter = parameter, Range = range, DecorrelateColors = decorrelate };
        torch.Tensor picture = torch.rand(1, 3, 6, 9) * 0.6 + 0.2;
        using AscentImage image = AscentImage.FromPictures(settings, picture, border: 0);
        torch.Tensor weights = torch.randn(1, 3, 6, 9);
        torch.Tensor Value() => (image.ToImages() * weights).sum();
        IList<torch.Tensor> gradients = torch.autograd.grad([Value()], [.. image.Variables]);
        using var noGradients = torch.no_grad();
        for (int variable = 0; variable < gradients.Count; variable++)
        {
            torch.Tensor direction = torch.randn_like(gradients[variable]);
            const double Small = 1e-3;
            image.Change(variable, direction * Small);
            double above = Value().ToDouble();
            image.Change(variable, direction * (-2 * Small));
            double below = Value().ToDouble();
            image.Change(variable, direction * Small);

            double expected = (gradients[variable] * direction).sum().ToDouble();
            Assert.Equal(expected, (above - below) / (2 * Small), 0.02 * Math.Max(1, Math.Abs(expected)));
        }
    }

    [Theory]
    [InlineData(1, 10, 10)]
    [InlineData(3, 9, 14)]
    [InlineData(5, 13, 7)]
    public void Any_number_of_channels_and_any_size_starts_around_grey(int channels, int height, int width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var random = new torch.Generator(3);
        foreach (Recipe recipe in Recipe.Published)
        {
            using AscentImage image = AscentImage.FromNoise(
                recipe.Image, channels, new AscentGeometry(height, width, 1), [random, random], torch.CPU);

            torch.Tensor images = image.ToImages();
            Assert.Equal([2, channels, height + 2, width + 2], images.shape);
            Assert.Equal([2, channels, height, width], image.ToPictures().shape);
            Assert.InRange(images.mean().ToSingle(), 0.4f, 0.6f);
            Assert.InRange(images.std().ToSingle(), 1e-4f, recipe.Image.Parameter == ImageParameter.Phase ? 0.25f : 0.1f);
        }
    }

    [Fact]
    public void Fourier_starts_are_smoother_the_higher_the_decay()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        double[] roughness = [.. new[] { 0.0, 1, 2 }.Select(decay =>
        {
            using var random = new torch.Generator(3);
            using AscentImage image = AscentImage.FromNoise(
                new ImageSettings { Parameter = ImageParameter.Fourier, Decay = decay }, 3, new AscentGeometry(64, 64, 0), [random], torch.CPU);
            torch.Tensor picture = image.ToImages();
            return (picture.diff(1, 3).std() / picture.std()).ToDouble();
        })];

        Assert.True(roughness[0] > 1.2 * roughness[1] && roughness[1] > 1.2 * roughness[2], string.Join(", ", roughness));
    }

    [Fact]
    public void An_inward_clamp_lets_through_what_leads_back()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor value = torch.tensor(new[] { -1f, -1f, 0.5f, 0.5f, 2f, 2f }).requires_grad_();
        torch.Tensor up = torch.tensor(new[] { 1f, -1f, 1f, -1f, 1f, -1f });

        torch.Tensor clamped = InwardClamp.Apply(value, 0, 1);
        torch.Tensor gradient = torch.autograd.grad([(clamped * up).sum()], [value])[0];

        Assert.Equal([0f, 0f, 0.5f, 0.5f, 1f, 1f], clamped.detach().ToFloats());
        Assert.Equal([1f, 0f, 1f, -1f, 0f, -1f], gradient.ToFloats());
    }
}
