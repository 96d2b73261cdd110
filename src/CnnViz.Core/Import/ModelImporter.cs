using System.Security.Cryptography;
using CnnViz.Import.Onnx;
using CnnViz.Models;
using TorchSharp;

namespace CnnViz.Import;

/// <summary>Turns a file into a model.</summary>
public static class ModelImporter
{
    private const int DefaultSize = 224;

    /// <summary>Reads a model.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">What the user says about it.</param>
    /// <returns>The model; the caller owns it.</returns>
    /// <exception cref="CnnVizException">The file is not there, cannot be read, or is not an image model that CnnViz knows; the
    /// device is not there; or an option does not fit.</exception>
    public static CnnModel Import(string path, ImportOptions options)
    {
        byte[] content = ReadFile(path);
        NativeLibraries.EnsureLoaded();
        torch.Device device = FindDevice(options.Device);
        ModelSource source = OnnxReader.Read(path, content);
        try
        {
            Preprocessing preprocessing = options.Preprocessing ?? source.Preprocessing;
            preprocessing.ThrowIfNotFor(source.Channels);
            int height = options.InputSize?.Height ?? source.Height ?? DefaultSize;
            int width = options.InputSize?.Width ?? source.Width ?? DefaultSize;
            var facts = new ModelFacts(
                Path.GetFileNameWithoutExtension(path),
                Path.GetFullPath(path),
                source.Format,
                Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant(),
                new LayerShape(source.Channels, height, width, IsMap: true),
                preprocessing)
            {
                ClassNames = options.ClassNames ?? [],
                ClassNamesByLayer = source.ClassNames,
                HasOpenSize = source.Height is null || source.Width is null,
            };
            return new CnnModel(source.Graph, facts, device);
        }
        catch
        {
            source.Graph.Dispose();
            throw;
        }
    }

    private static byte[] ReadFile(string path)
    {
        if (Directory.Exists(path))
        {
            throw new ModelFormatException("ModelIsFolder", $"'{path}' is a folder, not a model file.", "Give the file inside it.");
        }

        if (!File.Exists(path))
        {
            throw new ModelFormatException("ModelNotFound", $"There is no file '{path}'.", "Check the path.");
        }

        try
        {
            byte[] content = File.ReadAllBytes(path);
            return content.Length > 0
                ? content
                : throw new ModelFormatException("ModelEmpty", $"'{path}' is empty.", "Download or export it again.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException("ModelUnreadable", $"'{path}' cannot be read: {exception.Message}", null, exception);
        }
    }

    private static torch.Device FindDevice(string name)
    {
        torch.Device device;
        try
        {
            device = torch.device(name);
            torch.zeros(1, device: device).Dispose();
        }
        catch (Exception exception)
        {
            throw new CnnVizException(
                "DeviceNotAvailable",
                $"There is no device '{name}' on this machine: {exception.Message.Split('\n', 2)[0]}",
                "Use -Device cpu.",
                exception);
        }

        return device;
    }
}
