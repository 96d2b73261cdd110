using CnnViz.Activations;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using CnnViz.Pictures;
using CnnViz.Tests.Import;
using TorchSharp;

namespace CnnViz.Tests.Activations;

public sealed class FilterMapTests : MeasurementTest
{
    [Theory]
    [InlineData("conv1")]
    [InlineData("conv2")]
    public void The_values_are_those_of_the_network(string layer)
    {
        string[] paths = Noise(3);

        FilterMap[] maps = Map(Filters(layer), paths);

        for (int i = 0; i < maps.Length; i++)
        {
            (int image, int filter) = (i / Model.GetLayer(layer).Filters, i % Model.GetLayer(layer).Filters);
            torch.Tensor input = ImageFile.ToTensor([ImageFile.ReadCenter(paths[image], 3, 32, 32)], Model.InputShape);
            using torch.Tensor output = Model.Graph.SubGraph(Model.GetLayer(layer).Node).Run(input);
            float[] expected = output[0, filter].ToFloats();
            float[] values = [.. maps[i].GetValues().Cast<float>()];
            Assert.Equal(expected.Length, values.Length);
            Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            Assert.Equal(expected.Min(), maps[i].Minimum, 1e-5f);
            Assert.Equal(maps[i].Max, maps[i].Maximum);
        }
    }

    // A spot of one pixel; the strongest colour must be on it, not where a stretched map would have it.
    [Theory]
    [InlineData("conv1", 10, 20)]
    [InlineData("conv2", 10, 20)]
    [InlineData("conv2", 28, 4)]
    public void The_strongest_colour_is_on_what_the_filter_sees(string layer, int row, int column)
    {
        TestPictures.WriteSpot(At("spot.png"), 32, 32, row, column, 255, 0, 0);

        FilterMap map = Assert.Single(Map([Model.GetLayer(layer).GetFilter(TinyModel.Red)], [At("spot.png")]));

        (double hotRow, double hotColumn) = Centre(map);
        Assert.Equal(row, hotRow, 0.15);
        Assert.Equal(column, hotColumn, 0.15);
    }

    [Theory]
    [InlineData("y = Conv<strides=[2,2]>(x, float[1,2,5,5])", 2, 2, 2, 2)]
    [InlineData("y = Conv<pads=[2,2,2,2], strides=[2,2]>(x, float[1,2,5,5])", 0, 0, 2, 2)]
    [InlineData("a = MaxPool<kernel_shape=[2,2], strides=[2,2]>(x); y = Conv<pads=[1,1,1,1], strides=[2,3]>(a, float[1,2,3,3])", 0.5, 0.5, 4, 6)]
    [InlineData("a = Conv<pads=[1,1,1,1], strides=[4,4]>(x, float[2,2,3,3]); b = GlobalAveragePool(a); c = Sigmoid(b); y = Mul(a, c)", 0, 0, 4, 4)]
    [InlineData("a = Conv<strides=[2,2]>(x, float[2,2,3,3]); b = InstanceNormalization(a, positive[2], float[2]); y = Conv<strides=[2,2]>(b, float[2,2,3,3])", 3, 3, 4, 4)]
    [InlineData("a = Flatten(x); b = Gemm(a, float[1152,72]); c = Reshape(b, {1,2,6,6}); y = Relu(c)", 1.5, 1.5, 4, 4)]
    public void Positions_lie_where_their_receptive_fields_have_their_centres(string statements, double top, double left, double strideHeight, double strideWidth)
    {
        using CnnModel model = ReaderTest.Load(OnnxText.Parse(13, statements, 1, 2, 24, 24));

        Assert.Equal(new MapGrid(top, left, strideHeight, strideWidth), MapGrid.Of(model.GetLayer("y")));
    }

    [Fact]
    public void Between_positions_values_go_straight_and_beyond_the_last_they_stay()
    {
        float[] spread = new MapGrid(1, 0, 4, 1).Spread([0, 0, 8, 16], columns: 2, height: 8, width: 2, scale: 1);

        Assert.Equal([0, 0, 0, 0, 2, 4, 4, 8, 6, 12, 8, 16, 8, 16, 8, 16], spread);
    }

    [Fact]
    public void A_filter_that_does_not_fire_leaves_the_photo_alone()
    {
        FilterMap map = Assert.Single(Map([Model.GetLayer("conv1").GetFilter(TinyModel.Dead)], Noise(1)));

        Assert.False(map.HasSignal);
        Assert.True(new PictureBytes(map.GetPixels(), map.Height, map.Width, 3).IsGrey);
    }

    [Fact]
    public void What_is_no_number_is_drawn_as_nothing_and_not_hidden()
    {
        TestPictures.WriteSpot(At("spot.png"), 32, 32, 3, 3, 0, 255, 0);

        FilterMap map = Assert.Single(Map([Model.GetLayer("broken").GetFilter(0)], [At("spot.png")]));

        Assert.Equal(float.NaN, map.Maximum);
        Assert.Null(FilterMapFacts.Of(map).Maximum);
        Assert.True(new PictureBytes(map.GetPixels(), map.Height, map.Width, 3).IsGrey);
    }

    [Fact]
    public void The_photo_is_what_the_network_sees_in_more_detail()
    {
        byte[] pixels = [.. Enumerable.Range(0, 300 * 200).SelectMany(i => new[] { (byte)(i % 200), (byte)(i / 200 / 2), (byte)128 })];
        TestPictures.Write(At("photo.png"), 300, 200, pixels);

        PictureBytes large = ImageFile.ReadDetailed(At("photo.png"), 3, 32, 32, 14);

        byte[] seen = ImageFile.ReadCenter(At("photo.png"), 3, 32, 32);
        byte[] shrunk = large.Resize(32, 32, PictureFilter.Box).Samples;
        Assert.All(seen.Zip(shrunk), pair => Assert.InRange(pair.First - pair.Second, -3, 3));
    }

    [Fact]
    public void Maps_leave_no_tensor_behind()
    {
        long before = NativeTensors.Settled();

        Assert.Equal(30, Map(Filters("conv2"), Noise(10)).Length);

        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    private FilterMap[] Map(IReadOnlyCollection<CnnFilter> filters, string[] paths) =>
        [.. new ActivationMeasurement(filters, 4, keepsMaps: true).Run(paths, null, default).SelectMany(image => FilterMap.Of(image, Model))];

    // The mean place of the pixels with the largest red-minus-blue, in pixels of the network's input.
    private static (double Row, double Column) Centre(FilterMap map)
    {
        byte[] pixels = map.GetPixels();
        int[] warmth = [.. Enumerable.Range(0, map.Height * map.Width).Select(i => pixels[i * 3] + pixels[i * 3 + 1] - 2 * pixels[i * 3 + 2])];
        int[] hottest = [.. Enumerable.Range(0, warmth.Length).Where(i => warmth[i] >= warmth.Max() - 2)];
        double scale = map.Height / 32.0;
        return (hottest.Average(i => (i / map.Width + 0.5) / scale - 0.5), hottest.Average(i => (i % map.Width + 0.5) / scale - 0.5));
    }
}
