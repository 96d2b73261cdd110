using System.IO.Compression;
using System.Text;
using CnnViz.Tests.Import.Keras;
using CnnViz.Tests.Import.TorchScript;
using CnnViz.Tests.Import.Weights;

namespace CnnViz.Tests.Import.Hostile;

/// <summary>Archives that are far larger than their files, or have one part in many.</summary>
public sealed class ZipAttackTests : HostileFileTest
{
    private const int Huge = 600 << 20;
    private const string Program = "class Net(Module):\n  def forward(self: __torch__.Net,\n    x: Tensor) -> Tensor:\n    return x";

    private static readonly byte[] s_vector = new PickleWriter().Op('}').Text("w").Vector("0", Huge / 4).Op('s').Stop();

    [Theory]
    [InlineData("w/data.pkl")]
    [InlineData("w/data/0")]
    [InlineData("w/byteorder")]
    public void A_member_of_a_checkpoint_that_was_packed_a_thousand_times_is_refused(string name)
    {
        (string Name, byte[] Bytes)[] members =
            [("w/data.pkl", s_vector), ("w/data/0", WeightFiles.Floats(2)), ("w/byteorder", "little"u8.ToArray())];
        Assert.Equal("CheckpointTooLarge", Refused("bomb.pth", Bomb(name, members)));
    }

    [Theory]
    [InlineData("net/data.pkl")]
    [InlineData("net/constants.pkl")]
    [InlineData("net/code/__torch__.py")]
    [InlineData("net/data/0")]
    [InlineData("net/nothing")]
    public void A_member_of_a_program_that_was_packed_a_thousand_times_is_refused(string name)
    {
        (string Name, byte[] Bytes)[] members =
        [
            ("net/data.pkl", new PickleWriter().Op('N').Stop()), ("net/constants.pkl", new PickleWriter().Op(')').Stop()),
            ("net/code/__torch__.py", Encoding.UTF8.GetBytes(Program)),
        ];
        Assert.Equal("CheckpointTooLarge", Refused("bomb.pt", Bomb(name, members)));
    }

    [Fact]
    public void Many_members_of_a_program_that_are_large_together_are_refused()
    {
        byte[] packed = WeightFiles.Archive(CompressionLevel.SmallestSize,
        [
            ("net/data.pkl", new PickleWriter().Op('N').Stop()), ("net/constants.pkl", new PickleWriter().Op(')').Stop()),
            .. Enumerable.Range(0, 200).Select(i => ($"net/extra/{i}", new byte[8 << 20])),
        ]);
        Assert.Equal("CheckpointTooLarge", Refused("bomb.pt", packed));
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("model.weights.h5")]
    [InlineData("metadata.json")]
    public void A_member_of_a_keras_archive_that_was_packed_a_thousand_times_is_refused(string name)
    {
        KerasFile file = new KerasFile(4, 4, 1).Add("ReLU");
        (string Name, byte[] Bytes)[] members =
        [
            ("metadata.json", "{}"u8.ToArray()), ("config.json", Encoding.UTF8.GetBytes(file.NewConfig())),
            ("model.weights.h5", file.ToHdf5()),
        ];
        Assert.Equal("ModelDamaged", Refused("bomb.keras", Bomb(name, members)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_array_of_numpy_is_not_unpacked(bool isLie)
    {
        byte[] packed = Bomb("weights.npy", []);
        if (isLie)
        {
            // The directory says that it is small.
            BitConverter.GetBytes(16).CopyTo(packed, packed.AsSpan().IndexOf("PK\u0001\u0002"u8) + 24);
        }

        Assert.Equal("FormatNotRead", Refused("bomb.npz", packed));
    }

    [Theory]
    [InlineData("bomb.pth")]
    [InlineData("bomb.pt")]
    public void Members_that_lie_in_one_another_are_refused(string name)
    {
        byte[] archive = Overlapping(name.EndsWith('h') ? "w/data/" : "net/extra/", 2_000, 4_000_000,
            name.EndsWith('h') ? ("w/data.pkl", new PickleWriter().Op('}').Text("w").Vector("0", 1_000_000).Op('s').Stop())
                : ("net/data.pkl", new PickleWriter().Op('N').Stop()), ("net/constants.pkl", new PickleWriter().Op(')').Stop()));
        Assert.Equal("CheckpointDamaged", Refused(name, archive));
    }

    // A member of many zeros beside others, or in the place of one of them.
    private static byte[] Bomb(string name, (string Name, byte[] Bytes)[] members)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string other, byte[] bytes) in members.Where(member => member.Name != name))
            {
                using Stream member = archive.CreateEntry(other, CompressionLevel.NoCompression).Open();
                member.Write(bytes);
            }

            using Stream bomb = archive.CreateEntry(name, CompressionLevel.SmallestSize).Open();
            var piece = new byte[1 << 20];
            for (int i = 0; i < Huge / piece.Length; i++)
            {
                bomb.Write(piece);
            }
        }

        return stream.ToArray();
    }

    // Members of which each has all headers after its own in its bytes, which are stored.
    private static byte[] Overlapping(string prefix, int count, int size, params (string Name, byte[] Bytes)[] others)
    {
        byte[] archive = WeightFiles.Archive(
            CompressionLevel.NoCompression, [.. others, .. Enumerable.Range(0, count).Select(i => ($"{prefix}{i}", Array.Empty<byte>())), ("last", new byte[size])]);
        int directory = archive.AsSpan().IndexOf("PK\u0001\u0002"u8);
        for (int place = directory, i = 0; archive.AsSpan(place).StartsWith("PK\u0001\u0002"u8); i++)
        {
            int name = BitConverter.ToInt16(archive, place + 28);
            int header = BitConverter.ToInt32(archive, place + 42);
            if (i >= others.Length)
            {
                int all = directory - header - 30 - name;
                BitConverter.GetBytes(all).CopyTo(archive, place + 20);
                BitConverter.GetBytes(all).CopyTo(archive, place + 24);
            }

            place += 46 + name + BitConverter.ToInt16(archive, place + 30) + BitConverter.ToInt16(archive, place + 32);
        }

        return archive;
    }
}
