namespace CnnViz.Import.TorchScript;

// What makes one value of many along some dimensions.
internal static partial class ScriptFunctions
{
    private static Dictionary<string, Func<ScriptCall, object?>> Reductions() => new()
    {
        ["mean(input, dim=None, keepdim=False, dtype=None)"] = call => Reduce(call, "ReduceMean"),
        ["sum(input, dim=None, keepdim=False, dtype=None)"] = call => ScriptCall.Items(call["input"]) is { } numbers
            ? numbers.Aggregate((object?)0L, (sum, number) => OfNumbers("Add", sum, number))
            : Reduce(call, "ReduceSum"),
        ["prod(input, dim=None, keepdim=False, dtype=None)"] = call => Reduce(call, "ReduceProd"),
        ["amax(input, dim=[], keepdim=False)"] = call => Reduce(call, "ReduceMax"),
        ["amin(input, dim=[], keepdim=False)"] = call => Reduce(call, "ReduceMin"),
        ["max(input, dim=None, keepdim=False)"] = call => Extreme(call, "Max"),
        ["min(input, dim=None, keepdim=False)"] = call => Extreme(call, "Min"),
        ["argmax(input, dim=None, keepdim=False)"] = call => call["dim"] is null
            ? throw new NotTranslatedException("argmax over all images")
            : call.Add("ArgMax", [call.Tensor("input")], ("axis", call.Long("dim")), ("keepdims", call.Bool("keepdim") ? 1L : 0)),
        ["var(input, dim=None, unbiased=True, keepdim=False, correction=None)"] = call => Variance(call),
        ["std(input, dim=None, unbiased=True, keepdim=False, correction=None)"] = call => call.Add("Sqrt", [Variance(call)]),
        ["norm(input, p=2, dim=None, keepdim=False, dtype=None)"] = call => Norm(call, "p"),
        ["frobenius_norm(input, dim=None, keepdim=False)"] = call => Reduce(call, "ReduceL2"),
        ["linalg_vector_norm(input, ord=2, dim=None, keepdim=False, dtype=None)"] = call => Norm(call, "ord"),
    };

    private static ScriptTensor Reduce(ScriptCall call, string type) => Reduce(call, type, call.Tensor("input"), call.Bool("keepdim"));

    private static ScriptTensor Reduce(ScriptCall call, string type, ScriptTensor input, bool keep)
    {
        long[] given = call.OptionalLongs("dim") ?? [];
        long[] axes = [.. (given.Length == 0 ? Enumerable.Range(0, input.Rank).Select(axis => (long)axis) : given)
            .Select(axis => (long)ScriptCall.Axis(axis, input.Rank)).Order()];
        if (input.Node is not null && axes.Contains(0))
        {
            throw new NotTranslatedException($"{call.Name} over all images");
        }

        if (type == "ReduceMean" && input.Rank == 4 && axes is [2, 3])
        {
            ScriptTensor pooled = call.Add("GlobalAveragePool", [input]);
            return keep ? pooled : call.Add("Flatten", [pooled], ("axis", 1L));
        }

        return call.Add(type, [input, axes], ("keepdims", keep ? 1L : 0));
    }

    // Of one tensor, of two, along a dimension, or of numbers.
    private static object? Extreme(ScriptCall call, string type) => (call["input"], call["dim"]) switch
    {
        (ScriptTensor, null) => Reduce(call, $"Reduce{type}"),
        (ScriptTensor a, ScriptTensor b) => Binary(call, type, a, b),
        (ScriptTensor, long) => new object?[] { Reduce(call, $"Reduce{type}"), new ScriptUnknown("where an extreme value is") },
        (List<object?> { Count: > 0 } list, null) => list.Aggregate((a, b) => OfNumbers(type, a, b)),
        (var a, var b) => OfNumbers(type, a, b),
    };

    private static ScriptTensor Norm(ScriptCall call, string order) => call.Number(order) switch
    {
        1 => Reduce(call, "ReduceL1"),
        2 => Reduce(call, "ReduceL2"),
        _ => throw new NotTranslatedException("a norm of another order than 1 or 2"),
    };

    private static ScriptTensor Variance(ScriptCall call)
    {
        ScriptTensor input = call.Tensor("input");
        ScriptTensor mean = Reduce(call, "ReduceMean", input, keep: true);
        ScriptTensor difference = call.Add("Sub", [input, mean]);
        ScriptTensor variance = Reduce(call, "ReduceMean", call.Add("Mul", [difference, difference]), call.Bool("keepdim"));
        double count = (double)input.Count / mean.Count;
        double correction = call["correction"] is null ? (call.Bool("unbiased") ? 1 : 0) : call.Number("correction");
        return correction == 0 ? variance : call.Add("Mul", [variance, (float)(count / (count - correction))]);
    }
}
