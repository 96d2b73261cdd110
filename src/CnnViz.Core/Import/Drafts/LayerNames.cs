using System.Text.RegularExpressions;

namespace CnnViz.Import.Drafts;

/// <summary>What the names of layers without weights tell: Keras's own, such as max_pooling2d_1, and the usual ones of authors.</summary>
internal static class LayerNames
{
    // The first that matches counts.
    private static readonly (Regex Pattern, string Kind)[] s_kinds =
    [
        (Global("max"), "globalmaxpool"),
        (Global("a"), "globalavgpool"),
        (Named("gap"), "globalavgpool"),
        (Named("max_?pool|mp_?|pool|maxpooling"), "maxpool"),
        (Named("average_?pool|avg_?pool|averagepooling"), "avgpool"),
        (Named("flat"), "flatten"),
        (Named("leaky"), "leakyrelu slope=0.3"),
        (Named("relu6"), "relu6"),
        (Named("elu"), "elu"),
        (Named("softmax"), "softmax"),
        (Named("act|re_?lu"), "relu"),
        (Named("zero_?padding|pad"), "pad padding=1"),
        (Named("up_?sampl"), "upsample scale=2"),
        (Named("drop|spatial_?dropout|gaussian|noise|input|random|activity|masking|data_augmentation|identity"), "identity"),
    ];

    /// <summary>The kind of a layer in a description; null where its name does not tell.</summary>
    public static string? KindOf(string name)
    {
        string own = name[(name.LastIndexOfAny(['/', '.']) + 1)..];
        return s_kinds.FirstOrDefault(kind => kind.Pattern.IsMatch(own)).Kind;
    }

    /// <summary>Whether a layer is an activation.</summary>
    public static bool IsActivation(string name) => KindOf(name) is "relu" or "relu6" or "leakyrelu slope=0.3" or "elu" or "softmax";

    private static Regex Global(string what) => Named($"global_?{what}");

    private static Regex Named(string start) => new($"^(?:{start})", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
}
