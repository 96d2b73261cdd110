using CnnViz.Networks;
using TorchSharp;

using PictureOutputs = System.Collections.Generic.IReadOnlyDictionary<
    string, System.Collections.Generic.IReadOnlyDictionary<CnnViz.Networks.CnnLayer, TorchSharp.torch.Tensor>>;

namespace CnnViz.Ascent;

/// <summary>
/// What objectives are worth for <see cref="ProbePictures"/>: a yardstick for pictures of ascents, and better starts than noise for those that
/// fall short. Many objectives share the runs of the network: about nine for the single colours, as many as three steps of one picture, and 256
/// for all pictures, which only run for objectives that need them.
/// </summary>
/// <param name="objectives">The objectives, of one model.</param>
/// <param name="response">What runs the network.</param>
/// <param name="geometry">The size of the pictures.</param>
/// <param name="minimize">Whether the least value is the best.</param>
/// <param name="batchSize">How many pictures run at once.</param>
internal sealed class StartProbes(
    IReadOnlyList<CnnObjective> objectives, ObjectiveResponse response, AscentGeometry geometry, bool minimize, Lazy<int> batchSize)
{
    // So many that runs count little, and so few that the first picture does not wait.
    private const int GroupSize = 64;

    private readonly CnnModel _model = objectives[0].Model;

    private readonly Dictionary<CnnObjective, Group> _groups = objectives.Distinct().Chunk(GroupSize).Select(chunk => new Group(chunk))
        .SelectMany(group => group.Objectives.Select(objective => (objective, group))).ToDictionary(pair => pair.objective, pair => pair.group);

    /// <summary>What an objective is worth for its best picture of a single colour; NaN where it has no value.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public float BestColour(CnnObjective objective, CancellationToken cancellation) =>
        Best(objective, ProbePictures.Plain(_model.InputShape.Channels), cancellation).Value;

    /// <summary>The picture that an objective is worth most for, of all.</summary>
    /// <returns>Its number, and the objective's value; NaN where it has none.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public (int Number, float Value) Best(CnnObjective objective, CancellationToken cancellation) =>
        Best(objective, ProbePictures.Count, cancellation);

    private (int Number, float Value) Best(CnnObjective objective, int count, CancellationToken cancellation)
    {
        Group group = _groups[objective];

        // Always in the same batches, as libtorch's rounding depends on them.
        Measure(group, ProbePictures.Plain(_model.InputShape.Channels), cancellation);
        Measure(group, count, cancellation);
        int place = Array.IndexOf(group.Objectives, objective);
        (int Number, float Value)[] known =
            [.. group.Values.Take(count).Select((values, number) => (number, values[place])).Where(pair => float.IsFinite(pair.Item2))];
        return known.Length == 0 ? (0, float.NaN) : minimize ? known.MinBy(pair => pair.Value) : known.MaxBy(pair => pair.Value);
    }

    // Each picture once.
    private void Measure(Group group, int count, CancellationToken cancellation)
    {
        while (group.Values.Count < count)
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope scope = torch.NewDisposeScope();
            using var noGradients = torch.no_grad();
            int first = group.Values.Count;
            int pictures = Math.Min(count - first, batchSize.Value);
            torch.Tensor probes =
                ProbePictures.Make(Enumerable.Range(first, pictures), _model.InputShape.Channels, geometry, _model.TorchDevice);
            float[][] values = FreedScalar.Repeat(() => Run(probes, group.Objectives, cancellation));
            group.Values.AddRange(Enumerable.Range(0, pictures).Select(i => values.Select(ofObjective => ofObjective[i]).ToArray()));
        }
    }

    private float[][] Run(torch.Tensor pictures, CnnObjective[] some, CancellationToken cancellation)
    {
        try
        {
            torch.Tensor shown = geometry.Show(geometry.CutBorder(pictures));
            PictureOutputs compared = response.Compare(
                ComparedPictures.Read(some, _model, geometry),
                picture => geometry.Show(geometry.CutBorder(picture)).expand(shown.shape),
                cancellation);
            return response.EvaluateEach(shown, some, compared, cancellation);
        }
        catch (ImageSizeException)
        {
            // Layers that are too small for pictures without the border.
            return [.. some.Select(_ => Enumerable.Repeat(float.NaN, (int)pictures.shape[0]).ToArray())];
        }
    }

    // Objectives that are measured together, and their values for each picture so far.
    private sealed class Group(CnnObjective[] objectives)
    {
        public CnnObjective[] Objectives => objectives;

        public List<float[]> Values { get; } = [];
    }
}
