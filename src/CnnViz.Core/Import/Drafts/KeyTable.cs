namespace CnnViz.Import.Drafts;

/// <summary>The layers of a file of weights as a table: a line a layer, its tensors' last names and shapes.</summary>
internal static class KeyTable
{
    // What fits on a screen.
    private const int First = 18;
    private const int Last = 6;

    /// <summary>The lines, in the order of the file; those in the middle are counted where there are many.</summary>
    public static string Of(IReadOnlyList<WeightModule> modules)
    {
        WeightModule[] all = [.. modules.Where(module => module.Tensors.Count > 0)];
        bool isLong = all.Length > First + Last + 1;
        WeightModule[] shown = isLong ? [.. all[..First], .. all[^Last..]] : all;
        int width = Math.Min(40, shown.Select(module => Name(module).Length).DefaultIfEmpty().Max());
        List<string> lines = [.. shown.Select(module => $"  {Name(module).PadRight(width)}  {string.Join(", ", module.Tensors.Select(Tensor))}")];
        if (isLong)
        {
            lines.Insert(First, $"  … {all.Length - First - Last} more …");
        }

        return string.Join('\n', lines);
    }

    /// <summary>A shape, such as <c>32×1×3×3</c>.</summary>
    public static string Shape(IReadOnlyList<long> shape) => shape.Count == 0 ? "a single value" : string.Join('×', shape);

    private static string Name(WeightModule module) => WeightFile.Quote(module.Name)[1..^1];

    private static string Tensor(StateTensor tensor)
    {
        string part = tensor.Name[(tensor.Name.LastIndexOfAny(['.', '/']) + 1)..];
        return $"{WeightFile.Quote(part)[1..^1]} {Shape(tensor.Shape)}";
    }
}
