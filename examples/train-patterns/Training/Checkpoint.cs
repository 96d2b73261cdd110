using TorchSharp.Modules;

namespace CnnViz.Patterns.Training;

/// <summary>Where a training run stands.</summary>
/// <param name="Step">Number of steps done.</param>
/// <param name="Seconds">Time spent on them.</param>
internal readonly record struct Standing(long Step, double Seconds);

/// <summary>A training run on disk: the standing, the weights and the state of the optimizer in one file.</summary>
/// <param name="path">Path of the file.</param>
internal sealed class Checkpoint(string path)
{
    private const string Mark = "CnnViz pattern training 1";

    /// <summary>Writes the file, whole or not at all.</summary>
    public void Save(Standing standing, PatternNetwork network, AdamW optimizer) => WholeFile.Write(path, stream =>
    {
        using var writer = new BinaryWriter(stream);
        writer.Write(Mark);
        writer.Write(standing.Step);
        writer.Write(standing.Seconds);
        network.save(writer);
        optimizer.save_state_dict(writer);
    });

    /// <summary>Reads the file; without one, the run is at its beginning.</summary>
    /// <exception cref="InvalidDataException">The file is something else.</exception>
    public Standing Load(PatternNetwork network, AdamW optimizer)
    {
        if (!File.Exists(path))
        {
            return default;
        }

        using var reader = new BinaryReader(File.OpenRead(path));
        if (reader.ReadString() != Mark)
        {
            throw new InvalidDataException($"'{path}' is not a checkpoint of this program.");
        }

        var standing = new Standing(reader.ReadInt64(), reader.ReadDouble());
        network.load(reader);
        optimizer.load_state_dict(reader);
        return standing;
    }
}
