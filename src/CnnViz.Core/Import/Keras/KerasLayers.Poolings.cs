using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Keras;

// What takes one value of a window, or of the whole image.
internal static partial class KerasLayers
{
    private static Dictionary<string, Func<KerasLayerCall, KerasValue>> Poolings() => new()
    {
        ["MaxPooling2D"] = call => KerasValue.Map(call.Net.MaxPool2d(call.Name, call.Map, PoolWindow(call))),
        ["AveragePooling2D"] = call => KerasValue.Map(call.Net.AvgPool2d(call.Name, call.Map, PoolWindow(call), countPadding: false)),
        ["GlobalAveragePooling2D"] = call => Flatten(call, call.Net.GlobalAvgPool2d(call.Name, call.Map)),
        ["GlobalMaxPooling2D"] = call => Flatten(call, call.Net.GlobalMaxPool2d(call.Name, call.Map)),
    };

    private static CnnViz.Networks.Operators.Window PoolWindow(KerasLayerCall call)
    {
        Extent size = call.Settings.Pair("pool_size", new Extent(2, 2));
        return SlidingWindow(call, size, size);
    }

    private static KerasValue Flatten(KerasLayerCall call, Value pooled) => call.Settings.Flag("keepdims", false)
        ? KerasValue.Map(pooled)
        : KerasValue.Vector(call.Net.Flatten($"{call.Name}/flatten", pooled, 1));
}
