using System.Globalization;
using CnnViz.Ascent;
using CnnViz.Pictures;

namespace CnnViz.Plans;

/// <summary>
/// The folder in which the pictures of a plan are made, by any number of writers that know nothing of one another: the plan, a file for each picture,
/// and a ledger for each run of a shard. Nothing in it is ever locked.
/// </summary>
public sealed class PlanFolder
{
    /// <summary>Extension of the file that takes a picture's place where the filter has none.</summary>
    public const string FactsExtension = ".json";

    private const string PlanName = "plan.json";

    // A folder with more files is slow on many shared file systems.
    private const int PicturesPerFolder = 1000;

    private PlanFolder(string path, FilterPlan plan) => (Path, Plan) = (path, plan);

    /// <summary>Full path of the folder.</summary>
    public string Path { get; }

    /// <summary>The plan.</summary>
    public FilterPlan Plan { get; }

    /// <summary>Folder of the ledgers.</summary>
    internal string Ledgers => System.IO.Path.Combine(Path, "ledgers");

    /// <summary>Folder of the pictures.</summary>
    internal string Pictures => System.IO.Path.Combine(Path, "pictures");

    /// <summary>Path of the plan in a folder.</summary>
    public static string PlanIn(string folder) => System.IO.Path.Combine(folder, PlanName);

    /// <summary>The folder that a plan's pictures are in.</summary>
    /// <param name="folder">Full path of the folder.</param>
    /// <exception cref="CnnVizException">It has no plan (PlanNotFound), or one that cannot be.</exception>
    public static PlanFolder Open(string folder) => File.Exists(PlanIn(folder))
        ? new PlanFolder(folder, FilterPlan.Read(PlanIn(folder)))
        : throw new CnnVizException(
            "PlanNotFound", $"There is no plan in '{folder}'.", "Give the folder that Invoke-FilterPlan writes to.") { Path = folder };

    /// <summary>The folder for a plan; nothing is written yet.</summary>
    /// <param name="folder">Full path of the folder, which need not be there.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="force">Whether it may take the place of another plan.</param>
    /// <exception cref="CnnVizException">The folder has another plan (PlanFolderTaken).</exception>
    public static PlanFolder For(string folder, FilterPlan plan, bool force) =>
        force || !File.Exists(PlanIn(folder)) || FilterPlan.Read(PlanIn(folder)).IsSame(plan)
            ? new PlanFolder(folder, plan)
            : throw new CnnVizException(
                "PlanFolderTaken", $"'{folder}' has the pictures of another plan.", "Give another folder, or use -Force to go on there by this plan.")
            {
                Path = folder,
            };

    /// <summary>Puts the plan into the folder, unless it is there. Of writers that do this at once, each writes the same.</summary>
    /// <exception cref="CnnVizException">It cannot be written.</exception>
    public void Begin()
    {
        Leftovers.Remove(Path);
        if (!File.Exists(PlanIn(Path)) || !FilterPlan.Read(PlanIn(Path)).IsSame(Plan))
        {
            Plan.Write(PlanIn(Path));
        }
    }

    /// <summary>Full path of a picture's file.</summary>
    /// <param name="layer">The layer's place in the plan.</param>
    /// <param name="number">Number of the picture among those of the layer.</param>
    public string PathOf(int layer, long number) => System.IO.Path.Combine(FolderOf(layer, number), NameOf(layer, number) + Plan.Format.Extension());

    /// <summary>The file of facts that takes the place of a picture where there is none to be had.</summary>
    /// <param name="picture">Full path of the picture's file.</param>
    public static string FactsPathOf(string picture) => System.IO.Path.ChangeExtension(picture, FactsExtension);

    /// <summary>The filter and the seed of a picture.</summary>
    /// <param name="layer">The layer's place in the plan.</param>
    /// <param name="number">Number of the picture among those of the layer.</param>
    public (int Filter, long Seed) TargetOf(int layer, long number) =>
        (Plan.Layers[layer].Filters[(int)(number / Plan.Count)], Plan.Seed + number % Plan.Count);

    /// <summary>Which pictures of a layer are done, by the names of the files; no file is opened.</summary>
    /// <param name="layer">The layer's place in the plan.</param>
    /// <returns>For each of its pictures, whether there is a picture, a file of facts instead, or neither.</returns>
    internal PictureState[] StatesOf(int layer)
    {
        long count = (long)Plan.Layers[layer].Filters.Count * Plan.Count;
        var states = new PictureState[count];
        for (long first = 0; first < count; first += PicturesPerFolder)
        {
            string folder = FolderOf(layer, first);
            HashSet<string> files = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Select(file => System.IO.Path.GetFileName(file))] : [];
            for (long number = first; files.Count > 0 && number < Math.Min(count, first + PicturesPerFolder); number++)
            {
                string name = NameOf(layer, number);
                states[number] = files.Contains(name + Plan.Format.Extension()) ? PictureState.Done
                    : files.Contains(name + FactsExtension) ? PictureState.NoSignal
                    : PictureState.Missing;
            }
        }

        return states;
    }

    /// <summary>What is done, in the order of the plan.</summary>
    internal IEnumerable<(int Layer, long Number)> Finished()
    {
        for (int layer = 0; layer < Plan.Layers.Count; layer++)
        {
            PictureState[] states = StatesOf(layer);
            for (long number = 0; number < states.Length; number++)
            {
                if (states[number] != PictureState.Missing)
                {
                    yield return (layer, number);
                }
            }
        }
    }

    /// <summary>Reads a picture; of an ascent that came to none, its facts and a grey one.</summary>
    /// <returns>The picture; the caller's to dispose.</returns>
    /// <exception cref="CnnVizException">Its file cannot be read.</exception>
    internal FilterImage ReadImage(int layer, long number)
    {
        string path = PathOf(layer, number);
        return File.Exists(path) ? FilterImageFile.Read(path) : PlanFacts.ReadBlank(FactsPathOf(path));
    }

    // By its place, too: names of layers may differ in nothing that all file systems tell apart.
    private string FolderOf(int layer, long number) => System.IO.Path.Combine(
        Pictures,
        string.Create(CultureInfo.InvariantCulture, $"{layer:000}_{PortableName.Of(Plan.Layers[layer].Name)}"),
        (number / PicturesPerFolder).ToString("000", CultureInfo.InvariantCulture));

    private string NameOf(int layer, long number)
    {
        (int filter, long seed) = TargetOf(layer, number);
        string name = string.Create(CultureInfo.InvariantCulture, $"{PortableName.Of(Plan.Layers[layer].Name)}_{filter:0000}");
        return Plan.Count == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}_seed{seed}");
    }
}

/// <summary>What there is of a picture of a plan.</summary>
internal enum PictureState : byte
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>The picture.</summary>
    Done,

    /// <summary>The facts of an ascent that came to no picture.</summary>
    NoSignal,
}
