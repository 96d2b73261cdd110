using System.Globalization;
using System.Text.Json;

namespace CnnViz.Import.Hub;

/// <summary>Settings in Hugging Face's <c>config.json</c> that change a network and leave no trace in its weights.</summary>
internal static class HubHabits
{
    // What published networks have, by model type and setting.
    private static readonly Dictionary<string, (string Setting, string Value)[]> s_usual = new(StringComparer.Ordinal)
    {
        ["resnet"] = [("hidden_act", "relu"), ("downsample_in_first_stage", "False"), ("downsample_in_bottleneck", "False")],
        ["regnet"] = [("hidden_act", "relu"), ("downsample_in_first_stage", "True")],
        ["mobilenet_v1"] = [("hidden_act", "relu6"), ("tf_padding", "True"), ("layer_norm_eps", "0.001")],
        ["mobilenet_v2"] = [("hidden_act", "relu6"), ("tf_padding", "True"), ("layer_norm_eps", "0.001"), ("output_stride", "32")],
        ["efficientnet"] = [("hidden_act", "swish"), ("batch_norm_eps", "0.001")],
        ["convnext"] = [("hidden_act", "gelu")],
        ["convnextv2"] = [("hidden_act", "gelu")],
    };

    /// <summary>What to say where a setting is another than the usual one; null where none is.</summary>
    public static string? Doubt(JsonElement config)
    {
        if (config.ValueKind != JsonValueKind.Object
            || !config.TryGetProperty("model_type", out JsonElement type)
            || type.ValueKind != JsonValueKind.String
            || s_usual.GetValueOrDefault(type.GetString()!) is not { } usual)
        {
            return null;
        }

        string[] others =
        [
            .. usual.Where(pair => config.TryGetProperty(pair.Setting, out JsonElement value) && Text(value) is { } text && text != pair.Value)
                .Select(pair => $"{pair.Setting} is {Text(config.GetProperty(pair.Setting))} (CnnViz takes {pair.Value})"),
        ];
        return others.Length == 0 ? null : $"config.json says what CnnViz does not follow: {string.Join("; ", others)}. Its layers may give other values.";
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        JsonValueKind.Number => value.GetDouble().ToString(CultureInfo.InvariantCulture),
        _ => null,
    };
}
