using PureHDF;
using PureHDF.VOL.Native;

namespace CnnViz.Import.Keras;

/// <summary>A folder of an HDF5 file, with its attributes.</summary>
internal sealed class Hdf5Group
{
    private readonly Hdf5File _file;
    private readonly IH5Group _group;

    // All at once: PureHDF reads all names again for each name that it looks for.
    private readonly Lazy<Dictionary<string, object>> _children;

    /// <param name="file">The file.</param>
    /// <param name="group">The group as PureHDF knows it.</param>
    public Hdf5Group(Hdf5File file, IH5Group group)
    {
        _file = file;
        _group = group;
        _children = new(() => new(group.Children().Select(Wrap).OfType<KeyValuePair<string, object>>(), StringComparer.Ordinal));
    }

    /// <summary>Names of the groups and tensors within this one.</summary>
    public IEnumerable<string> Names => _children.Value.Keys;

    /// <summary>A group within this one, or null.</summary>
    /// <param name="path">Its name, or a path with slashes.</param>
    public Hdf5Group? Group(string path) => Find(path) as Hdf5Group;

    /// <summary>A tensor within this group, or null.</summary>
    /// <param name="path">Its name, or a path with slashes.</param>
    public Hdf5Dataset? Dataset(string path) => Find(path) as Hdf5Dataset;

    /// <summary>The text of an attribute, or null where there is none.</summary>
    public string? Text(string attribute) => Texts(attribute) is [var text] ? text : null;

    /// <summary>
    /// The texts of an attribute; none where it is not there. Long lists are split over attributes whose names end in numbers.
    /// </summary>
    public IReadOnlyList<string> Texts(string attribute)
    {
        if (_group.AttributeExists(attribute))
        {
            return Read(_group.Attribute(attribute));
        }

        var texts = new List<string>();
        for (int part = 0; _group.AttributeExists($"{attribute}{part}"); part++)
        {
            texts.AddRange(Read(_group.Attribute($"{attribute}{part}")));
        }

        return texts;
    }

    /// <summary>The names of what a group within this one has.</summary>
    /// <param name="path">Its name, or a path with slashes.</param>
    public IEnumerable<string> NamesIn(string path)
    {
        IEnumerable<string> flat = _children.Value.Keys
            .Where(name => name.StartsWith($"{path}/", StringComparison.Ordinal))
            .Select(name => name[(path.Length + 1)..].Split('/')[0]);
        IEnumerable<string> nested = Group(path)?._children.Value.Keys ?? Enumerable.Empty<string>();
        return flat.Concat(nested).Distinct();
    }

    // A name may be a path itself.
    private object? Find(string path)
    {
        if (_children.Value.TryGetValue(path, out object? found))
        {
            return found;
        }

        for (int slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            if (_children.Value.GetValueOrDefault(path[..slash]) is Hdf5Group group && group.Find(path[(slash + 1)..]) is { } inner)
            {
                return inner;
            }
        }

        return null;
    }

    private KeyValuePair<string, object>? Wrap(IH5Object child) => child switch
    {
        IH5Group group => new(NameOf(child), new Hdf5Group(_file, group)),
        NativeDataset dataset => new(NameOf(child), new Hdf5Dataset(_file, dataset)),
        _ => null,
    };

    // Keras on Windows made one name of a path, with backslashes.
    private static string NameOf(IH5Object child) => child.Name.Replace('\\', '/');

    // A list of no names was written as one of no numbers.
    private string[] Read(IH5Attribute attribute)
    {
        bool isText = attribute.Type.Class is H5DataTypeClass.String or H5DataTypeClass.VariableLength;
        if (!isText || _file.CheckedSize(attribute.Space.Dimensions, attribute.Type.Size) == 0)
        {
            return [];
        }

        string[] texts = attribute.Space.Dimensions.Length == 0 ? [attribute.Read<string>()] : attribute.Read<string[]>();
        return [.. texts.Select(text => text.TrimEnd('\0'))];
    }
}
