using System.Text;
using CnnViz.Import.Keras;

namespace CnnViz.Tests.Import.Keras;

/// <summary>Links of HDF5 files that lead to other files. The library that reads them would open those.</summary>
public sealed class Hdf5LinksTests : KerasTest, IDisposable
{
    private readonly string _other = Path.GetTempFileName();

    public void Dispose() => File.Delete(_other);

    [Theory]
    [InlineData(0x08)] // a name of up to 255 bytes
    [InlineData(0x09)]
    [InlineData(0x0B)]
    [InlineData(0x1C)] // the order of creation and the character set
    public void A_link_to_a_file_that_is_there_is_found(byte flags)
    {
        byte[] content = [.. new byte[40], .. Link(flags, _other), .. new byte[20]];

        Assert.Equal(_other, Hdf5Links.Find(content));
        Assert.Null(Hdf5Links.Find(content.AsSpan(0, 60)));
    }

    [Fact]
    public void Other_bytes_are_no_links()
    {
        Assert.Null(Hdf5Links.Find(Link(0x08, _other + ".nothing")));
        Assert.Null(Hdf5Links.Find([]));
        Assert.Null(Hdf5Links.Find([64]));
        byte[] noise = new byte[1 << 20];
        new Random(1).NextBytes(noise);
        Assert.Null(Hdf5Links.Find(noise));
    }

    [Fact]
    public void A_model_with_such_a_link_is_refused_before_anything_is_opened()
    {
        byte[] model = new KerasFile(4, 4, 1).Add("Flatten").Add("Dense", "", Pixels.Wave(16, 3), Pixels.Wave(3)).ToHdf5();

        Assert.Contains(Path.GetFileName(_other), Fails([.. model, .. Link(0x08, _other)]).Message, StringComparison.Ordinal);
    }

    // The HDF5 File Format Specification, IV.A.2.g.
    private static byte[] Link(byte flags, string path)
    {
        byte[] length = BitConverter.GetBytes(4L)[..(1 << (flags & 3))];
        byte[] target = [0, .. Encoding.UTF8.GetBytes(path), 0, .. "/weights\0"u8];
        return
        [
            1, flags, 64, .. new byte[(flags & 4) != 0 ? 8 : 0], .. new byte[(flags & 16) != 0 ? 1 : 0], .. length, .. "name"u8,
            .. BitConverter.GetBytes((ushort)target.Length), .. target,
        ];
    }
}
