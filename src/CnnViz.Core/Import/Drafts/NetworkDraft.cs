using System.Text;
using CnnViz.Networks;
using CnnViz.Networks.Operators;

namespace CnnViz.Import.Drafts;

/// <summary>
/// A description of the network that a file of weights probably belongs to: what the weights tell, and guesses for what they do not,
/// each marked as such.
/// </summary>
public sealed class NetworkDraft
{
    private readonly ChainDraft _draft;
    private readonly string _file;
    private readonly IReadOnlyList<WeightModule> _left;

    private NetworkDraft(string file, IReadOnlyList<WeightModule> modules, ChainDraft draft, string? remark)
    {
        _file = file;
        _draft = draft;
        HashSet<WeightModule> placed = [.. draft.Chain.OfType<WeightedElement>().Select(layer => layer.Module)];
        _left = [.. modules.Where(module => module.Tensors.Count > 0 && !placed.Contains(module))];
        Text = Write();
        Summary = string.Join(" ", remark is null ? Sentences() : Sentences().Append(remark));
    }

    /// <summary>The description, in the format of about_CnnViz_Models.</summary>
    public string Text { get; }

    /// <summary>What was guessed and what was left out, in sentences.</summary>
    public string Summary { get; }

    /// <summary>Writes the description to a file, which appears whole or not at all.</summary>
    /// <param name="path">Path of the file; one that is there is replaced.</param>
    /// <exception cref="CnnVizException">It cannot be written.</exception>
    public void Save(string path) => WholeFile.Write(path, stream => stream.Write(new UTF8Encoding(false).GetBytes(Text)));

    /// <summary>Drafts a description for tensors.</summary>
    /// <param name="file">Name of the file, for the text.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="inputSize">Size of the image, if it is given.</param>
    /// <returns>The draft; null where not even one convolution can be placed.</returns>
    internal static NetworkDraft? Of(string file, StateDict tensors, Extent? inputSize)
    {
        IReadOnlyList<WeightModule> modules = ModuleOrder.Of(WeightModule.Of(tensors));
        ChainDraft draft = ChainDraft.Of(modules, inputSize, tensors.IsKeras);
        return draft.Chain.Any(element => element is WeightedElement { IsConvolution: true }) ? new(file, modules, draft, tensors.Remark) : null;
    }

    private string Write()
    {
        var text = new StringBuilder();
        text.AppendLine($"# Drafted from the weights of {WeightFile.Quote(_file)}. Weights tell kernels and channels; what else stands here is");
        text.AppendLine("# a guess where it says so. Correct it, and give this file with -Architecture. See about_CnnViz_Models.");
        Extent size = _draft.Geometry.Input;
        Line(text, $"input size={DraftOptions.Size(size)}", _draft.IsSizeKnown ? "guess: preprocessing" : "guess: size, preprocessing");
        for (int i = 0; i < _draft.Chain.Count; i++)
        {
            (string line, string comment) = DraftOptions.Line(_draft.Chain[i], _draft.Geometry.Windows[i] ?? HeadWindow(_draft.Chain[i]));
            Line(text, line, comment);
        }

        if (_left.Count > 0)
        {
            text.AppendLine();
            text.AppendLine($"# Left out: {DraftOptions.Sentence(_draft.Builder)}");
            text.AppendLine("# To put one in, move its line to its place, and give its kind instead of omit.");
            foreach (WeightModule module in _left)
            {
                string line = ModuleNames.IsWord(module.Name) ? $"{module.Name} omit" : $"# {WeightFile.Quote(module.Name)} omit";
                Line(text, line, $"{module.Kind} {KeyTable.Shape(module.Shape)}");
            }
        }

        return text.ToString().ReplaceLineEndings("\n");
    }

    // Layers side by side have the same kernel, and so the same window.
    private Window? HeadWindow(ChainElement element) => element is WeightedElement { IsConvolution: true, From: not null } head
        ? _draft.Geometry.Windows[_draft.Chain.ToList().FindLastIndex(other =>
            other is WeightedElement { IsConvolution: true, From: null } first && first.Module.Shape.Skip(1).SequenceEqual(head.Module.Shape.Skip(1)))]
        : null;

    private static void Line(StringBuilder text, string line, string comment) =>
        text.AppendLine(comment.Length == 0 ? line : $"{line.PadRight(44)} # {comment}");

    private IEnumerable<string> Sentences()
    {
        Extent size = _draft.Geometry.Input;
        string[] guesses =
        [
            .. _draft.IsSizeKnown ? Array.Empty<string>() : [$"images of {size.Height}×{size.Width}"],
            .. DraftOptions.Windows(_draft),
            .. DraftOptions.Functions(_draft.Chain),
        ];
        yield return $"What the weights do not tell was guessed: {string.Join("; ", guesses)}.";
        if (_left.Count > 0)
        {
            yield return $"{_left.Count} of {_left.Count + _draft.Chain.OfType<WeightedElement>().Count()} layers were left out: "
                + DraftOptions.Sentence(_draft.Builder);
        }
    }
}
