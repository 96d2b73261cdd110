using CnnViz.Models.Modules;
using TorchSharp;

namespace CnnViz.Import.Modules;

/// <summary>What the weights of a module tell about its input.</summary>
/// <param name="Channels">Channels of the image, or null where they do not tell.</param>
/// <param name="Side">Height and width of the image, or null where they do not tell.</param>
internal readonly record struct ModuleInput(int? Channels, int? Side)
{
    /// <summary>Looks at the first submodule that has weights, in the order of declaration.</summary>
    public static ModuleInput Of(torch.nn.Module module) =>
        HookedModule.Submodules(module).Select(pair => pair.Module).Prepend(module)
            .Select(Tell)
            .FirstOrDefault(input => input is not null) ?? default;

    private static ModuleInput? Tell(torch.nn.Module module) => module switch
    {
        TorchSharp.Modules.Convolution { kernel_size.Length: 2 } convolution => new ModuleInput((int)convolution.in_channels, null),
        TorchSharp.Modules.Linear linear => OfPixels(linear.in_features),
        _ => null,
    };

    // A dense layer sees every value of a square image, which is more likely grey than coloured.
    private static ModuleInput OfPixels(long count)
    {
        foreach (int channels in new[] { 1, 3 })
        {
            int side = (int)Math.Round(Math.Sqrt(count / (double)channels));
            if ((long)side * side * channels == count)
            {
                return new ModuleInput(channels, side);
            }
        }

        return default;
    }
}
