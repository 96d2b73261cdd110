using CnnViz.Patterns.Drawing;

namespace CnnViz.Tests.Patterns;

/// <summary>The pictures that the built-in network learns from.</summary>
public sealed class PatternPainterTests
{
    private const int Size = 64;

    [Fact]
    public void A_picture_follows_from_its_seed_and_number_alone()
    {
        var painter = new PatternPainter(Size);
        (PatternLabel label, float[] picture) = Paint(painter, 5, 17);

        Paint(painter, 5, 16);
        (PatternLabel again, float[] samePicture) = Paint(painter, 5, 17);
        (_, float[] elsewhere) = Paint(new PatternPainter(Size), 5, 17);

        Assert.Equal(label, again);
        Assert.Equal(picture, samePicture);
        Assert.Equal(picture, elsewhere);
    }

    [Theory]
    [InlineData(6, 17)]
    [InlineData(5, 18)]
    public void Another_seed_or_number_is_another_picture(ulong seed, long number)
    {
        var painter = new PatternPainter(Size);

        Assert.NotEqual(Paint(painter, 5, 17).Picture, Paint(painter, seed, number).Picture);
    }

    [Fact]
    public void Random_numbers_never_change()
    {
        // Computed once with another implementation of xoshiro256** and SplitMix64. Other numbers would be other pictures.
        ulong[] expected = [0x1CDF17F715DF5037, 0xBA593EB8ED156DEB, 0xD6EE6286C1F51517];
        var random = new RandomSource(1, 2);

        Assert.All(expected, value => Assert.Equal(value, random.NextBits()));
    }

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(97)]
    public void Values_are_within_0_and_1_and_no_picture_is_flat(int size)
    {
        var painter = new PatternPainter(size);
        foreach (int pattern in Enumerable.Range(0, PatternCatalog.All.Count))
        {
            var picture = new float[painter.PictureLength];
            Array.Fill(picture, float.NaN);
            painter.Paint(new PatternLabel(pattern, pattern % Hue.All.Count), new RandomSource(8, (ulong)pattern), picture);

            Assert.All(picture, value => Assert.InRange(value, 0, 1));
            float mean = picture.Average();
            Assert.True(picture.Average(value => (value - mean) * (value - mean)) > 0.003, PatternCatalog.Names[pattern]);
        }
    }

    [Fact]
    public void All_patterns_and_hues_are_about_as_frequent()
    {
        var painter = new PatternPainter(8);
        PatternLabel[] labels = [.. Enumerable.Range(0, 5600).Select(number => Paint(painter, 3, number).Label)];

        int[] patterns = Count(labels.Select(label => label.Pattern));
        int[] hues = Count(labels.Select(label => label.Hue));
        Assert.Equal(PatternCatalog.All.Count, patterns.Length);
        Assert.Equal(Hue.All.Count, hues.Length);
        Assert.All(patterns, count => Assert.InRange(count, 140, 260));
        Assert.All(hues, count => Assert.InRange(count, 590, 810));
    }

    [Fact]
    public void Names_are_unique_and_need_no_quotes()
    {
        string[] names = [.. PatternCatalog.Names, .. Hue.Names];

        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches("^[a-z]+(-[a-z]+)*$", name));
    }

    [Fact]
    public void The_saturated_pixels_have_the_hue_of_the_label()
    {
        var painter = new PatternPainter(Size);
        const int Pictures = 600;
        int right = Enumerable.Range(0, Pictures).Count(number =>
        {
            (PatternLabel label, float[] picture) = Paint(painter, 21, number);
            float distance = MathF.Abs(Lattice.Fold(DominantHue(picture) - Hue.All[label.Hue].Degrees, 360));
            return distance <= Hue.All[label.Hue].Spread + 4;
        });

        Assert.InRange(right, 0.98 * Pictures, Pictures);
    }

    private static (PatternLabel Label, float[] Picture) Paint(PatternPainter painter, ulong seed, long number)
    {
        var picture = new float[painter.PictureLength];
        return (painter.Paint(seed, number, picture), picture);
    }

    private static int[] Count(IEnumerable<int> values) => [.. values.GroupBy(value => value).Select(group => group.Count())];

    // The mean direction on the colour circle of all that has colour.
    private static float DominantHue(float[] picture)
    {
        int area = picture.Length / 3;
        (double x, double y) = (0, 0);
        for (int i = 0; i < area; i++)
        {
            (float hue, float saturation, float value) = new Colour(picture[i], picture[area + i], picture[2 * area + i]).ToHsv();
            double weight = saturation > 0.4f ? saturation * value : 0;
            x += weight * Math.Cos(hue * Math.PI / 180);
            y += weight * Math.Sin(hue * Math.PI / 180);
        }

        return (float)(Math.Atan2(y, x) * 180 / Math.PI);
    }
}
