using CnnViz.Import.Networks;

namespace CnnViz.Import.Keras;

// What gives the same values another shape. Here maps are N×C×H×W, and what Keras says of N×H×W×C is said anew.
internal static partial class KerasLayers
{
    private static readonly long[] s_toKeras = [0, 2, 3, 1];
    private static readonly long[] s_fromKeras = [0, 3, 1, 2];

    private static Dictionary<string, Func<KerasLayerCall, KerasValue>> Shapes() => new()
    {
        ["Flatten"] = Flatten,
        ["Reshape"] = Reshape,
        ["Permute"] = Permute,
    };

    private static KerasValue Flatten(KerasLayerCall call)
    {
        if (call.Input.Rank == KerasRank.Vector)
        {
            return call.Input;
        }

        if (call.Input.Rank == KerasRank.Sequence)
        {
            return KerasValue.Vector(call.Net.Flatten(call.Name, call.Input.Value));
        }

        // Of channels_first, the layer makes the order of channels_last if it is told so.
        bool isPixelByPixel = !call.Dialect.ChannelsFirst || call.Settings.Text("data_format") == "channels_first";
        if (!isPixelByPixel || call.Map.Channels is { } channels)
        {
            return new KerasValue(call.Net.Flatten(call.Name, call.Map), KerasRank.Vector, isPixelByPixel ? call.Map.Channels : null);
        }

        return KerasValue.Vector(call.Net.Flatten(call.Name, call.Net.Permute($"{call.Name}/pixels", call.Map, s_toKeras)));
    }

    private static KerasValue Reshape(KerasLayerCall call)
    {
        long[] target = call.Settings.Wholes("target_shape") ?? throw new FormatException("it has no target_shape");
        if (target.Length is 0 or > 3 || target.Any(size => size is 0 or < -1 or > int.MaxValue))
        {
            throw Unsupported("target_shape", string.Join('×', target));
        }

        bool channelsLast = !call.Dialect.ChannelsFirst;
        if (target is [1, 1, var count] && call.Input.Rank == KerasRank.Vector && channelsLast)
        {
            Value pixel = call.Net.Reshape(call.Name, call.Plain(call.Input), 0, count, 1, 1);
            return KerasValue.Map(pixel with { Channels = count > 0 ? count : call.Input.Value.Channels });
        }

        Value plain = call.Input.Rank == KerasRank.Map && channelsLast
            ? call.Net.Permute($"{call.Name}/pixels", call.Map, s_toKeras)
            : call.Plain(call.Input);
        bool isMap = target.Length == 3;
        Value shaped = call.Net.Reshape(isMap && channelsLast ? $"{call.Name}/shape" : call.Name, plain, [0, .. target]);
        long size = isMap && !channelsLast ? target[0] : target[^1];
        long? channels = size > 0 ? size : null;
        return target.Length switch
        {
            1 => KerasValue.Vector(shaped with { Channels = channels }),
            2 => new KerasValue(shaped with { Channels = channels }, KerasRank.Sequence),
            _ when channelsLast => KerasValue.Map(call.Net.Permute(call.Name, shaped, s_fromKeras) with { Channels = channels }),
            _ => KerasValue.Map(shaped with { Channels = channels }),
        };
    }

    private static KerasValue Permute(KerasLayerCall call)
    {
        int rank = call.Input.Rank switch { KerasRank.Map => 3, KerasRank.Sequence => 2, _ => 1 };
        long[] dims = call.Settings.Wholes("dims") ?? throw new FormatException("it has no dims");
        if (!dims.Order().SequenceEqual(Enumerable.Range(1, rank).Select(dimension => (long)dimension)))
        {
            throw Unsupported("dims", string.Join(',', dims));
        }

        if (rank == 1)
        {
            return call.Input;
        }

        long[] keras = [0, .. dims];
        long[] ours = rank == 3 && !call.Dialect.ChannelsFirst
            ? [.. s_fromKeras.Select(dimension => Array.IndexOf(s_fromKeras, keras[dimension]))]
            : keras;
        Value output = call.Net.Permute(call.Name, call.Input.Value, [.. ours.Select(dimension => (long)dimension)]);
        return call.Input with { Value = output with { Channels = ours[1] == 1 && rank == 3 ? call.Input.Value.Channels : null } };
    }
}
