using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace CnnViz.Build.Natives;

/// <summary>The import tables of libraries for Windows.</summary>
/// <remarks>Layout: Microsoft, "PE Format", sections "The .idata Section" and "Delay-Load Import Tables".</remarks>
internal static class PeLibrary
{
    // Sizes of an entry, and where in it is the address of the library's name.
    private const int ImportSize = 20;
    private const int ImportName = 12;
    private const int DelayedSize = 32;
    private const int DelayedName = 4;

    /// <inheritdoc cref="LibraryFile.Read" />
    public static LibraryFile Read(string path)
    {
        try
        {
            using var reader = new PEReader(File.OpenRead(path));
            PEHeader header = reader.PEHeaders.PEHeader ?? throw new InvalidDataException($"'{path}' is no PE file.");
            return new LibraryFile(path, LibrarySystem.Windows,
            [
                .. Names(reader, header.ImportTableDirectory, ImportSize, ImportName),
                .. Names(reader, header.DelayImportTableDirectory, DelayedSize, DelayedName),
            ]);
        }
        catch (BadImageFormatException exception)
        {
            throw new InvalidDataException($"'{path}' is no PE file: {exception.Message}", exception);
        }
    }

    // The table ends with an entry of zeros.
    private static IEnumerable<string> Names(PEReader reader, DirectoryEntry table, int size, int name)
    {
        for (int entry = table.RelativeVirtualAddress; table.Size > 0; entry += size)
        {
            int address = At(reader, entry + name).ReadInt32();
            if (address == 0)
            {
                break;
            }

            BlobReader text = At(reader, address);
            yield return text.ReadUTF8(text.IndexOf(0));
        }
    }

    private static BlobReader At(PEReader reader, int address) => reader.GetSectionData(address).GetReader();
}
