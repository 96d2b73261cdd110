using System.Collections.ObjectModel;
using System.Management.Automation;
using CnnViz.Ascent;
using CnnViz.Networks;
using TorchSharp;

namespace CnnViz;

/// <summary>An objective that a script block computes of a layer's activations.</summary>
/// <param name="layer">The layer.</param>
/// <param name="script">
/// Gets the activations, views×C×H×W or views×C, as <c>$_</c> and as its argument; returns a tensor of one value, differentiable.
/// </param>
internal sealed class ScriptObjective(CnnLayer layer, ScriptBlock script) : CnnObjective
{
    private const int ShownLength = 60;

    internal override IReadOnlyList<CnnLayer> Layers { get; } = [layer];

    internal override bool IsBoundToThread => true;

    /// <summary>Such as <c>script(conv4: $_.mean())</c>.</summary>
    public override string ToString()
    {
        string text = string.Join(' ', script.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return $"script({layer}: {(text.Length > ShownLength ? $"{text[..ShownLength]}…" : text)})";
    }

    internal override torch.Tensor Evaluate(CnnViz.Ascent.Activations activations)
    {
        torch.Tensor values = activations[layer];
        using torch.Tensor result = PipelineWorker.OnPipeline(() => Invoke(values));

        // The handle belongs to no scope of this thread; another does.
        return result.reshape(1);
    }

    private torch.Tensor Invoke(torch.Tensor values)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Collection<PSObject> results;
        try
        {
            results = script.InvokeWithContext(null, [new PSVariable("_", values)], values);
        }
        catch (RuntimeException exception)
        {
            throw new CnnVizException(
                "ObjectiveScriptFailed",
                $"The script of the objective '{this}' failed: {exception.Message}",
                "Try it on the activations of one picture; it gets a tensor of views×channels×height×width.",
                exception);
        }

        torch.Tensor? result = results.Count == 1 ? results[0]?.BaseObject as torch.Tensor : null;
        if (result is null || result.numel() != 1 || (values.requires_grad && !result.requires_grad))
        {
            throw new CnnVizException(
                "ObjectiveScriptInvalid",
                $"The script of the objective '{this}' does not return one tensor of one value that depends on the activations.",
                "End it with an expression such as $_.select(1, 3).mean().");
        }

        return result.MoveToOuterDisposeScope();
    }
}
