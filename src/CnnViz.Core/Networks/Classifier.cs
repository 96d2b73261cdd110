namespace CnnViz.Networks;

/// <summary>Finds the layers whose units are the classes of a network.</summary>
internal static class Classifier
{
    // What may stand between the classes' values and an output of the network: functions that bring the values into the range of
    // probabilities, and new shapes for the same values.
    private static readonly HashSet<string> s_transparent =
    [
        "Softmax", "LogSoftmax", "Sigmoid", "HardSigmoid",
        "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Permute", "Cast",
    ];

    /// <summary>
    /// The last layer before each output of the network, if it has one value a class: the logits. A softmax or a sigmoid at the end is
    /// passed over, as it is flat where a class is far from or sure of its victory.
    /// </summary>
    /// <returns>At least one, in the order of the outputs, those with class names first.</returns>
    /// <exception cref="CnnVizException">No output is of that kind.</exception>
    public static IReadOnlyList<CnnLayer> Find(CnnModel model)
    {
        CnnLayer[] layers =
        [
            .. model.Graph.Outputs
                .Select(output => LayerBefore(model, output))
                .OfType<CnnLayer>()
                .Distinct()
                .OrderBy(layer => layer.ClassNames.Count > 0 ? 0 : 1),
        ];
        return layers.Length > 0
            ? layers
            : throw new CnnVizException(
                "NoClassifier",
                $"Model '{model.Name}' does not end in one value a class.",
                "Say with -Layer which layer's filters are the classes.");
    }

    /// <summary>Whether values of a kind of operation are still those of the operation before, in another range or shape.</summary>
    public static bool IsTransparent(string kind) => s_transparent.Contains(kind);

    private static CnnLayer? LayerBefore(CnnModel model, int output)
    {
        int node = output;
        while (IsTransparent(model.Graph.Nodes[node].Operator.Kind))
        {
            node = model.Graph.Nodes[node].Inputs[0];
        }

        return model.Layers.FirstOrDefault(layer => layer.Node == node && layer.OutputShape is { Height: 1, Width: 1 });
    }
}
