using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace CnnViz.Build;

/// <summary>
/// The files that an assembly carries as Avalonia resources: one manifest resource, of an index (its length, its version, and path, offset
/// and size of each file) and the files behind it.
/// </summary>
internal static class AvaloniaResources
{
    private const string Name = "!AvaloniaResources";
    private const int BinaryIndex = 2;

    /// <summary>Reads all files.</summary>
    /// <param name="assembly">Path of the assembly, which is not loaded.</param>
    /// <returns>Content by path, such as <c>/Assets/Inter-Regular.ttf</c>.</returns>
    /// <exception cref="InvalidDataException">It has no such resources, or they are damaged.</exception>
    public static IReadOnlyDictionary<string, byte[]> Read(string assembly)
    {
        byte[] resource = ReadManifestResource(assembly);
        using var reader = new BinaryReader(new MemoryStream(resource), Encoding.UTF8);
        try
        {
            int start = checked(sizeof(int) + reader.ReadInt32());
            if (reader.ReadInt32() is var version and not BinaryIndex)
            {
                throw new InvalidDataException($"'{assembly}' has an index of resources of version {version}.");
            }

            var files = new Dictionary<string, byte[]>();
            for (int left = reader.ReadInt32(); left > 0; left--)
            {
                string path = reader.ReadString();
                files[path] = resource.AsSpan(checked(start + reader.ReadInt32()), reader.ReadInt32()).ToArray();
            }

            return files;
        }
        catch (Exception exception) when (exception is EndOfStreamException or ArgumentException or OverflowException or FormatException)
        {
            throw new InvalidDataException($"The resources of '{assembly}' are damaged.", exception);
        }
    }

    private static byte[] ReadManifestResource(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        MetadataReader metadata = file.GetMetadataReader();
        foreach (ManifestResource resource in metadata.ManifestResources.Select(metadata.GetManifestResource))
        {
            if (metadata.GetString(resource.Name) == Name && resource.Implementation.IsNil)
            {
                int directory = file.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress;
                BlobReader data = file.GetSectionData(directory).GetReader();
                data.Offset = checked((int)resource.Offset);
                return data.ReadBytes(data.ReadInt32());
            }
        }

        throw new InvalidDataException($"'{assembly}' has no Avalonia resources.");
    }
}
