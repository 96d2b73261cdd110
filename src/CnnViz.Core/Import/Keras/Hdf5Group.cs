using PureHDF;
using PureHDF.VOL.Native;

namespace CnnViz.Import.Keras;

/// <summary>A folder of an HDF5 file, with its attributes.</summary>
/// <param name="file">The file.</param>
/// <param name="group">The group as PureHDF knows it.</param>
internal sealed class Hdf5Group(Hdf5File file, IH5Group group)
{
    /// <summary>A group within this one, or null.</summary>
    /// <param name="path">Its name, or a path with slashes.</param>
    public Hdf5Group? Group(string path) => Find(path) is IH5Group found ? new Hdf5Group(file, found) : null;

    /// <summary>A tensor within this group, or null.</summary>
    /// <param name="path">Its name, or a path with slashes.</param>
    public Hdf5Dataset? Dataset(string path) => Find(path) is NativeDataset found ? new Hdf5Dataset(file, found) : null;

    /// <summary>The text of an attribute, or null where there is none.</summary>
    public string? Text(string attribute) => Texts(attribute) is [var text] ? text : null;

    /// <summary>
    /// The texts of an attribute; none where it is not there. Long lists are split over attributes whose names end in numbers.
    /// </summary>
    public IReadOnlyList<string> Texts(string attribute)
    {
        if (group.AttributeExists(attribute))
        {
            return Read(group.Attribute(attribute));
        }

        var texts = new List<string>();
        for (int part = 0; group.AttributeExists($"{attribute}{part}"); part++)
        {
            texts.AddRange(Read(group.Attribute($"{attribute}{part}")));
        }

        return texts;
    }

    private IH5Object? Find(string path) => path.Length > 0 && group.LinkExists(path) ? group.Get(path) : null;

    // A list of no names was written as one of no numbers.
    private string[] Read(IH5Attribute attribute)
    {
        bool isText = attribute.Type.Class is H5DataTypeClass.String or H5DataTypeClass.VariableLength;
        if (!isText || file.CheckedSize(attribute.Space.Dimensions, attribute.Type.Size) == 0)
        {
            return [];
        }

        string[] texts = attribute.Space.Dimensions.Length == 0 ? [attribute.Read<string>()] : attribute.Read<string[]>();
        return [.. texts.Select(text => text.TrimEnd('\0'))];
    }
}
