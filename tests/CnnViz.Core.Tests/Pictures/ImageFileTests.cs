using CnnViz.Pictures;
using CnnViz.Tests.Activations;
using TorchSharp;

namespace CnnViz.Tests.Pictures;

public sealed class ImageFileTests : EngineTest, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_picture_of_the_wanted_size_is_read_as_it_is()
    {
        byte[] pixels = TestPictures.WriteNoise(At("a.png"), 21, 33, 1);

        Assert.Equal(pixels, ImageFile.ReadCenter(At("a.png"), 3, 21, 33));
    }

    [Theory]
    [InlineData(120, 77, 56, 56, 64, 99)] // height and width of the picture, wanted, resized
    [InlineData(64, 65, 56, 56, 65, 64)]
    [InlineData(30, 90, 56, 56, 192, 64)]
    [InlineData(500, 333, 224, 224, 256, 384)]
    [InlineData(100, 100, 28, 56, 64, 64)]
    [InlineData(56, 57, 56, 56, 65, 64)]
    public void Another_is_resized_and_cut_as_for_a_classifier(
        int height, int width, int wantedHeight, int wantedWidth, int columns, int rows)
    {
        byte[] pixels = TestPictures.WriteNoise(At("a.png"), height, width, 2);

        byte[] read = ImageFile.ReadCenter(At("a.png"), 3, wantedHeight, wantedWidth);

        double[] expected = Triangle(pixels, height, width, rows, columns);
        (int top, int left) = ((int)Math.Round((rows - wantedHeight) / 2.0), (int)Math.Round((columns - wantedWidth) / 2.0));
        double worst = 0;
        for (int i = 0; i < read.Length; i++)
        {
            (int row, int column, int channel) = (i / 3 / wantedWidth + top, i / 3 % wantedWidth + left, i % 3);
            worst = Math.Max(worst, Math.Abs(read[i] - expected[(row * columns + column) * 3 + channel]));
        }

        Assert.Equal(wantedHeight * wantedWidth * 3, read.Length);
        Assert.True(worst < 1.6, $"{worst:0.00} of 255");
    }

    [SkippableTheory]
    [InlineData("a[1].png")]
    [InlineData("a.png[0]")]
    [InlineData("a%d.png")]
    [InlineData("jpeg:a.png")]
    [InlineData("a*.png")]
    [InlineData("a.txt")]
    public void A_name_is_nothing_but_a_name(string name)
    {
        Skip.If(name.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0, "This system has no such names.");
        byte[] pixels = TestPictures.WriteNoise(At("plain.png"), 8, 8, 3);
        File.Move(At("plain.png"), At(name));

        Assert.Equal(pixels, ImageFile.ReadCenter(At(name), 3, 8, 8));
    }

    [Fact]
    public void A_network_that_sees_grey_gets_grey()
    {
        TestPictures.Write(At("a.png"), 1, 3, [255, 255, 255, 0, 0, 0, 128, 128, 128]);

        Assert.Equal([255, 0, 128], ImageFile.ReadCenter(At("a.png"), 1, 1, 3));
    }

    [Fact]
    public void Pixels_become_a_batch_of_planes()
    {
        using DisposeScope scope = torch.NewDisposeScope();

        torch.Tensor batch = ImageFile.ToTensor([[255, 0, 51, 0, 0, 0], [0, 0, 0, 0, 255, 0]], new(3, 1, 2, true));

        Assert.Equal([2, 3, 1, 2], batch.shape);
        Assert.Equal([1f, 0, 0, 0, 0.2f, 0, 0, 0, 0, 1, 0, 0], batch.cpu().data<float>().ToArray());
    }

    private string At(string name) => Path.Combine(_folder, name);

    // Bilinear with antialiasing, as PIL and torch define it: along each axis the weights are a triangle around the position, as wide
    // as one pixel of the smaller of the two pictures.
    private static double[] Triangle(byte[] pixels, int height, int width, int rows, int columns)
    {
        double[,] down = Weights(height, rows);
        double[,] across = Weights(width, columns);
        var wide = new double[height * columns * 3];
        for (int i = 0; i < wide.Length; i++)
        {
            (int row, int column, int channel) = (i / 3 / columns, i / 3 % columns, i % 3);
            wide[i] = Enumerable.Range(0, width).Sum(tap => across[column, tap] * pixels[(row * width + tap) * 3 + channel]);
        }

        var result = new double[rows * columns * 3];
        for (int i = 0; i < result.Length; i++)
        {
            (int row, int column, int channel) = (i / 3 / columns, i / 3 % columns, i % 3);
            result[i] = Enumerable.Range(0, height).Sum(tap => down[row, tap] * wide[(tap * columns + column) * 3 + channel]);
        }

        return result;
    }

    private static double[,] Weights(int from, int to)
    {
        var weights = new double[to, from];
        double scale = (double)from / to;
        double support = Math.Max(scale, 1);
        for (int position = 0; position < to; position++)
        {
            double center = (position + 0.5) * scale - 0.5;
            double total = 0;
            for (int tap = 0; tap < from; tap++)
            {
                total += weights[position, tap] = Math.Max(0, 1 - Math.Abs(tap - center) / support);
            }

            for (int tap = 0; tap < from; tap++)
            {
                weights[position, tap] /= total;
            }
        }

        return weights;
    }
}
