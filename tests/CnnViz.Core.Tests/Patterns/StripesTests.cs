using CnnViz.Patterns.Drawing;
using TorchSharp;

namespace CnnViz.Tests.Patterns;

public sealed class StripesTests : EngineTest
{
    private const int Size = 64;

    // Zeros around the picture make the spectrum's steps fine enough to tell angles apart.
    private const int Padded = 256;

    // Below this frequency there is the uneven light, in cycles a picture.
    private const double Lowest = 2.5;

    [Theory]
    [InlineData("vertical-stripes", 0)]
    [InlineData("rising-stripes", 45)]
    [InlineData("horizontal-stripes", 90)]
    [InlineData("falling-stripes", 135)]
    public void Their_spectrum_has_its_peak_across_the_named_direction(string name, double across)
    {
        var painter = new PatternPainter(Size);
        int pattern = PatternCatalog.Names.ToList().IndexOf(name);
        for (int number = 0; number < 24; number++)
        {
            var picture = new float[painter.PictureLength];
            painter.Paint(new PatternLabel(pattern, number % Hue.All.Count), new RandomSource(31, (ulong)number), picture);

            double difference = Math.IEEERemainder(PeakAngle(picture) - across, 180);

            Assert.True(Math.Abs(difference) <= 12, $"{name} {number}: {difference:0.0}° off");
        }
    }

    // Degrees clockwise from the right, as y points down.
    private static double PeakAngle(float[] picture)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor channels = torch.tensor(picture, [3, Size, Size]);
        torch.Tensor channel = channels[channels.var([1, 2]).argmax().ToInt64()];
        torch.Tensor window = torch.hann_window(Size, periodic: false);
        torch.Tensor shown = (channel - channel.mean()) * window.unsqueeze(0) * window.unsqueeze(1);
        torch.Tensor power = torch.fft.fft2(shown, [Padded, Padded]).abs();
        torch.Tensor frequencies = torch.fft.fftfreq(Padded, 1.0 / Size);
        torch.Tensor distance = (frequencies.unsqueeze(0).square() + frequencies.unsqueeze(1).square()).sqrt();
        long peak = power.masked_fill(distance < Lowest, 0).argmax().ToInt64();
        double down = frequencies[peak / Padded].ToDouble();
        double right = frequencies[peak % Padded].ToDouble();
        return Math.Atan2(down, right) * 180 / Math.PI;
    }
}
