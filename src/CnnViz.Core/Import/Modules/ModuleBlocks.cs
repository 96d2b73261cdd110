using CnnViz.Networks.Graphs;
using CnnViz.Networks.Modules;
using TorchSharp;

namespace CnnViz.Import.Modules;

/// <summary>Finds the modules of the session that call others: blocks.</summary>
internal static class ModuleBlocks
{
    /// <summary>
    /// The blocks, in the order in which they begin, each before those within it. A call that passes on what it was given by another has
    /// no node; all others have one each, in their order, behind the image.
    /// </summary>
    /// <param name="whole">The module that makes the calls; it is none of its blocks.</param>
    /// <param name="calls">All calls in the order in which they end.</param>
    public static IReadOnlyList<GraphBlock> Of(torch.nn.Module whole, IReadOnlyList<ModuleCall> calls)
    {
        var nodes = new int[calls.Count];
        var blocks = new List<GraphBlock>();
        int count = 0;
        for (int i = 0; i < calls.Count; i++)
        {
            count += calls[i].PassesOn ? 0 : 1;
            nodes[i] = count;
            HashSet<torch.nn.Module> inner = [.. HookedModule.Submodules(calls[i].Module).Select(pair => pair.Module)];
            int first = i;
            while (first > 0 && inner.Contains(calls[first - 1].Module))
            {
                first--;
            }

            if (first < i && !ReferenceEquals(calls[i].Module, whole))
            {
                blocks.Add(new GraphBlock(calls[i].Name, nodes[i], [.. nodes[first..(i + 1)].Distinct()]) { Kind = calls[i].Kind, HasModules = true });
            }
        }

        return [.. blocks.OrderBy(block => block.Members[0]).ThenByDescending(block => block.Members.Count)];
    }
}
