using CnnViz.Import.Networks;

namespace CnnViz.Import.Keras;

/// <summary>Follows what a network does to the range of its image before anything else, which tells the range that the image must have.</summary>
/// <param name="image">The image.</param>
internal sealed class InputScaling(Value image)
{
    // Values that are divided by more, or that more is subtracted from, are bytes.
    private const double SmallestUnitGain = 1.0 / 32;
    private const double LargestUnitMean = 1.5;

    // Classes that move pixels and leave their values as they are.
    private static readonly HashSet<string> s_moves =
        ["Resizing", "CenterCrop", "ZeroPadding2D", "Cropping2D", "SlicingOpLambda", "GetItem", "Permute", "Reshape"];

    private readonly Dictionary<Value, Affine> _known = new() { [image] = new Affine(1, 0) };
    private readonly HashSet<Value> _sameSize = [];
    private Affine? _last;

    /// <summary>Whether the network scales its image, and then whether it takes 0…255 (else 0…1); null where it does not.</summary>
    public bool? TakesBytes => _last is not { } last ? null
        : Math.Abs(last.Gain) < SmallestUnitGain || Math.Abs(last.Offset / last.Gain) > LargestUnitMean;

    /// <summary>Whether a value is the image, of the same size still.</summary>
    public bool IsImage(Value value) => value == image || _sameSize.Contains(value);

    /// <summary>Takes note of a layer.</summary>
    /// <param name="call">Its application.</param>
    /// <param name="made">Its output.</param>
    public void Follow(KerasLayerCall call, Value made)
    {
        if (call.Inputs.Count != 1 || !_known.TryGetValue(call.Input.Value, out Affine before) || made == call.Input.Value)
        {
            return;
        }

        if (s_moves.Contains(call.Layer.Class))
        {
            _known[made] = before;
        }
        else if (KerasLayers.AffineOf(call) is { } change && change.Gain != 0)
        {
            Affine after = new(before.Gain * change.Gain, before.Offset * change.Gain + change.Offset);
            _last = _known[made] = after;
            if (IsImage(call.Input.Value))
            {
                _sameSize.Add(made);
            }
        }
    }
}

/// <summary>What a layer makes of a value x: x · <paramref name="Gain"/> + <paramref name="Offset"/>.</summary>
internal readonly record struct Affine(double Gain, double Offset);
