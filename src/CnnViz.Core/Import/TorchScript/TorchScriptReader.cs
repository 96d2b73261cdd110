using CnnViz.Networks;
using TorchSharp;

namespace CnnViz.Import.TorchScript;

/// <summary>
/// Reads TorchScript archives, as torch.jit.save writes them. The text of the program is followed and written down as a network; none of
/// it is run, and libtorch's interpreter never sees the file.
/// </summary>
internal static class TorchScriptReader
{
    private const string Format = "TorchScript";

    /// <summary>Reads a file if it is a TorchScript archive.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">What the user says about it.</param>
    /// <returns>The model; null for a file of another kind.</returns>
    /// <exception cref="CnnVizException">The file is damaged, has no convolution of images, or cannot run at the size that the user gives.</exception>
    public static ModelSource? TryRead(string path, ImportOptions options)
    {
        using ScriptArchive? archive = ScriptArchive.TryOpen(path);
        if (archive is null)
        {
            return null;
        }

        if (!ScriptTranslation.HasKernels(archive))
        {
            throw NotAnImageModel(archive, "it has no 2-D convolution");
        }

        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        (ScriptTranslation translation, int height, int width) = options.InputSize is { } size
            ? (Translate(archive, size), ScriptSizes.Usual, ScriptSizes.Usual)
            : ScriptSizes.Find(archive);
        if (!translation.Network.HasConvolution)
        {
            throw NotAnImageModel(archive, $"of its program, {Count(translation.LeftOut)} left out: {translation.Reason}");
        }

        return new ModelSource(
            translation.Network.Builder.Build([.. translation.Outputs]),
            Format,
            translation.Channels,
            Height: null,
            Width: null,
            Preprocessing.Unit with { Source = PreprocessingSource.Guessed },
            new Dictionary<string, IReadOnlyList<string>>())
        {
            UsualSize = height,
            UsualWidth = width,
            Remark = Remark(translation, height, width),
        };
    }

    private static ScriptTranslation Translate(ScriptArchive archive, (int Height, int Width) size)
    {
        try
        {
            return ScriptTranslation.Of(archive, size);
        }
        catch (ScriptSizeException exception)
        {
            throw new ImageSizeException(
                "LayerCannotRun",
                $"'{archive.Name}' does not take images of {size.Height}×{size.Width}: {exception.Message}",
                "Leave -InputSize out, or give the size that it was made for.",
                exception);
        }
    }

    private static ModelFormatException NotAnImageModel(ScriptArchive archive, string why) => new(
        "NotAnImageModel",
        $"'{archive.Name}' is no network that CnnViz can show: {why}.",
        "Save a module that takes a batch of images with torch.jit.save, or export it to ONNX.");

    private static string? Remark(ScriptTranslation translation, int height, int width)
    {
        string[] sentences =
        [
            .. translation.LeftOut == 0 ? Array.Empty<string>()
                : [$"{Count(translation.LeftOut)} left out: {translation.Reason}."],
            .. (height, width) == (ScriptSizes.Usual, ScriptSizes.Usual) ? Array.Empty<string>()
                : [$"Images of {height}×{width} fit its layers; the file does not say its size."],
            .. translation.Network.Notes,
        ];
        return sentences.Length == 0 ? null : string.Join(' ', sentences);
    }

    private static string Count(int operations) => operations == 1 ? "1 operation at the end was" : $"{operations} operations at the end were";
}
