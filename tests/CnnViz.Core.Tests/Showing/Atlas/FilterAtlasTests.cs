using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using CnnViz.Activations;
using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Pictures;
using CnnViz.Quality;
using CnnViz.Showing.Atlas;
using CnnViz.Showing.Atlas.Data;
using CnnViz.Showing.Files;
using CnnViz.Tests.Pictures;
using TorchSharp;

namespace CnnViz.Tests.Showing.Atlas;

public sealed class FilterAtlasTests : EngineTest, IDisposable
{
    private const string Hostile = "<script>alert(1)</script>";

    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("cnnviz-").FullName, "[atlas]");
    private readonly WideModel _model = new(("conv1", 64), ("a/b", 8), ("a-b", 8), (Hostile, 8));

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
    }

    [Fact]
    public void There_is_a_page_for_the_model_each_layer_and_each_filter()
    {
        Write(_model.Picture("conv1", 7), _model.Picture("conv1", 12), _model.Picture("a/b", 0));

        Assert.Contains("layers/conv1/index.html", Read("index.html"));
        Assert.Contains("0007.html", Read("layers/conv1/index.html"));
        string page = Read("layers/conv1/0007.html");
        Assert.Contains("<h1>Filter 7</h1>", page);
        Assert.Contains("rel=\"next\" href=\"../../layers/conv1/0012.html\"", page);
        Assert.DoesNotContain("rel=\"prev\"", page);
        Assert.Contains("<polyline", page);
        Assert.Contains("step limit", page);
        Assert.Contains("views, jitter", page);
    }

    [Fact]
    public void Every_link_and_picture_of_every_page_is_there()
    {
        FilterAtlas atlas = FilterAtlas.OpenFolder(_folder);
        atlas.Add(_model.Model);
        foreach (string layer in new[] { "conv1", "a/b", "a-b", Hostile })
        {
            Enumerable.Range(0, 8).ToList().ForEach(filter => Add(atlas, _model.Picture(layer, filter)));
        }

        atlas.Complete();

        Assert.Equal(1 + 4 + 32, PageLinks.AssertAllLead(_folder).Length);
    }

    [Fact]
    public void Names_are_only_text_wherever_they_stand()
    {
        const string ClassName = "\"><img src=x onerror=alert(2)>'&";
        FilterAtlas atlas = FilterAtlas.OpenFolder(_folder, title: "</title><script>alert(3)</script>");
        Add(atlas, _model.Picture(Hostile, 0, className: ClassName));
        Add(atlas, _model.Picture(Hostile, 1));
        atlas.Complete();

        foreach (string file in Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Where(file => file.EndsWith(".html") || file.EndsWith("search.js")))
        {
            string text = File.ReadAllText(file);
            Assert.DoesNotContain("<script>", text);
            Assert.DoesNotContain("</script>alert", text);
            Assert.DoesNotContain("<img src=x", text);
        }

        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", Read("index.html"));
        Assert.Matches(@"^window\.cnnvizAtlas=\[.*\];\n$", Read("assets/search.js"));
        Assert.Contains(@"\u003Cscript\u003E", Read("assets/search.js"));
    }

    [Fact]
    public void Layers_whose_names_become_alike_keep_apart()
    {
        Write(_model.Picture("a/b", 0), _model.Picture("a-b", 0, seed: 1));

        Assert.Equal(2, Directory.GetFiles(_folder, "0000.html", SearchOption.AllDirectories).Length);
        Assert.Contains("a/b", Read($"layers/{AtlasAddress.Of("a/b")}/0000.html"));
    }

    [Fact]
    public void A_second_run_adds_and_keeps_what_is_there()
    {
        Write(_model.Picture("conv1", 1), _model.Picture("conv1", 9));
        string before = Read("layers/conv1/layer.json");
        Write(_model.Picture("conv1", 5), _model.Picture("a/b", 2));

        Assert.Equal(["0001.html", "0005.html", "0009.html", "index.html"], Pages("conv1"));
        Assert.Contains("0005.html", Read("layers/conv1/0001.html"));
        Assert.Contains(before[2..40], Read("layers/conv1/layer.json"));
        Assert.Contains("4 filters with a picture", Read("index.html"));
    }

    [Fact]
    public void The_same_picture_is_replaced_and_one_of_another_seed_added()
    {
        Write(_model.Picture("conv1", 1));
        byte[] first = Bytes("layers/conv1/pictures/0001~robust-0.webp");
        using torch.Tensor white = torch.ones(3, 16, 16);
        Write(WideModel.Make(new FilterObjective(_model.Model.GetLayer("conv1").GetFilter(1)), white), _model.Picture("conv1", 1, seed: 4));

        Assert.NotEqual(first, Bytes("layers/conv1/pictures/0001~robust-0.webp"));
        string page = Read("layers/conv1/0001.html");
        Assert.Equal(2, Regex.Matches(page, "class=\"picture\"").Count);
        Assert.Contains("Other pictures of it", page);
        Assert.True(File.Exists(At("layers/conv1/pictures/0001~robust-4.webp")));
    }

    [Theory]
    [InlineData(AscentStatus.Dead, "its gradient is zero from the start")]
    [InlineData(AscentStatus.NotRaised, "no step increased its activation")]
    [InlineData(AscentStatus.Diverged, "infinite or not a number")]
    public void A_picture_without_signal_is_no_picture_but_a_reason(AscentStatus status, string reason)
    {
        Write(_model.Picture("conv1", 3, status: status, curve: [float.NaN, float.NaN]));

        string page = Read("layers/conv1/0003.html");
        Assert.Contains(reason, page);
        Assert.DoesNotContain("<img", page);
        Assert.Empty(Directory.GetFiles(_folder, "*.webp", SearchOption.AllDirectories));
        Assert.Contains("0 filters with a picture", Read("index.html"));
    }

    [Fact]
    public void Of_several_pictures_the_first_that_shows_something_stands_for_the_filter()
    {
        Write(_model.Picture("conv1", 3, status: AscentStatus.Dead), _model.Picture("conv1", 3, seed: 1), _model.Picture("conv1", 3, seed: 2));
        byte[] thumbnail = Bytes("layers/conv1/thumbs/0003.webp");
        Assert.Contains("Picture that raises conv1:3 (recipe Robust, seed 1)", Read("layers/conv1/0003.html").Split("Other pictures")[0]);

        Write(_model.Picture("conv1", 3, seed: 1, status: AscentStatus.NotRaised));

        Assert.NotEqual(thumbnail, Bytes("layers/conv1/thumbs/0003.webp"));
        Assert.False(File.Exists(At("layers/conv1/pictures/0003~robust-1.webp")));
        Assert.Contains("seed 2)", Read("layers/conv1/0003.html").Split("Other pictures")[0]);
    }

    [Theory]
    [InlineData(1, 28, 28)]
    [InlineData(3, 1, 1)]
    [InlineData(3, 31, 127)]
    [InlineData(6, 20, 12)]
    public void Pictures_of_any_size_and_number_of_channels_are_shown(int channels, int height, int width)
    {
        using torch.Tensor pixels = torch.rand(channels, height, width);
        Write(WideModel.Make(new FilterObjective(_model.Model.GetLayer("conv1").GetFilter(0)), pixels));

        PictureBytes picture = TestPicture.Read(Bytes("layers/conv1/pictures/0000~robust-0.webp"));
        PictureBytes thumbnail = TestPicture.Read(Bytes("layers/conv1/thumbs/0000.webp"));
        int parts = channels == 3 ? 1 : channels;
        Assert.Equal((height, width * parts), (picture.Height, picture.Width));
        Assert.True(thumbnail.Height <= AtlasImages.ThumbnailSide && thumbnail.Width <= AtlasImages.ThumbnailSide);
        string page = Read("layers/conv1/index.html");
        Assert.Contains($"width=\"{thumbnail.Width}\" height=\"{thumbnail.Height}\" loading=\"lazy\" decoding=\"async\"", page);
        Assert.Contains($"width=\"{picture.Width}\" height=\"{picture.Height}\"", Read("layers/conv1/0000.html"));
    }

    [Fact]
    public void The_file_of_a_picture_says_what_repeats_it()
    {
        Write(_model.Picture("conv1", 7, seed: -3));

        SavedFacts facts = SavedFacts.Read(At("layers/conv1/pictures/0007~robust--3.webp"));
        Assert.Equal(("conv1", 7, -3L), (facts.Layer, facts.Filter, facts.Seed));
    }

    [Fact]
    public void Objectives_and_dreams_have_a_page_of_their_own()
    {
        CnnObjective sum = new FilterObjective(_model.Model.GetLayer("conv1").GetFilter(1)) + (new FilterObjective(_model.Model.GetLayer("a/b").GetFilter(2)) * -0.5);
        using torch.Tensor pixels = torch.rand(3, 16, 16);
        using torch.Tensor dreamt = torch.rand(3, 16, 24);
        Write(WideModel.Make(sum, pixels), WideModel.Make(sum, dreamt, initialImage: "/home/me/photo.jpg"));

        Assert.Contains("Objectives and dreams", Read("index.html"));
        Assert.Equal(3, Directory.GetFiles(At("objectives"), "*.html").Length);
        Assert.Contains("from photo.jpg", Read("objectives/index.html"));
        Assert.DoesNotContain("/home/me", Read("objectives/layer.json"));
        Assert.Equal(2, CountIn("objectives/layer.json"));
    }

    [Fact]
    public void Figures_and_patches_come_before_or_after_the_picture()
    {
        string photo = Path.Combine(Path.GetDirectoryName(_folder)!, "photo of <b>.png");
        TestPicture.Write(TestPicture.Plain(20, 20, 0, 128, 128), photo);

        FilterAtlas atlas = FilterAtlas.OpenFolder(_folder);
        atlas.Add(Patch(photo, 2, rank: 2));
        atlas.Add(Patch(photo, 2, rank: 1));
        Add(atlas, _model.Picture("conv1", 2));
        using FilterImage measured = _model.Picture("conv1", 2);
        atlas.Add(new FilterImageMeter().Measure(measured, _model.Model.GetLayer("conv1").GetFilter(2)));
        atlas.Complete();

        string page = Read("layers/conv1/0002.html");
        Assert.Contains("Can it be trusted?", page);
        Assert.Contains("of 64", page);
        Assert.Contains("photo of &lt;b&gt;.png", page);
        Assert.True(page.IndexOf("0002~1.webp", StringComparison.Ordinal) < page.IndexOf("0002~2.webp", StringComparison.Ordinal));
        Assert.DoesNotContain(Path.GetDirectoryName(_folder)!, Read("layers/conv1/layer.json"));

        // And they are still there when something else is added.
        Write(_model.Picture("conv1", 3));
        Write(_model.Picture("conv1", 2, seed: 9));
        Assert.Contains("Can it be trusted?", Read("layers/conv1/0002.html"));
    }

    [Fact]
    public void The_map_has_all_layers_in_order_with_what_the_model_says_of_them()
    {
        FilterAtlas atlas = FilterAtlas.OpenFolder(_folder);
        Add(atlas, _model.Picture("a-b", 0));
        Add(atlas, _model.Picture("conv1", 0));
        atlas.Add(_model.Model);
        atlas.Complete();

        string index = Read("index.html");
        int[] places = [.. new[] { ">conv1<", ">\na/b<", ">a-b<" }.Select(name => index.Replace("<h3>a/b", "<h3>\na/b").IndexOf(name, StringComparison.Ordinal))];
        Assert.All(places, place => Assert.True(place > 0));
        Assert.Equal(places.Order(), places);
        Assert.Contains("Conv2d", index);
        Assert.Contains("64×8×8", index);
        Assert.Contains("1 of 64 filters", index);
        Assert.Contains(_model.Model.Sha256, index);
    }

    [Fact]
    public void Another_model_and_a_disposed_picture_are_errors_and_leave_the_rest()
    {
        using var other = new WideModel(("conv1", 3));
        FilterAtlas atlas = FilterAtlas.OpenFolder(_folder);
        Add(atlas, _model.Picture("conv1", 0));
        FilterImage disposed = _model.Picture("conv1", 1);
        disposed.Dispose();

        Assert.Equal("AtlasModelMismatch", Assert.Throws<CnnVizException>(() => Add(atlas, other.Picture("conv1", 2))).ErrorId);
        Assert.Equal("AtlasModelMismatch", Assert.Throws<CnnVizException>(() => atlas.Add(other.Model)).ErrorId);
        Assert.Throws<ObjectDisposedException>(() => atlas.Add(disposed));
        atlas.Complete();
        Assert.Equal(["0000.html", "index.html"], Pages("conv1"));
    }

    [Theory]
    [InlineData("atlas.json", "{")]
    [InlineData("atlas.json", "null")]
    [InlineData("atlas.json", "[]")]
    [InlineData("atlas.json", "{\"format\":99,\"model\":{\"name\":\"x\",\"sha256\":\"y\"},\"layers\":[]}")]
    [InlineData("atlas.json", "{\"format\":1,\"model\":null,\"layers\":[]}")]
    [InlineData("atlas.json", "{\"format\":1,\"model\":{\"name\":\"x\",\"sha256\":\"y\"},\"layers\":[null]}")]
    [InlineData("atlas.json", "{\"format\":1,\"model\":{\"name\":\"x\",\"sha256\":\"y\"},\"layers\":[{\"name\":\"a\"},{\"name\":\"a\"}]}")]
    [InlineData("layers/conv1/layer.json", "")]
    [InlineData("layers/conv1/layer.json", "{}")]
    [InlineData("layers/conv1/layer.json", "[null]")]
    [InlineData("layers/conv1/layer.json", "[{\"number\":-1}]")]
    [InlineData("layers/conv1/layer.json", "[{\"number\":1},{\"number\":1}]")]
    [InlineData("layers/conv1/layer.json", "[{\"number\":1,\"pictures\":[{}]}]")]
    [InlineData("layers/conv1/layer.json", "[{\"number\":1,\"pictures\":null}]")]
    [InlineData("layers/conv1/layer.json", "[{\"number\":1,\"patches\":[{\"rank\":0,\"image\":\"x\",\"height\":1,\"width\":1}]}]")]
    [InlineData("layers/conv1/layer.json", "[{\"number\":99999999999}]")]
    public void Damaged_data_is_an_error_before_anything_is_written(string file, string content)
    {
        Write(_model.Picture("conv1", 0));
        File.WriteAllText(At(file), content);

        CnnVizException error = Assert.Throws<CnnVizException>(() => FilterAtlas.OpenFolder(_folder));

        Assert.Equal("AtlasDamaged", error.ErrorId);
        Assert.Contains(Path.GetFileName(file), error.Message);
    }

    [Fact]
    public void Deep_and_truncated_data_is_an_error()
    {
        Write(_model.Picture("conv1", 0));
        string good = Read("layers/conv1/layer.json");
        foreach (string bad in new[] { new string('[', 100_000), good[..(good.Length / 2)], good.Replace("\"height\":16", "\"height\":-16"), good.Replace("StepLimit", "Nothing") })
        {
            File.WriteAllText(At("layers/conv1/layer.json"), bad);
            Assert.Equal("AtlasDamaged", Assert.Throws<CnnVizException>(() => FilterAtlas.OpenFolder(_folder)).ErrorId);
        }
    }

    [Fact]
    public void Names_in_damaged_data_lead_to_no_file_outside()
    {
        Write(_model.Picture("conv1", 0));
        File.WriteAllText(At("atlas.json"), Read("atlas.json").Replace("\"name\":\"conv1\"", "\"name\":\"../../../conv1\""));

        Write(_model.Picture("a-b", 0));

        Assert.Equal(["[atlas]"], Directory.GetFileSystemEntries(Path.GetDirectoryName(_folder)!).Select(Path.GetFileName));
    }

    [Fact]
    public void A_picture_whose_file_is_gone_is_gone()
    {
        Write(_model.Picture("conv1", 0), _model.Picture("conv1", 1));
        File.Delete(At("layers/conv1/pictures/0000~robust-0.webp"));

        Write(_model.Picture("conv1", 2));

        Assert.DoesNotContain("0000.html", Read("layers/conv1/index.html"));
        Assert.Contains("0001.html", Read("layers/conv1/index.html"));
    }

    [Fact]
    public void A_foreign_page_is_kept_unless_forced()
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText(At("index.html"), "mine");

        Assert.Equal("NotAnAtlas", Assert.Throws<CnnVizException>(() => FilterAtlas.OpenFolder(_folder)).ErrorId);
        Assert.NotNull(FilterAtlas.OpenFolder(_folder, force: true));
        Assert.Equal("mine", Read("index.html"));
    }

    [Fact]
    public void A_run_that_ends_early_leaves_an_atlas_that_works()
    {
        FilterAtlas atlas = FilterAtlas.OpenFolder(_folder);
        Add(atlas, _model.Picture("conv1", 0));
        Add(atlas, _model.Picture("conv1", 1));
        atlas.WriteNow();
        Add(atlas, _model.Picture("conv1", 2));

        // The third is lost: its picture is a file, but nothing knows of it.
        Assert.Contains("0001.html", Read("layers/conv1/index.html"));
        Assert.True(File.Exists(At("layers/conv1/0000.html")));
        Write(_model.Picture("conv1", 3));
        Assert.Equal(["0000.html", "0001.html", "0003.html", "index.html"], Pages("conv1"));
        Assert.Empty(Directory.GetFiles(_folder, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public void The_writing_of_pages_can_be_cancelled()
    {
        FilterAtlas atlas = FilterAtlas.OpenFolder(_folder);
        Add(atlas, _model.Picture("conv1", 0));

        Assert.Throws<OperationCanceledException>(() => atlas.Complete(cancellation: new CancellationToken(true)));
        Assert.True(atlas.IsChanged);
    }

    [Fact]
    public void Nothing_is_written_where_nothing_came()
    {
        FilterAtlas.OpenFolder(_folder).Complete();

        Assert.False(Directory.Exists(_folder));
    }

    [Fact]
    public void Equal_runs_write_equal_files()
    {
        Write(_model.Picture("conv1", 0), _model.Picture("conv1", 1));
        Dictionary<string, string> first = Hashes();
        Write(_model.Picture("conv1", 0), _model.Picture("conv1", 1));

        Assert.Equal(first, Hashes());
    }

    [Fact]
    public void One_file_has_everything_inside_and_is_kept_unless_forced()
    {
        string path = At("one.html");
        FilterAtlas atlas = FilterAtlas.CreateFile(path, title: "</script><script>alert(3)</script>");
        Add(atlas, _model.Picture(Hostile, 0));
        Add(atlas, _model.Picture("conv1", 1));
        atlas.Complete();

        string page = File.ReadAllText(path);
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder));
        Assert.DoesNotContain("<script>alert", page);
        Assert.DoesNotMatch("(?:src|href)=\"(?!#|data:image/webp;base64,)", page);
        Assert.Contains("id=\"layers/conv1/0001\"", page);
        Assert.Equal("FileExists", Assert.Throws<CnnVizException>(() => FilterAtlas.CreateFile(path)).ErrorId);
        Assert.NotNull(FilterAtlas.CreateFile(path, force: true));
        string data = Regex.Match(page, "<script type=\"application/json\" id=\"search-data\">(?<json>.*?)</script>").Groups["json"].Value;
        Assert.Equal(2, JsonDocument.Parse(data).RootElement.GetArrayLength());
    }

    [Fact]
    public void One_file_has_room_for_500_filters()
    {
        using var wide = new WideModel(("wide", 501));
        FilterAtlas atlas = FilterAtlas.CreateFile(At("one.html"));
        for (int i = 0; i < 500; i++)
        {
            Add(atlas, wide.Picture("wide", i, size: 2));
        }

        Assert.Equal("AtlasFull", Assert.Throws<CnnVizException>(() => Add(atlas, wide.Picture("wide", 500, size: 2))).ErrorId);
        Add(atlas, wide.Picture("wide", 3, size: 2));
        atlas.Complete();
        Assert.Contains("500 filters with a picture", File.ReadAllText(At("one.html")));
    }

    [Fact]
    public void Hundreds_of_filters_take_seconds_and_small_pages()
    {
        const int Count = 500;
        using var wide = new WideModel(("wide", Count));
        var clock = Stopwatch.StartNew();
        FilterAtlas atlas = FilterAtlas.OpenFolder(_folder);
        for (int i = 0; i < Count; i++)
        {
            Add(atlas, wide.Picture("wide", i, size: 8));
            atlas.WriteOnTheWay();
        }

        atlas.Complete();

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 40);
        Assert.Equal(Count + 1, Pages("wide").Length);
        Assert.InRange(new FileInfo(At("index.html")).Length, 1, 20_000);
        Assert.InRange(new FileInfo(At("assets/search.js")).Length, 1, Count * 6);
        Assert.InRange(new FileInfo(At("assets/atlas.js")).Length, 1, 20_000);
    }

    [Fact]
    public void Adding_leaves_no_tensors_behind()
    {
        FilterAtlas atlas = FilterAtlas.OpenFolder(_folder);
        using FilterImage image = _model.Picture("conv1", 0);
        atlas.Add(image);
        long before = NativeTensors.Settled();

        atlas.Add(image);

        Assert.Equal(before, NativeTensors.Settled());
    }

    private static void Add(FilterAtlas atlas, FilterImage image)
    {
        using (image)
        {
            atlas.Add(image);
        }
    }

    private void Write(params FilterImage[] images)
    {
        FilterAtlas atlas = FilterAtlas.OpenFolder(_folder);
        Array.ForEach(images, image => Add(atlas, image));
        atlas.Complete();
    }

    private FilterPatch Patch(string photo, int filter, int rank) => FilterPatch.Read(
        new FilterActivation
        {
            Model = _model.Model.Name,
            ModelSha256 = _model.Model.Sha256,
            Layer = "conv1",
            Filter = filter,
            ClassName = null,
            Path = photo,
            Mean = 1,
            Max = 2,
            Position = new MapPosition(1, 1),
            Patch = new ImagePatch(1, 1, 4, 5),
        },
        rank,
        _model.Model);

    private int CountIn(string path) => JsonDocument.Parse(Read(path)).RootElement.GetArrayLength();

    private Dictionary<string, string> Hashes() => Directory.GetFiles(_folder, "*", SearchOption.AllDirectories)
        .ToDictionary(file => file, file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));

    private string[] Pages(string layer) => [.. Directory.GetFiles(At($"layers/{layer}"), "*.html").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private string At(string path) => Path.Combine(_folder, path);

    private string Read(string path) => File.ReadAllText(At(path));

    private byte[] Bytes(string path) => File.ReadAllBytes(At(path));
}
