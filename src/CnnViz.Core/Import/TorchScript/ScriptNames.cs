namespace CnnViz.Import.TorchScript;

/// <summary>Names for the operations of modules.</summary>
internal static class ScriptNames
{
    private static readonly HashSet<string> s_weighted = new(
        [
            "_convolution", "convolution", "conv1d", "conv2d", "conv_transpose2d", "linear", "addmm", "matmul", "batch_norm", "layer_norm",
            "group_norm", "instance_norm", "prelu", "conv2d_relu", "linear_relu", "linear_dynamic", "conv2d_clamp_run", "linear_clamp_run",
            "batch_norm2d",
        ],
        StringComparer.Ordinal);

    /// <summary>
    /// An operation with the weights of a module that has no others within it has the module's name; any other is called after what it does.
    /// </summary>
    /// <param name="module">The module whose text is followed.</param>
    /// <param name="function">The function that it calls.</param>
    public static string Of(ScriptObject module, string function)
    {
        string operation = function[(function.LastIndexOf('.') + 1)..];
        return module.Path.Length > 0 && !module.Class.HasSubmodules && module.Class.HasWeights && s_weighted.Contains(operation)
            ? module.Path
            : module.Within(operation.Trim('_'));
    }
}
