using System.Text.Json;
using CnnViz.Ascent;
using CnnViz.Pictures;
using CnnViz.Showing.Files;
using CnnViz.Showing.Sheets;
using CnnViz.Tests.Pictures;
using TorchSharp;

namespace CnnViz.Tests.Showing.Sheets;

public sealed class FilterSheetTests : EngineTest, IDisposable
{
    private static readonly SheetOptions s_plain = new() { Label = string.Empty, TileSize = (32, 32), Margin = 4 };
    private readonly MadePictures _pictures = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz").FullName;

    public void Dispose()
    {
        _pictures.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Pictures_keep_their_order_and_their_colours()
    {
        SheetOptions options = s_plain with { Columns = 2 };
        SheetPage page = PageOf(options, Tile(1, 0, 0, options), Tile(0, 1, 0, options), Tile(0, 0, 1, options));

        PictureBytes image = page.Draw().ToPicture();

        int header = image.Height - 2 * 8 - 2 * 32 - 4;
        Assert.Equal([255, 0, 0], At(image, 8 + header + 16, 8 + 16));
        Assert.Equal([0, 255, 0], At(image, 8 + header + 16, 8 + 36 + 16));
        Assert.Equal([0, 0, 255], At(image, 8 + header + 36 + 16, 8 + 16));
        Assert.Equal([255, 255, 255], At(image, 8 + header + 36 + 16, 8 + 36 + 16));
        Assert.Equal([255, 255, 255], At(image, 8 + header + 16, 8 + 32 + 1));
    }

    [Fact]
    public void Tiny_pictures_are_enlarged_to_sharp_squares()
    {
        SheetOptions options = s_plain with { TileSize = (50, 50) };
        torch.Tensor board = torch.tensor(new float[] { 0, 1, 1, 0 }).reshape(1, 2, 2).expand(3, 2, 2).contiguous();
        (byte[] pixels, int height, int width) = SheetTile.Of(_pictures.Make(board), options).Fit(50, 50);

        Assert.Equal((50, 50), (height, width));
        Assert.All(pixels, value => Assert.True(value is 0 or 255));
        Assert.Equal(0, pixels[(10 * 50 + 10) * 3]);
        Assert.Equal(255, pixels[(10 * 50 + 40) * 3]);
    }

    [Theory]
    [InlineData(3, 7, 3)]
    [InlineData(5, 3, 3)]
    public void Odd_sizes_keep_their_shape_and_edges_between_pixels_are_one_pixel_wide(int height, int width, int channels)
    {
        SheetTile tile = SheetTile.Of(_pictures.Make(torch.rand(channels, height, width)), s_plain);

        (byte[] pixels, int newHeight, int newWidth) = tile.Fit(32, 32);

        Assert.Equal(32, Math.Max(newHeight, newWidth));
        Assert.InRange((double)newHeight / newWidth, height / (double)width * 0.95, height / (double)width * 1.05);
        int colours = Enumerable.Range(0, newHeight * newWidth).Select(i => (pixels[i * 3], pixels[i * 3 + 1], pixels[i * 3 + 2]))
            .GroupBy(colour => colour).Count(group => group.Count() > 4);
        Assert.InRange(colours, height * width, height * width * 3);
    }

    [Theory]
    [InlineData(1, 20, 20)]
    [InlineData(5, 20, 100)]
    public void Grey_pictures_and_those_of_many_channels_are_grey(int channels, int height, int width)
    {
        SheetTile tile = SheetTile.Of(_pictures.Make(torch.rand(channels, 20, 20)), s_plain with { TileSize = (128, 128) });

        Assert.Equal((height, width), (tile.Height, tile.Width));
        (byte[] pixels, _, _) = tile.Fit(height, width);
        Assert.All(Enumerable.Range(0, pixels.Length / 3), i => Assert.True(pixels[i * 3] == pixels[i * 3 + 1] && pixels[i * 3] == pixels[i * 3 + 2]));
    }

    [Fact]
    public void A_tile_holds_no_tensor()
    {
        long before = NativeTensors.Settled();

        var sheet = new FilterSheet(s_plain);
        for (int i = 0; i < 20; i++)
        {
            using FilterImage image = _pictures.Plain(1, 0, 0, 200, 300);
            sheet.Add(SheetTile.Of(image, s_plain));
        }

        Assert.Equal(before, NativeTensors.Settled());
        Assert.Equal(20, sheet.Finish().Single().Count);
    }

    [Fact]
    public void A_picture_without_signal_is_a_frame_and_not_its_pixels()
    {
        FilterImage image = _pictures.Plain(1, 0, 0, status: AscentStatus.Dead);
        SheetOptions options = s_plain with { TileSize = (100, 100) };

        byte[] pixels = PageOf(options, SheetTile.Of(image, options)).Draw().ToPicture().Samples;

        Assert.All(Enumerable.Range(0, pixels.Length / 3), i => Assert.Equal(pixels[i * 3], pixels[i * 3 + 1]));
        Assert.Contains("\"status\":\"Dead\"", PageOf(options, SheetTile.Of(image, options)).Facts(PictureFormat.Png).Json);
    }

    [Fact]
    public void Too_many_pictures_for_a_sheet_fill_pages_of_which_each_keeps_to_the_limits()
    {
        SheetOptions options = s_plain with { TileSize = (4096, 4096) };
        SheetTile tile = Tile(1, 0, 0, options);
        var sheet = new FilterSheet(options);
        var pages = new List<SheetPage>();
        for (int i = 0; i < 8; i++)
        {
            if (sheet.Add(tile) is { } page)
            {
                pages.Add(page);
            }
        }

        pages.AddRange(sheet.Finish());
        Assert.Equal([2, 2, 2, 2], pages.Select(page => page.Count));
        Assert.Equal([1, 2, 3, 4], pages.Select(page => page.Number!.Value));
        Assert.Empty(sheet.Finish());
    }

    [Fact]
    public void A_row_that_is_too_wide_is_an_error_and_leaves_the_sheet_as_it_was()
    {
        SheetOptions options = s_plain with { TileSize = (4096, 4096), Columns = 4 };
        var sheet = new FilterSheet(options);

        Assert.Equal("SheetTooLarge", Assert.Throws<CnnVizException>(() => sheet.Add(Tile(1, 0, 0, options))).ErrorId);
        Assert.Empty(sheet.Finish());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(24)]
    [InlineData(64)]
    [InlineData(1000)]
    public void A_sheet_has_a_pleasant_shape(int count)
    {
        var grid = new SheetGrid(new SheetOptions(), 128, 128, 1);

        int columns = grid.ColumnsFor(count);
        int rows = (count + columns - 1) / columns;

        Assert.InRange(grid.WidthOf(columns) / (double)grid.HeightOf(rows), 0.7, 2.2);
        Assert.True(rows * columns - count < columns);
    }

    [Theory]
    [InlineData(20, 100)]
    [InlineData(96, 96)]
    [InlineData(300, 300)]
    public void Without_a_size_places_are_whole_times_the_largest_picture(int side, int expected) =>
        Assert.Equal((expected, expected), (new SheetGrid(new SheetOptions(), side, side, 0).TileHeight, new SheetGrid(new SheetOptions(), side, side, 0).TileWidth));

    [Fact]
    public void Labels_say_what_the_template_says()
    {
        var picture = Picture.Of(_pictures.Plain(1, 0, 0, filter: 3));

        Assert.Equal([new("3", "1.5")], SheetLabel.Of(picture, new SheetOptions()));
        Assert.Equal([new("conv1:3", ""), new("1.5", "")], SheetLabel.Of(picture, new SheetOptions { Grouping = SheetGrouping.None }));
        Assert.Equal(
            [new("filter 003", "1.50"), new("seed 0", "")],
            SheetLabel.Of(picture, new SheetOptions { Label = "filter {Filter:000}\t{Activation:0.00}\r\nseed {seed}{Rank}\n{ClassName}" }));
        Assert.Empty(SheetLabel.Of(picture, new SheetOptions { Label = string.Empty }));
    }

    [Theory]
    [InlineData("png")]
    [InlineData("jpg")]
    [InlineData("webp")]
    [InlineData("tiff")]
    public void The_file_says_what_is_on_it(string extension)
    {
        string path = Path.Combine(_folder, $"sheet.{extension}");
        PictureFormat format = PictureFormats.FromPath(path)!.Value;

        PageOf(s_plain, Tile(1, 0, 0, s_plain), Tile(0, 1, 0, s_plain, filter: 2)).Write(path, format, null);

        string json = PictureFile.Open(path).Text!;
        using JsonDocument facts = JsonDocument.Parse(json);
        Assert.Equal("conv1", facts.RootElement.GetProperty("layers")[0].GetString());
        Assert.Equal([0, 2], facts.RootElement.GetProperty("pictures").EnumerateArray().Select(item => item.GetProperty("filter").GetInt32()));
        Assert.Equal(_pictures.Model.Sha256, facts.RootElement.GetProperty("models")[0].GetProperty("sha256").GetString());
    }

    [Fact]
    public void A_jpeg_file_of_very_many_pictures_is_written_too()
    {
        string path = Path.Combine(_folder, "many.jpg");
        SheetOptions options = s_plain with { TileSize = (16, 16), Margin = 0 };
        SheetTile tile = Tile(0, 1, 0, options);

        PageOf(options, [.. Enumerable.Repeat(tile, 900)]).Write(path, PictureFormat.Jpeg, null);

        Assert.Contains("\"count\":900", PictureFile.Open(path).Text);
    }

    [Fact]
    public void Equal_sheets_are_equal_files()
    {
        foreach (string name in new[] { "a.png", "b.png" })
        {
            PageOf(new SheetOptions(), Tile(1, 0, 0, new SheetOptions())).Write(Path.Combine(_folder, name), PictureFormat.Png, null);
        }

        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "a.png")), File.ReadAllBytes(Path.Combine(_folder, "b.png")));
    }

    [Fact]
    public void A_cancelled_sheet_leaves_no_file()
    {
        Assert.Throws<OperationCanceledException>(() => PageOf(s_plain, Tile(1, 0, 0, s_plain))
            .Write(Path.Combine(_folder, "no.png"), PictureFormat.Png, null, new CancellationToken(true)));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_comparison_has_a_column_for_each_seed_and_a_row_for_each_filter()
    {
        SheetOptions options = s_plain with { Comparison = SheetComparison.Seed, TileSize = (100, 100), Label = string.Empty };
        SheetTile Of(float red, int filter, long seed)
        {
            using FilterImage image = _pictures.Make(torch.tensor(new[] { red, 0f, 0f }).reshape(3, 1, 1).expand(3, 32, 32).contiguous(), filter, seed: seed);
            return SheetTile.Of(image, options);
        }

        // Filter 1 has no picture of the second seed, and filter 0 two of the first.
        SheetPage page = PageOf(options, Of(1, 0, 5), Of(0.8f, 1, 5), Of(0.6f, 0, 6), Of(0.4f, 0, 5));

        Assert.Equal(4, page.Count);
        PictureBytes drawn = page.Draw().ToPicture();
        int[] reds = [.. Enumerable.Range(0, drawn.Height).SelectMany(row => Enumerable.Range(0, drawn.Width).Select(column => At(drawn, row, column)))
            .Where(pixel => pixel[1] == 0 && pixel[2] == 0 && pixel[0] is 255 or 204 or 153 or 102).Select(pixel => (int)pixel[0]).Distinct()];
        Assert.Equal([255, 153, 204, 102], reds);
    }

    private static SheetPage PageOf(SheetOptions options, params SheetTile[] tiles)
    {
        var sheet = new FilterSheet(options);
        foreach (SheetTile tile in tiles)
        {
            Assert.Null(sheet.Add(tile));
        }

        return sheet.Finish().Single();
    }

    private static byte[] At(PictureBytes image, int row, int column) => image.Pixel(row, column);

    private SheetTile Tile(float red, float green, float blue, SheetOptions options, int filter = 0)
    {
        using FilterImage image = _pictures.Plain(red, green, blue, filter: filter);
        return SheetTile.Of(image, options);
    }
}
