using System.Text.RegularExpressions;

namespace CnnViz.Import.Drafts;

/// <summary>The tensors of a file that belong to one layer.</summary>
/// <param name="Name">What their keys have in common.</param>
/// <param name="Kind">What the layer does.</param>
/// <param name="Tensors">The tensors, in the order of the file.</param>
/// <param name="Shape">Shape of the weight: outputs, then inputs. Empty where there is none.</param>
internal sealed partial record WeightModule(
    string Name, WeightKind Kind, IReadOnlyList<StateTensor> Tensors, IReadOnlyList<long> Shape)
{
    private const string Counter = "num_batches_tracked";

    private static readonly string[] s_weights = ["weight", "kernel", "gamma"];
    private static readonly string[] s_means = ["running_mean", "moving_mean"];

    /// <summary>What goes out: channels or units.</summary>
    public long Outputs => Shape.Count > 0 ? Shape[0] : 0;

    /// <summary>What goes in: channels, those of one group, or units.</summary>
    public long Inputs => Shape.Count > 1 ? Shape[1] : Outputs;

    /// <summary>Height of the kernel.</summary>
    public long Height => Shape.Count == 4 ? Shape[2] : 1;

    /// <summary>Width of the kernel.</summary>
    public long Width => Shape.Count == 4 ? Shape[3] : 1;

    /// <summary>Whether each channel may have a kernel of its own.</summary>
    public bool IsDepthwise => Kind == WeightKind.Conv2d && Inputs == 1 && Outputs > 1;

    /// <summary>The layers of a file, in its order.</summary>
    public static IReadOnlyList<WeightModule> Of(StateDict tensors)
    {
        Dictionary<string, StateTensor[]> byName = tensors.Tensors
            .Where(tensor => !tensor.Name.EndsWith(Counter, StringComparison.Ordinal))
            .GroupBy(tensor => Split(tensor.Name).Layer, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        IEnumerable<string> names = tensors.LayerNames.Count > 0
            ? tensors.LayerNames.Concat(byName.Keys).Distinct(StringComparer.Ordinal)
            : byName.Keys;
        return [.. names.Select(name => Make(name, byName.GetValueOrDefault(name) ?? []))];
    }

    private static WeightModule Make(string name, StateTensor[] tensors)
    {
        string[] parts = [.. tensors.Select(tensor => Split(tensor.Name).Part)];
        StateTensor? weight = tensors.FirstOrDefault(tensor => s_weights.Contains(Split(tensor.Name).Part));
        IReadOnlyList<long> shape = weight?.Shape ?? tensors.FirstOrDefault()?.Shape ?? [];
        WeightKind kind = (weight?.Shape.Count, name) switch
        {
            _ when tensors.Length == 0 => WeightKind.Weightless,
            _ when parts.Any(part => Recurrence().IsMatch(part)) => WeightKind.Recurrent,
            _ when parts.Contains("in_proj_weight") || Attending().IsMatch(name) => WeightKind.Attention,
            _ when parts.Any(s_means.Contains) => WeightKind.BatchNorm,
            (4, _) => WeightKind.Conv2d,
            (3, _) => WeightKind.Conv1d,
            (5, _) => WeightKind.Conv3d,
            (2, _) when !parts.Contains("bias") && Embedding().IsMatch(name) => WeightKind.Embedding,
            (2, _) => WeightKind.Linear,
            (1, _) when parts.Length == 1 => WeightKind.PReLU,
            (1, _) => WeightKind.Norm,
            _ => WeightKind.Other,
        };
        return new(name, kind, tensors, shape);
    }

    private static (string Layer, string Part) Split(string key)
    {
        int end = key.LastIndexOfAny(['.', '/']);
        return end < 0 ? (key, string.Empty) : (key[..end], key[(end + 1)..]);
    }

    [GeneratedRegex(@"^weight_(ih|hh)_l\d|^recurrent_kernel$", RegexOptions.CultureInvariant)]
    private static partial Regex Recurrence();

    [GeneratedRegex(@"(^|[._])(attn|attention|self_attn|mha|qkv|q_proj|k_proj|v_proj|query|key|value)([._]|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Attending();

    [GeneratedRegex(@"emb", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Embedding();
}
