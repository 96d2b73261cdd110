using CnnViz.Import;

namespace CnnViz.Tests.Import;

/// <summary>Which files a model may name.</summary>
public sealed class FilesBesideTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("cnnviz").FullName;
    private readonly string _folder;

    public FilesBesideTests() => _folder = Directory.CreateDirectory(Path.Combine(_root, "model", "inner")).Parent!.FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [SkippableTheory]
    [InlineData("../other")]
    [InlineData("inner/../../other")]
    [InlineData("outside")]
    [InlineData("inner/outside")]
    [InlineData("circle")]
    [InlineData("way/other")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a\0b")]
    public void A_file_elsewhere_is_none(string name)
    {
        File.WriteAllText(Path.Combine(_root, "other"), "x");
        Links.Make(Path.Combine(_folder, "outside"), "../other");
        Links.Make(Path.Combine(_folder, "inner", "outside"), Path.Combine(_root, "other"));
        Links.Make(Path.Combine(_folder, "circle"), "circle");
        Links.Make(Path.Combine(_folder, "way"), "..");

        Assert.Null(FilesBeside.Find(_folder, name));
        Assert.Null(FilesBeside.Find(_folder, Path.Combine(_root, "other")));
    }

    [SkippableTheory]
    [InlineData("file")]
    [InlineData("link")]
    [InlineData("inner/link")]
    [InlineData("way/file")]
    [InlineData("inner/../file")]
    public void A_link_within_the_folder_is_followed(string name)
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "within");
        Links.Make(Path.Combine(_folder, "link"), "file");
        Links.Make(Path.Combine(_folder, "inner", "link"), file);
        Links.Make(Path.Combine(_folder, "way"), "inner/..");
        Links.Make(Path.Combine(_root, "short"), _folder);

        Assert.Equal("within", File.ReadAllText(FilesBeside.Find(_folder, name)!));
        Assert.Equal("within", File.ReadAllText(FilesBeside.Find(Path.Combine(_root, "short"), name)!));
    }

    [SkippableTheory]
    [InlineData("models--owner--name/snapshots/1f0c", true)]
    [InlineData("models--owner--name/snapshots/1f0c/onnx", true)]
    [InlineData("models--owner--name/other/1f0c", false)]
    [InlineData("name/snapshots/1f0c", false)]
    [InlineData("models--owner--name/snapshots", false)]
    public void A_snapshot_of_Hugging_Faces_cache_has_its_repositorys_blobs(string folder, bool isSnapshot)
    {
        string snapshot = Directory.CreateDirectory(Path.Combine(_root, folder)).FullName;
        string repository = Path.Combine(_root, folder.Split('/')[0]);
        string blob = Path.Combine(Directory.CreateDirectory(Path.Combine(repository, "blobs")).FullName, "a1");
        File.WriteAllText(blob, "blob");
        File.WriteAllText(Path.Combine(repository, "refs"), "x");
        Links.Make(Path.Combine(snapshot, "file"), Path.GetRelativePath(snapshot, blob));
        Links.Make(Path.Combine(snapshot, "refs"), Path.GetRelativePath(snapshot, Path.Combine(repository, "refs")));

        Assert.Equal(isSnapshot, FilesBeside.Find(snapshot, "file") is { } found && File.ReadAllText(found) == "blob");
        Assert.Null(FilesBeside.Find(snapshot, "refs"));
    }

    [SkippableFact]
    public void Blobs_that_are_a_link_themselves_are_not_the_repositorys()
    {
        string snapshot = Directory.CreateDirectory(Path.Combine(_root, "models--owner--name", "snapshots", "1f0c")).FullName;
        File.WriteAllText(Path.Combine(_root, "other"), "x");
        Links.Make(Path.Combine(_root, "models--owner--name", "blobs"), _root);
        Links.Make(Path.Combine(snapshot, "file"), "../../blobs/other");

        Assert.Null(FilesBeside.Find(snapshot, "file"));
    }

    [Fact]
    public void A_drives_root_is_a_folder_like_any_other()
    {
        string root = Path.GetPathRoot(_folder)!;

        Assert.True(FilesBeside.IsInside(Path.Combine(root, "weights.bin"), root));
        Assert.False(FilesBeside.IsInside(root, root));
        Assert.True(FilesBeside.IsInside(Path.Combine(_folder, "weights.bin"), _folder));
        Assert.False(FilesBeside.IsInside(_folder + "2", _folder));
    }
}
