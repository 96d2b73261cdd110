namespace CnnViz.Tests;

/// <summary>Files that appear whole or not at all.</summary>
public sealed class WholeFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_is_made_with_its_folder_and_replaced()
    {
        string path = Path.Combine(_folder, "a", "b", "file.txt");

        Write(path, "one");
        Write(path, "two");

        Assert.Equal("two", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_longest_name_can_be_written()
    {
        string path = Path.Combine(_folder, new string('x', 250) + ".txt");

        Write(path, "one");

        Assert.Equal("one", File.ReadAllText(path));
    }

    [Fact]
    public void The_old_file_stays_where_writing_fails()
    {
        string path = Path.Combine(_folder, "file.txt");
        Write(path, "one");

        var failure = Assert.Throws<CnnVizException>(() => WholeFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new IOException("No space left on device : '/tmp/.0.part'", 28);
        }));

        Assert.Equal("DiskFull", failure.ErrorId);
        Assert.Equal(path, failure.Path);
        Assert.DoesNotContain(".part", failure.Message, StringComparison.Ordinal);
        Assert.Equal("one", File.ReadAllText(path));
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void What_a_killed_writer_has_left_goes_with_the_next_file_when_it_is_old()
    {
        (string old, string fresh, string foreign) = (Leftovers.NewPath(_folder), Leftovers.NewPath(_folder), Path.Combine(_folder, ".film.part"));
        Array.ForEach([old, fresh, foreign], path => File.WriteAllText(path, "x"));
        Array.ForEach([old, foreign], path => File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-2)));

        Write(Path.Combine(_folder, "file.txt"), "one");

        Assert.False(File.Exists(old));
        Assert.True(File.Exists(fresh));
        Assert.True(File.Exists(foreign));
    }

    [Fact]
    public void Nothing_is_left_where_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => WholeFile.Write(
            Path.Combine(_folder, "file.txt"),
            stream =>
            {
                stream.WriteByte(1);
                stop.Cancel();
                stream.WriteByte(2);
            },
            stop.Token));

        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [SkippableFact]
    public void The_old_file_stays_where_another_program_has_it_open()
    {
        Skip.IfNot(OperatingSystem.IsWindows(), "Only Windows keeps others from replacing an open file.");
        string path = Path.Combine(_folder, "file.txt");
        Write(path, "one");
        using (new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            Assert.Equal("FileNotReplaced", Assert.Throws<CnnVizException>(() => Write(path, "two")).ErrorId);
        }

        Assert.Equal("one", File.ReadAllText(path));
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_file_that_cannot_be_replaced_is_one_error()
    {
        string path = Path.Combine(_folder, "file.txt");
        Write(path, "one");

        var error = Assert.Throws<CnnVizException>(() => WholeFile.Replace(Path.Combine(_folder, "gone"), path));

        Assert.Equal("FileNotReplaced", error.ErrorId);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Equal("one", File.ReadAllText(path));
    }

    [Fact]
    public void A_folder_and_a_drives_root_are_no_files()
    {
        Assert.Equal("FileIsFolder", Assert.Throws<CnnVizException>(() => Write(_folder, "one")).ErrorId);
        Assert.Equal("FileIsFolder", Assert.Throws<CnnVizException>(() => Write(Path.GetPathRoot(_folder)!, "one")).ErrorId);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [SkippableFact]
    public void A_name_that_windows_does_not_have_is_no_file()
    {
        Skip.IfNot(OperatingSystem.IsWindows(), "Only Windows has no such files.");
        Assert.Equal("FileNameInvalid", Assert.Throws<CnnVizException>(() => Write(Path.Combine(_folder, "con.png"), "one")).ErrorId);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    private static void Write(string path, string text) => WholeFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
