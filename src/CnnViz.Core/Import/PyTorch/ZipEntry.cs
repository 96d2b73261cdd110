namespace CnnViz.Import.PyTorch;

/// <summary>What the directory of a zip archive says of a member. None of it is true before it is checked.</summary>
/// <param name="Name">Name with its folders.</param>
/// <param name="Method">0 where the bytes are as they are, 8 where they are deflated.</param>
/// <param name="IsEncrypted">Whether they are encrypted.</param>
/// <param name="Checksum">CRC-32 of the bytes.</param>
/// <param name="StoredLength">How many bytes the archive has.</param>
/// <param name="Length">How many bytes come of them.</param>
/// <param name="Header">Where the member's own header is.</param>
/// <param name="Limit">Where the directory begins, and members end.</param>
internal sealed record ZipEntry(
    string Name, int Method, bool IsEncrypted, uint Checksum, long StoredLength, long Length, long Header, long Limit);
