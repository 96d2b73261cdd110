namespace CnnViz.Patterns.Drawing;

/// <summary>What a picture shows.</summary>
/// <param name="Pattern">Index in <see cref="PatternCatalog.All"/>.</param>
/// <param name="Hue">Index in <see cref="Hue.All"/>.</param>
internal readonly record struct PatternLabel(int Pattern, int Hue);

/// <summary>
/// Paints pictures of patterns: a pattern in saturated ink on almost neutral paper (or the other way round), under uneven light,
/// with blotches, a little blurred and noisy. Not to be used by two threads at once.
/// </summary>
/// <param name="size">Side of the pictures in pixels.</param>
internal sealed class PatternPainter(int size)
{
    private const float LeastContrast = 0.18f;

    private readonly Canvas _canvas = new(size);
    private readonly float[] _light = new float[size * size];
    private readonly float[] _blotchAcross = new float[size];

    /// <summary>Number of values in a picture: 3 × size × size.</summary>
    public int PictureLength { get; } = 3 * size * size;

    /// <summary>Paints the picture of a number in the series of a seed, and says what it shows.</summary>
    /// <param name="seed">Names the series.</param>
    /// <param name="number">The picture's number; pictures do not depend on those before them.</param>
    /// <param name="picture">3×size×size, 0…1, RGB: is filled.</param>
    public PatternLabel Paint(ulong seed, long number, Span<float> picture)
    {
        var random = new RandomSource(seed, (ulong)number);
        var label = new PatternLabel(random.Below(PatternCatalog.All.Count), random.Below(Hue.All.Count));
        Paint(label, random, picture);
        return label;
    }

    /// <summary>Paints a picture of a given pattern in a given hue.</summary>
    /// <param name="label">What to show.</param>
    /// <param name="random">Decides the rest.</param>
    /// <param name="picture">3×size×size, 0…1, RGB: is filled.</param>
    public void Paint(PatternLabel label, RandomSource random, Span<float> picture)
    {
        DrawInk(label, random);
        Colour ink = Hue.All[label.Hue].Ink(random);
        Colour paper = PaperFor(ink, random);
        Illuminate(random);
        float noise = random.Range(0, 0.05f);
        int area = size * size;
        PaintChannel(picture[..area], ink.Red, paper.Red, noise, random);
        PaintChannel(picture[area..(2 * area)], ink.Green, paper.Green, noise, random);
        PaintChannel(picture[(2 * area)..PictureLength], ink.Blue, paper.Blue, noise, random);
    }

    private void DrawInk(PatternLabel label, RandomSource random)
    {
        _canvas.Clear();
        _canvas.Softness = _canvas.Pixel * random.Range(1, 1.8f);
        PatternCatalog.All[label.Pattern].Draw(_canvas, random);
        if (random.Chance(0.5f))
        {
            _canvas.Blur(random.Range(0.05f, 0.22f));
        }

        float contrast = random.Range(0.8f, 1);
        bool inverted = random.Chance(0.25f);
        foreach (ref float coverage in _canvas.Ink.AsSpan())
        {
            coverage = contrast * (inverted ? 1 - coverage : coverage);
        }
    }

    // Paper on which the ink can be seen also without its colour.
    private static Colour PaperFor(Colour ink, RandomSource random)
    {
        while (true)
        {
            Colour paper = Paper(random);
            if (MathF.Abs(paper.Luma - ink.Luma) >= LeastContrast)
            {
                return paper;
            }
        }
    }

    // Black, grey or white, with a tint too weak to be called a colour.
    private static Colour Paper(RandomSource random)
    {
        float value = random.Below(3) switch
        {
            0 => random.Range(0, 0.15f),
            1 => random.Range(0.35f, 0.6f),
            _ => random.Range(0.82f, 1),
        };
        return Colour.FromHsv(random.Range(0, 360), random.Range(0, 0.14f), value);
    }

    // Light that falls off in one direction, and up to three soft blotches, lighter or darker.
    private void Illuminate(RandomSource random)
    {
        float angle = random.Tilt(180);
        float fall = random.Range(0, 0.22f) / size;
        float right = MathF.Cos(angle) * fall;
        float down = MathF.Sin(angle) * fall;
        float middle = 0.5f * (size - 1);
        for (int y = 0, i = 0; y < size; y++)
        {
            float atRow = 1 + (y - middle) * down - middle * right;
            for (int x = 0; x < size; x++, i++)
            {
                _light[i] = atRow + x * right;
            }
        }

        for (int blotches = random.Below(4); blotches > 0; blotches--)
        {
            AddBlotch(random);
        }
    }

    private void AddBlotch(RandomSource random)
    {
        float centreX = random.Range(0, size);
        float centreY = random.Range(0, size);
        float radius = random.Range(0.06f, 0.25f) * size;
        float strength = random.Range(-0.25f, 0.15f);
        for (int x = 0; x < size; x++)
        {
            _blotchAcross[x] = Bell(x - centreX);
        }

        for (int y = 0, i = 0; y < size; y++)
        {
            float atRow = strength * Bell(y - centreY);
            for (int x = 0; x < size; x++, i++)
            {
                _light[i] += atRow * _blotchAcross[x];
            }
        }

        float Bell(float distance) => MathF.Exp(-0.5f * distance * distance / (radius * radius));
    }

    // Noise: the sum of two even distributions, two pixels from one draw.
    private void PaintChannel(Span<float> channel, float ink, float paper, float noise, RandomSource random)
    {
        float unit = noise * 2.45f / 65535;
        float[] coverage = _canvas.Ink;
        ulong bits = 0;
        for (int i = 0; i < channel.Length; i++)
        {
            bits = (i & 1) == 0 ? random.NextBits() : bits >> 32;
            float grain = ((int)(bits & 0xFFFF) + (int)((bits >> 16) & 0xFFFF) - 65535) * unit;
            channel[i] = Math.Clamp((paper + coverage[i] * (ink - paper)) * _light[i] + grain, 0, 1);
        }
    }
}
