using CnnViz.Import.Networks;
using CnnViz.Import.PyTorch;

namespace CnnViz.Import.TorchScript;

/// <summary>A program that was written down as a network, for images of one size.</summary>
/// <param name="Network">The network.</param>
/// <param name="Channels">Channels of the image.</param>
/// <param name="Outputs">Its outputs; the last node where none of them is known.</param>
/// <param name="LeftOut">How many operations were left out.</param>
/// <param name="Reason">Why the first of them was.</param>
internal sealed record ScriptTranslation(
    ScriptNetwork Network, int Channels, IReadOnlyList<Value> Outputs, int LeftOut, string? Reason)
{
    // What images have, after what the first weights suggest.
    private static readonly int[] s_usualChannels = [3, 1, 4];

    /// <summary>Whether an archive has weights of 2-D convolutions.</summary>
    public static bool HasKernels(ScriptArchive archive) => FirstChannels(archive).Any();

    /// <summary>Writes down a program.</summary>
    /// <param name="archive">The program.</param>
    /// <param name="size">Height and width of the image.</param>
    /// <param name="keepsGoing">Whether an operation that cannot run on the image is left out as one that is not known.</param>
    /// <exception cref="ScriptSizeException">An operation cannot run on an image of the size.</exception>
    public static ScriptTranslation Of(ScriptArchive archive, (int Height, int Width) size, bool keepsGoing = false)
    {
        int[] channels = [.. FirstChannels(archive).Concat(s_usualChannels).Distinct()];
        ScriptChannelException? first = null;
        foreach (bool channelsLast in new[] { false, true })
        {
            foreach (int count in channels)
            {
                try
                {
                    return Of(archive, count, size, channelsLast, keepsGoing);
                }
                catch (ScriptChannelException exception)
                {
                    first ??= exception;
                }
            }
        }

        throw new ScriptSizeException(first!.Message);
    }

    private static ScriptTranslation Of(
        ScriptArchive archive, int channels, (int Height, int Width) size, bool channelsLast, bool keepsGoing)
    {
        var network = new ScriptNetwork([channels, size.Height, size.Width], archive.Length) { KeepsGoing = keepsGoing };
        ScriptTensor image = channelsLast
            ? network.Add("channels_last", "Transpose", [network.Image], ("perm", new long[] { 0, 2, 3, 1 }))
            : network.Image;
        image.IsPermuted = channelsLast;
        var interpreter = new ScriptInterpreter(archive, network);
        object? output = interpreter.Run(image);
        Value[] outputs = [.. Tensors(output).Where(tensor => !tensor.IsStale).Select(tensor => tensor.Node).OfType<Value>().Distinct()];
        return new ScriptTranslation(
            network, channels, outputs.Length > 0 ? outputs : [network.Last], interpreter.LeftOut, interpreter.FirstReason);
    }

    /// <summary>The tensors that a value consists of.</summary>
    public static IEnumerable<ScriptTensor> Tensors(object? output) => Tensors(output, 0, new HashSet<object>(ReferenceEqualityComparer.Instance));

    // A list may be in another many times.
    private static IEnumerable<ScriptTensor> Tensors(object? output, int depth, HashSet<object> seen)
    {
        if (output is ScriptTensor tensor)
        {
            return [tensor];
        }

        IEnumerable<object?> parts = output switch
        {
            ScriptObject tuple => tuple.Attributes.Values,
            Dictionary<object, object?> dictionary => dictionary.Values,
            _ => ScriptCall.Items(output) ?? [],
        };
        return depth < 4 && output is not null && seen.Add(output) ? parts.SelectMany(part => Tensors(part, depth + 1, seen)) : [];
    }

    // The weights of the first convolution are the first of four dimensions.
    private static IEnumerable<int> FirstChannels(ScriptArchive archive)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var left = new Stack<object?>([archive.Constants.Root, archive.Data.Root]);
        while (left.TryPop(out object? value))
        {
            IEnumerable<object?> parts = [];
            switch (value)
            {
                case TorchTensor { Sizes: [_, > 0 and < 1024 and var channels, _, _] }:
                    return [(int)channels];
                case QuantizedTensor { Values: var values }:
                    parts = [values];
                    break;
                case TorchObject { State: var state } made when seen.Add(made):
                    parts = [state];
                    break;
                case PickleDict dictionary:
                    parts = dictionary.Entries.Select(entry => entry.Value);
                    break;
                case not null when ScriptCall.Items(value) is { } items && seen.Add(value):
                    parts = items;
                    break;
            }

            foreach (object? part in parts.Reverse())
            {
                left.Push(part);
            }
        }

        return [];
    }
}
