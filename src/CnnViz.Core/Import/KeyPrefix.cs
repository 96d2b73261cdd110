namespace CnnViz.Import;

/// <summary>
/// What wrappers put before every key of a state dict: <c>module.</c> of a model that was trained on several devices,
/// <c>model.</c> or <c>backbone.</c> of a training framework.
/// </summary>
internal static class KeyPrefix
{
    private static readonly string[] s_known = ["module.", "_orig_mod.", "model.", "backbone.", "net.", "network."];

    /// <summary>Takes off every known prefix that all keys share.</summary>
    public static IReadOnlyList<StateTensor> Strip(IReadOnlyList<StateTensor> tensors)
    {
        int length = 0;
        while (s_known.FirstOrDefault(prefix => tensors.Count > 0 && tensors.All(HasNext(prefix))) is { } next)
        {
            length += next.Length;
        }

        return length == 0 ? tensors : [.. tensors.Select(tensor => tensor with { Name = tensor.Name[length..] })];

        Func<StateTensor, bool> HasNext(string prefix) => tensor =>
            tensor.Name.Length > length + prefix.Length && tensor.Name.AsSpan(length).StartsWith(prefix, StringComparison.Ordinal);
    }
}
