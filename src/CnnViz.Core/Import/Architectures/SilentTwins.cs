using System.Text.RegularExpressions;

namespace CnnViz.Import.Architectures;

/// <summary>
/// Networks that differ from an architecture in something that weights do not show, such as the padding: only their name tells.
/// </summary>
internal static class SilentTwins
{
    private static readonly Regex s_tensorFlow =
        new("tf_(efficientnet_b[0-7]|mobilenetv3_(large|small)_(075|100))", RegexOptions.CultureInvariant);

    private static readonly Regex s_blurred = new("resnet(blur|aa)[0-9]+", RegexOptions.CultureInvariant);

    /// <summary>The architecture that a name asks for; null where the weights tell all.</summary>
    /// <param name="name">Name of the file, its folder, or the network.</param>
    /// <param name="tensors">The tensors.</param>
    /// <exception cref="ModelFormatException">It is a network that is not built here, and would be taken for another.</exception>
    public static string? Find(string name, StateDict tensors)
    {
        if (s_blurred.Match(name) is { Success: true } blurred && tensors.TryGet("layer1.0.conv1.weight", out _))
        {
            throw new ModelFormatException(
                "ArchitectureNotFound",
                $"{blurred.Value} has the weights' names of ResNet, but blurs where that has a stride; CnnViz does not know it.",
                "Export the model as ONNX; or name another network with -Architecture.");
        }

        return IsTimms(tensors) && s_tensorFlow.Match(name) is { Success: true } match ? match.Value : null;
    }

    /// <summary>What to say of a network that was found by its weights alone; null where nothing else has the same.</summary>
    public static string? Doubt(string name, ArchitectureMatch match, StateDict tensors) =>
        ArchitectureList.TensorFlow.Any(twin => twin.Name == $"tf_{match.Architecture.Name}") && IsTimms(tensors)
            && !name.Contains(match.Architecture.Name.Split('_')[0], StringComparison.OrdinalIgnoreCase)
            ? $"timm's tf_{match.Architecture.Name} has the same weights' names, but other padding; if it is that, give -Architecture "
                + $"tf_{match.Architecture.Name}."
            : null;

    private static bool IsTimms(StateDict tensors) => tensors.TryGet("conv_stem.weight", out _);
}
