using System.Text.Json;
using System.Text.Json.Nodes;
using CnnViz.Ascent;
using CnnViz.Networks.Operators;
using CnnViz.Pictures;
using CnnViz.Showing.Files;
using CnnViz.Tests.Pictures;
using TorchSharp;

namespace CnnViz.Tests.Ascent;

public sealed class FilterImageFileTests : EngineTest, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("png", 1)]
    [InlineData("png", 2)]
    [InlineData("png", 3)]
    [InlineData("png", 4)]
    [InlineData("webp", 1)]
    [InlineData("webp", 3)]
    [InlineData("webp", 5)]
    [InlineData("tiff", 1)]
    [InlineData("tiff", 3)]
    [InlineData("tiff", 6)]
    public void Pixels_and_facts_come_back_exactly(string extension, int channels)
    {
        using FilterImage image = TestImages.Noise(channels);
        Write(image, $"one.{extension}", quality: 100);

        using FilterImage read = FilterImageFile.Read(At($"one.{extension}"));

        Assert.Equal(image.Tensor.shape, read.Tensor.shape);
        Assert.Equal(image.Tensor.ToFloats(), read.Tensor.ToFloats());
        AssertSameFacts(image, read);
        Assert.Equal(At($"one.{extension}"), read.Path);
        Assert.Equal(TimeSpan.Zero, read.Elapsed);
        Assert.Empty(read.Snapshots);
        Assert.Null(read.Transparency);
    }

    [Fact]
    public void The_facts_have_these_names_in_this_order()
    {
        using FilterImage image = TestImages.Noise();
        JsonObject json = JsonNode.Parse(FilterImageFacts.Of(image).ToPictureFacts().Json)!.AsObject();

        string[] expected =
        [
            "model", "modelSha256", "objective", "layer", "filter", "className", "activation", "activations", "status", "rescue", "minimized",
            "seed", "recipe", "steps", "tolerance", "image", "views", "penalties", "update", "dream", "border", "initialImage", "spectrum",
            "preprocessing", "height", "width", "version",
        ];
        Assert.Equal(expected, json.Select(member => member.Key));
    }

    [Theory]
    [InlineData("jpg")]
    [InlineData("webp")]
    public void Formats_that_lose_something_keep_the_facts_and_the_look(string extension)
    {
        using FilterImage image = TestImages.Noise(3, 64, 48);
        using (torch.no_grad())
        {
            image.Tensor.fill_(0.25f);
        }

        Write(image, $"one.{extension}", quality: 60);

        using FilterImage read = FilterImageFile.Read(At($"one.{extension}"));
        Assert.Equal("64×48", read.Size);
        Assert.All(read.Tensor.ToFloats(), value => Assert.Equal(0.25f, value, 0.03f));
        AssertSameFacts(image, read);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    [InlineData(3, true)]
    [InlineData(2, true)]
    public void What_is_read_and_written_again_is_the_same_file(int channels, bool transparency)
    {
        using FilterImage image = TestImages.Noise(channels, transparency: transparency);
        Write(image, "one.png", transparency: transparency);

        using FilterImage read = FilterImageFile.Read(At("one.png"));
        Write(read, "two.png", transparency: transparency);

        Assert.Equal(image.Transparency?.ToFloats(), read.Transparency?.ToFloats());
        Assert.Equal(image.Tensor.ToFloats(), read.Tensor.ToFloats());
        Assert.Equal(File.ReadAllBytes(At("one.png")), File.ReadAllBytes(At("two.png")));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    public void Files_that_do_not_say_their_channels_are_read_by_their_size(int channels, int expected)
    {
        using FilterImage image = TestImages.Noise(channels);
        WriteWith(image, json => json.Remove("channels"));

        using FilterImage read = FilterImageFile.Read(At("changed.png"));
        Assert.Equal([expected, 11, 17], read.Tensor.shape);
    }

    [Fact]
    public void A_picture_that_is_not_about_one_filter_is_one_all_the_same()
    {
        using FilterImage image = TestImages.Noise(
            facts: TestImages.Facts with { Filter = null, ClassName = null, Objective = "conv1:3 - 0.5 * conv2:7", Layer = "conv1, conv2", Dream = null });
        Write(image, "one.png");

        using FilterImage read = FilterImageFile.Read(At("one.png"));
        Assert.Null(read.Filter);
        Assert.Equal("conv1:3 - 0.5 * conv2:7", read.Objective);
        AssertSameFacts(image, read);
    }

    [Theory]
    [InlineData("model", "3")]
    [InlineData("model", "null")]
    [InlineData("filter", "\"seven\"")]
    [InlineData("filter", "-1")]
    [InlineData("filter", "1.5")]
    [InlineData("filter", "99999999999")]
    [InlineData("seed", "1e30")]
    [InlineData("seed", "\"1\"")]
    [InlineData("activation", "1e999")]
    [InlineData("activation", "1e39")]
    [InlineData("activation", "\"NaN\"")]
    [InlineData("activations", "[1, \"2\"]")]
    [InlineData("activations", "null")]
    [InlineData("activations", "{}")]
    [InlineData("status", "\"Splendid\"")]
    [InlineData("status", "77")]
    [InlineData("rescue", "[]")]
    [InlineData("minimized", "\"yes\"")]
    [InlineData("image", "[[[[[[[[[[[[1]]]]]]]]]]]]")]
    [InlineData("image", "null")]
    [InlineData("views", "{\"count\": \"many\"}")]
    [InlineData("update", "{\"stepSize\": 1e999}")]
    [InlineData("update", "{\"rule\": 3}")]
    [InlineData("steps", "-5")]
    [InlineData("height", "-1")]
    [InlineData("channels", "0")]
    public void Facts_that_cannot_be_are_one_error(string fact, string value)
    {
        using FilterImage image = TestImages.Noise();
        string json = FilterImageFacts.Of(image).ToPictureFacts().Json;
        int at = json.IndexOf($"\"{fact}\":", StringComparison.Ordinal);
        json = at < 0 ? $"{json[..^1]},\"{fact}\":{value}}}" : $"{json[..^1]},\"{fact}\":{value}}}";

        WriteJson(image, json);

        CnnVizException exception = Assert.Throws<CnnVizException>(() => FilterImageFile.Read(At("changed.png")));
        Assert.Contains(exception.ErrorId, new[] { "PictureFactsInvalid", "PictureFactsMissing" });
    }

    [Theory]
    [InlineData("model")]
    [InlineData("activations")]
    [InlineData("recipe")]
    [InlineData("seed")]
    [InlineData("views")]
    public void Facts_that_are_missing_are_one_error(string fact)
    {
        using FilterImage image = TestImages.Noise();
        WriteWith(image, json => json.Remove(fact));

        Assert.Equal("PictureFactsInvalid", Assert.Throws<CnnVizException>(() => FilterImageFile.Read(At("changed.png"))).ErrorId);
    }

    [Theory]
    [InlineData("height", 12)]
    [InlineData("width", 16)]
    [InlineData("channels", 4)]
    [InlineData("channels", 1_000_000_000)]
    public void Another_size_than_the_files_is_one_error(string fact, int value)
    {
        using FilterImage image = TestImages.Noise();
        WriteWith(image, json => json[fact] = value);

        Assert.Equal("PictureSizeMismatch", Assert.Throws<CnnVizException>(() => FilterImageFile.Read(At("changed.png"))).ErrorId);
    }

    [Theory]
    [InlineData("a photo of a cat")]
    [InlineData("[1, 2]")]
    [InlineData("{")]
    [InlineData("{\"model\": 1}")]
    public void A_picture_that_is_not_ours_says_so(string description)
    {
        using FilterImage image = TestImages.Noise();
        WriteJson(image, description);

        Assert.Equal("PictureFactsMissing", Assert.Throws<CnnVizException>(() => FilterImageFile.Read(At("changed.png"))).ErrorId);
    }

    [Fact]
    public void A_million_activations_are_read_and_absurdly_many_are_not()
    {
        using FilterImage image = TestImages.Noise();
        string json = JsonSerializer.Serialize(new { facts = new float[1000] });
        Assert.Null(FactsText.TryRead<FilterImageFacts>(new string(' ', 1 << 26)));
        Assert.Null(FactsText.TryRead<FilterImageFacts>(json));
        string many = (FilterImageFacts.Of(image) with { Activations = new float?[1_000_000] }).ToPictureFacts().Json;
        Assert.Equal(1_000_000, FactsText.TryRead<FilterImageFacts>(many)!.Activations.Count);
    }

    [Fact]
    public void Thousands_leave_no_tensor_behind()
    {
        using FilterImage image = TestImages.Noise(2, transparency: true);
        Write(image, "one.png", transparency: true);
        long before = NativeTensors.Settled();

        for (int i = 0; i < 200; i++)
        {
            FilterImageFile.Read(At("one.png")).Dispose();
        }

        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    private static void AssertSameFacts(FilterImage expected, FilterImage actual)
    {
        string json = FilterImageFacts.Of(expected).ToPictureFacts().Json;
        Assert.Equal(json, FilterImageFacts.Of(actual).ToPictureFacts().Json);
        Assert.Equal(expected.Activations, actual.Activations);
        Assert.Equal(expected.Recipe, actual.Recipe);
        Assert.Equal(
            (expected.Activation, expected.Status, expected.Rescue, expected.Border), (actual.Activation, actual.Status, actual.Rescue, actual.Border));
    }

    private void Write(FilterImage image, string name, int? quality = null, bool transparency = false) =>
        new PictureFiles(At(name), null).Write(Picture.Of(image, transparency), At(name), quality);

    private void WriteWith(FilterImage image, Action<JsonObject> change)
    {
        JsonObject json = JsonNode.Parse(FilterImageFacts.Of(image).ToPictureFacts().Json)!.AsObject();
        change(json);
        WriteJson(image, json.ToJsonString());
    }

    private void WriteJson(FilterImage image, string json)
    {
        Write(image, "one.png");
        byte[] file = ImageFile.ToFile(PictureFile.Open(At("one.png")).Decode(), PictureFormat.Png, null, new PictureFacts("changed", json));
        File.WriteAllBytes(At("changed.png"), file);
    }

    private string At(string name) => Path.Combine(_folder, name);
}
