using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Networks.Operators;
using CnnViz.Pictures;
using TorchSharp;

namespace CnnViz.Tests.Ascent.Dreams;

public sealed class DreamOctavesTests : DreamTest
{
    [Theory]
    [InlineData(300, 400, 4, 109)]
    [InlineData(30, 40, 4, 11)]
    [InlineData(12, 12, 2, 9)]
    [InlineData(5, 5, 1, 5)]
    public void Sizes_end_with_the_photos_own(int height, int width, int count, int smallest)
    {
        using torch.Tensor photo = torch.zeros([3, height, width], torch.ScalarType.Byte);
        IReadOnlyList<Extent> sizes = new DreamOctaves(photo, new() { Octaves = 4 }, Model).Sizes;

        Assert.Equal((count, new Extent(height, width)), (sizes.Count, sizes[^1]));
        Assert.Equal(smallest, sizes[0].Height);
    }

    [Fact]
    public void A_large_photo_gets_as_many_octaves_as_bring_it_down_to_the_networks_input()
    {
        using torch.Tensor photo = torch.zeros([3, 640, 480], torch.ScalarType.Byte);
        IReadOnlyList<Extent> sizes = new DreamOctaves(photo, new(), Model).Sizes;

        Assert.InRange(sizes[0].Width, 22, 32);
    }

    [Fact]
    public void Without_a_dream_the_next_octave_is_the_photo_itself()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var octaves = new DreamOctaves(ImageFile.ReadWhole(Photo(53, 40), 3), new(), Model);
        for (int octave = 0; octave < octaves.Sizes.Count - 1; octave++)
        {
            torch.Tensor next = octaves.Next(octaves.Photo(octave), octave);
            Assert.Equal(octaves.Photo(octave + 1).ToFloats(), next.ToFloats());
        }
    }

    [Fact]
    public void What_was_dreamt_is_carried_along()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var octaves = new DreamOctaves(ImageFile.ReadWhole(Photo(56, 56), 3), new() { Octaves = 2 }, Model);
        torch.Tensor image = octaves.Photo(0);
        image.narrow(2, 0, 20).add_(0.1);

        torch.Tensor detail = octaves.Next(image, 0) - octaves.Photo(1);

        Assert.Equal(0.1, detail.narrow(2, 0, 26).mean().ToDouble(), 1e-5);
        Assert.Equal(0, detail.narrow(2, 30, 26).abs().max().ToDouble());
    }
}
