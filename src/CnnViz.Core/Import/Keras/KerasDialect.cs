namespace CnnViz.Import.Keras;

/// <summary>What differs from file to file in the meaning of the same words.</summary>
/// <param name="Version">Major version of Keras that wrote it.</param>
/// <param name="ChannelsFirst">Whether its images are N×C×H×W instead of N×H×W×C.</param>
/// <param name="FlipsKernels">Whether its convolutions turn their kernels around, as Theano's did.</param>
internal sealed record KerasDialect(int Version, bool ChannelsFirst, bool FlipsKernels)
{
    /// <summary>Finds it out.</summary>
    /// <param name="model">The model.</param>
    /// <param name="version">The version that the file states, if any; files of Keras 1 do not.</param>
    /// <param name="backend">The backend that the file states, if any.</param>
    /// <exception cref="UnsupportedModelException">The model has layers of both formats.</exception>
    public static KerasDialect Of(KerasModel model, string? version, string? backend)
    {
        // A flattening layer states the format of its output, which says nothing about the model's images.
        bool?[] firsts = [.. model.AllLayers
            .Where(layer => layer.Class != "Flatten")
            .Select(layer => layer.Settings.Text("data_format") switch
            {
                "channels_first" or "th" => true,
                "channels_last" or "tf" => false,
                _ => (bool?)null,
            })
            .Where(first => first is not null)
            .Distinct()];
        return firsts.Length > 1
            ? throw new UnsupportedModelException("layers with channels_first and others with channels_last")
            : new KerasDialect(int.TryParse(version?.Split('.')[0], out int major) ? major : 1, firsts is [true], backend == "theano");
    }
}
