namespace CnnViz.Import.Keras;

/// <summary>The order in which the layers of a model can be applied; files may list them otherwise.</summary>
internal static class CallOrder
{
    /// <summary>All applications of layers, each after those whose outputs it needs, else in the order of the file.</summary>
    /// <exception cref="FormatException">Some wait for what is never made.</exception>
    public static IEnumerable<(KerasLayer Layer, int Call)> Of(KerasModel model)
    {
        (KerasLayer Layer, int Call)[] calls = [.. model.Layers.SelectMany(layer => layer.Calls.Select((_, call) => (layer, call)))];
        var waiting = new Dictionary<(string Layer, int Call), List<int>>();
        var missing = new int[calls.Length];
        var ready = new PriorityQueue<int, int>();
        HashSet<string> inputs = [.. model.Inputs];
        for (int i = 0; i < calls.Length; i++)
        {
            KerasOutput[] needed = [.. Needs(calls[i]).Where(output => !inputs.Contains(output.Layer)).Distinct()];
            missing[i] = needed.Length;
            foreach (KerasOutput output in needed)
            {
                waiting.TryAdd((output.Layer, output.Call), []);
                waiting[(output.Layer, output.Call)].Add(i);
            }

            if (needed.Length == 0)
            {
                ready.Enqueue(i, i);
            }
        }

        int done = 0;
        while (ready.TryDequeue(out int next, out _))
        {
            yield return calls[next];
            done++;
            foreach (int follower in waiting.GetValueOrDefault((calls[next].Layer.Name, calls[next].Call), []))
            {
                if (--missing[follower] == 0)
                {
                    ready.Enqueue(follower, follower);
                }
            }
        }

        if (done < calls.Length)
        {
            int stuck = Array.FindIndex(missing, count => count > 0);
            throw new FormatException($"layer '{calls[stuck].Layer.Name}' waits for what no layer before it makes");
        }
    }

    private static IEnumerable<KerasOutput> Needs((KerasLayer Layer, int Call) call) =>
        call.Layer.Calls[call.Call].Arguments.Select(argument => argument.Output).OfType<KerasOutput>();
}
