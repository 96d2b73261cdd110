using CnnViz.Networks.Modules;
using TorchSharp;

namespace CnnViz.Import.Modules;

/// <summary>What the weights of a module tell about its input.</summary>
/// <param name="Channels">Channels of the image, or null where they do not tell.</param>
/// <param name="Side">Height and width of the image, or null where they do not tell.</param>
internal readonly record struct ModuleInput(int? Channels, int? Side)
{
    /// <summary>
    /// Looks at the first convolution, in the order of declaration; or at the first dense layer, where there is no convolution.
    /// </summary>
    public static ModuleInput Of(torch.nn.Module module)
    {
        torch.nn.Module[] parts = [module, .. HookedModule.Submodules(module).Select(pair => pair.Module)];
        return parts.OfType<TorchSharp.Modules.Convolution>().FirstOrDefault(part => part.kernel_size.Length == 2) is { } convolution
            ? new ModuleInput((int)convolution.in_channels, null)
            : parts.OfType<TorchSharp.Modules.Linear>().Select(linear => OfPixels(linear.in_features)).FirstOrDefault();
    }

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
