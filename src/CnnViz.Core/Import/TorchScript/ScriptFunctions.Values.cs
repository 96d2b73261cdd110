using System.Globalization;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Import.TorchScript;

// Tensors that are made of nothing, and what programs ask of tensors, lists and dictionaries.
internal static partial class ScriptFunctions
{
    private const int DeepestList = 32;

    private static Dictionary<string, Func<ScriptCall, object?>> Creations()
    {
        const string kind = "dtype=None, layout=None, device=None, pin_memory=None";
        return new()
        {
            [$"zeros(size, {kind})"] = call => Full(call, call.Longs("size"), 0),
            [$"ones(size, {kind})"] = call => Full(call, call.Longs("size"), 1),
            [$"full(size, value, {kind})"] = call => Full(call, call.Longs("size"), call.Number("value")),
            [$"zeros_like(input, {kind}, memory_format=None)"] = call => Full(call, call.Tensor("input").Shape, 0),
            [$"ones_like(input, {kind}, memory_format=None)"] = call => Full(call, call.Tensor("input").Shape, 1),
            [$"full_like(input, value, {kind}, memory_format=None)"] = call => Full(call, call.Tensor("input").Shape, call.Number("value")),
            [$"new_zeros(input, size, {kind})"] = call => Full(call, call.Longs("size"), 0),
            [$"new_ones(input, size, {kind})"] = call => Full(call, call.Longs("size"), 1),
            [$"new_full(input, size, value, {kind})"] = call => Full(call, call.Longs("size"), call.Number("value")),
            [$"scalar_tensor(value, {kind})"] = call => Full(call, [], call.Number("value")),
            ["tensor(value, dtype=None, device=None, requires_grad=False)"] = call => ScriptCall.Items(call["value"]) is { } items
                ? ScriptTensor.Of(items.All(item => item is long)
                    ? torch.tensor(call.Longs("value"))
                    : torch.tensor(items.Select(item => (float)(ScriptCall.AsNumber(item) ?? throw new NotTranslatedException("a tensor of tensors"))).ToArray()))
                : call["value"] is long ? ScriptTensor.Of(torch.tensor(call.Long("value"))) : Full(call, [], call.Number("value")),
        };
    }

    private static Dictionary<string, Func<ScriptCall, object?>> Values() => new()
    {
        ["size(input, dim=None)"] = call => call["dim"] is null
            ? call.Tensor("input").Shape.Select(side => (object?)side).ToList()
            : call.Tensor("input").Shape[call.Axis("dim", call.Tensor("input").Rank)],
        ["dim(input)"] = call => (long)call.Tensor("input").Rank,
        ["numel(input)"] = call => call.Tensor("input").Count,
        ["len(input)"] = call => call["input"] switch
        {
            ScriptTensor tensor => tensor.Shape[0],
            Dictionary<object, object?> dictionary => (long)dictionary.Count,
            string text => (long)text.Length,
            var list => (long)(ScriptCall.Items(list)?.Count ?? throw new NotTranslatedException("the length of what is no list")),
        },
        ["append(input, item)"] = call =>
        {
            List<object?> list = call["input"] as List<object?> ?? throw new NotTranslatedException("append to what is no list");
            list.Add(list.Count < MostParts ? call["item"] : throw new NotTranslatedException("too many parts"));
            return list;
        },
        ["extend(input, items)"] = call =>
        {
            List<object?> list = call["input"] as List<object?> ?? throw new NotTranslatedException("append to what is no list");
            IReadOnlyList<object?> items = ScriptCall.Items(call["items"]) ?? [];
            list.AddRange(list.Count + items.Count < MostParts ? [.. items] : throw new NotTranslatedException("too many parts"));
            return list;
        },
        ["list(input)"] = call => (ScriptCall.Items(call["input"]) ?? throw new NotTranslatedException("a list of what is none")).ToList(),
        ["__getitem__(input, index)"] = call => (call["input"], call["index"]) switch
        {
            (Dictionary<object, object?> dictionary, { } key) when dictionary.TryGetValue(key, out object? value) => value,
            (var list, long index) when ScriptCall.Items(list) is { } items && index >= -items.Count && index < items.Count =>
                items[(int)(index < 0 ? index + items.Count : index)],
            _ => throw new NotTranslatedException("an item that is not there"),
        },
        ["__contains__(input, item)"] = call => call["input"] is Dictionary<object, object?> dictionary
            ? call["item"] is { } key && dictionary.ContainsKey(key)
            : (ScriptCall.Items(call["input"]) ?? throw new NotTranslatedException("a search in what is no list"))
                .Any(item => CompareValues(call.Net, "Equal", item, call["item"])),
        ["keys(input)"] = call => ((call["input"] as Dictionary<object, object?>)?.Keys ?? throw new NotTranslatedException("keys")).ToList<object?>(),
        ["values(input)"] = call => ((call["input"] as Dictionary<object, object?>)?.Values ?? throw new NotTranslatedException("values")).ToList(),
        ["__is__(input, other)"] = call => call["input"] is null && call["other"] is null,
        ["__isnot__(input, other)"] = call => !(call["input"] is null && call["other"] is null),
        ["__not__(input)"] = call => !call.Bool("input"),
        ["__and__(input, other)"] = call => call["input"] is ScriptTensor
            ? call.Add("And", [call["input"], call["other"]])
            : call.Bool("input") & call.Bool("other"),
        ["__or__(input, other)"] = call => call["input"] is ScriptTensor
            ? call.Add("Or", [call["input"], call["other"]])
            : call.Bool("input") | call.Bool("other"),
        ["__range_length(low, high, step)"] =
            call => Math.Max(0, (call.Long("high") - call.Long("low") + call.Long("step") - Math.Sign(call.Long("step"))) / call.Long("step")),
        ["__derive_index(index, start, step)"] = call => call.Long("start") + call.Long("index") * call.Long("step"),
        ["range(end)"] = call => call.Long("end"),
        ["unchecked_unwrap_optional(input)"] = call => call["input"],
        ["_unwrap_optional(input)"] = call => call["input"] ?? throw new NotTranslatedException("a value that is None"),
        ["NumToTensor(input)"] = call => call["input"],
        ["warn(message, stacklevel=2)"] = _ => null,
        ["RaiseException(message, kind=None)"] = call => throw new NotTranslatedException($"it refuses its input: {call["message"]}"),
        ["device(input)"] = _ => "cpu",
        ["dtype(input)"] = call => call.Tensor("input") switch { { IsFloat: true } => 6L, { Type: torch.ScalarType.Bool } => 11L, _ => 4L },
        ["layout(input)"] = _ => 0L,
        ["is_cuda(input)"] = _ => false,
        ["requires_grad(input)"] = _ => false,
        ["is_grad_enabled()"] = _ => false,
        ["is_scripting()"] = _ => true,
        ["is_autocast_enabled()"] = _ => false,
        ["is_floating_point(input)"] = call => call.Tensor("input").IsFloat,
        ["get_device(input)"] = _ => -1L,
        ["to(input, a=None, b=None, c=None, d=None, e=None, dtype=None, layout=None, device=None, pin_memory=None, non_blocking=None, copy=None, "
            + "memory_format=None)"] = To,
        ["_to_copy(input, dtype=None, layout=None, device=None, pin_memory=None, non_blocking=None, memory_format=None)"] =
            call => To(call, call["dtype"]),
        ["type_as(input, other)"] = call => To(call, call.Tensor("other").IsFloat ? 6L : 4L),
    };

    // The type is a number, or another tensor's; what else is given matters to memory only.
    private static object? To(ScriptCall call) => To(call, call["dtype"] ?? new[] { call["a"], call["b"] }
        .Select(value => value is ScriptTensor other ? (other.IsFloat ? 6L : 4L) : value)
        .FirstOrDefault(value => value is long));

    private static object? To(ScriptCall call, object? type)
    {
        if (call["input"] is not ScriptTensor input)
        {
            return call["input"];
        }

        return type is not long number || input.IsFloat == number is 5 or 6 or 7 or 15 ? input.Alias()
            : number is 5 or 6 or 7 or 15 ? call.Add("Cast", [input], ("to", 1L))
            : number == 11 ? throw new NotTranslatedException("a tensor of truth values")
            : call.Add("Cast", [input], ("to", 7L));
    }

    private static ScriptTensor Full(ScriptCall call, long[] size, double value)
    {
        long? type = call.Arguments.TryGetValue("dtype", out object? given) ? ScriptCall.AsLong(given) : null;
        call.Net.Spend(TensorSize.Check(size).Aggregate(1L, (count, side) => count * side));
        return ScriptTensor.Of(HeldNumbers.Full(
            size, value, type is >= 0 and <= 4 ? torch.ScalarType.Int64 : type == 11 ? torch.ScalarType.Bool : torch.ScalarType.Float32));
    }

    private static Dictionary<string, Func<ScriptCall, object?>> Numbers() => new()
    {
        ["int(value)"] = Whole,
        ["Int(value)"] = Whole,
        ["IntImplicit(value)"] = Whole,
        ["float(value)"] = Real,
        ["Float(value)"] = Real,
        ["FloatImplicit(value)"] = Real,
        ["ScalarImplicit(value)"] = call => call["value"] is ScriptTensor { IsFloat: false } ? Whole(call) : Real(call),
        ["item(value)"] = call => call["value"] is ScriptTensor { IsFloat: false } ? Whole(call) : Real(call),
        ["bool(value)"] = call => call.Number("value") != 0,
        ["Bool(value)"] = call => call.Number("value") != 0,
        ["str(value)"] = call => call["value"]?.ToString(),
        ["format(text, a=None, b=None, c=None, d=None, e=None, f=None)"] = call => call["text"],
    };

    private static object? Whole(ScriptCall call) => call["value"] is string text
        ? long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? whole : throw new NotTranslatedException("a number")
        : (long)Math.Truncate(call.Number("value"));

    private static object? Real(ScriptCall call) => call["value"] switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" => double.NaN,
        _ => call.Number("value"),
    };

    private static object? OfNumber(string function, object? value) => (function, value) switch
    {
        ("neg", long whole) => (object)-whole,
        ("abs", long whole) => Math.Abs(whole),
        (_, _) when ScriptCall.AsNumber(value) is { } number => function switch
        {
            "neg" => -number,
            "abs" => Math.Abs(number),
            "sqrt" => Math.Sqrt(number),
            "exp" => Math.Exp(number),
            "log" => Math.Log(number),
            "sin" => Math.Sin(number),
            "cos" => Math.Cos(number),
            _ => throw new NotTranslatedException($"{function} of a number"),
        },
        _ => throw new NotTranslatedException($"{function} of what is no number"),
    };

    private static object? OfNumbers(string type, object? a, object? b)
    {
        if (ScriptCall.AsLong(a) is { } first && ScriptCall.AsLong(b) is { } second)
        {
            return type switch
            {
                "Add" => (object)(first + second),
                "Sub" => first - second,
                "Mul" => first * second,
                "FloorDiv" when second != 0 => (long)Math.Floor((double)first / second),
                "Mod" when second != 0 => (first % second + second) % second,
                "Max" => Math.Max(first, second),
                "Min" => Math.Min(first, second),
                "Pow" when second >= 0 => (long)Math.Pow(first, second),
                "Div" when second != 0 => (double)first / second,
                _ => throw new NotTranslatedException($"{type} of numbers"),
            };
        }

        return ScriptCall.AsNumber(a) is { } x && ScriptCall.AsNumber(b) is { } y
            ? type switch
            {
                "Add" => x + y,
                "Sub" => x - y,
                "Mul" => x * y,
                "Div" => x / y,
                "FloorDiv" => Math.Floor(x / y),
                "Mod" => x - y * Math.Floor(x / y),
                "Max" => Math.Max(x, y),
                "Min" => Math.Min(x, y),
                "Pow" => Math.Pow(x, y),
                _ => throw new NotTranslatedException($"{type} of numbers"),
            }
            : throw new NotTranslatedException($"{type} of what are no numbers");
    }

    // A list may hold itself.
    private static bool CompareItems(ScriptNetwork net, IReadOnlyList<object?> first, IReadOnlyList<object?> second, int depth)
    {
        net.Step(first.Count);
        return depth < DeepestList
            ? first.Zip(second).All(pair => CompareValues(net, "Equal", pair.First, pair.Second, depth))
            : throw new NotTranslatedException("a comparison of deep lists");
    }

    private static bool CompareValues(ScriptNetwork net, string type, object? a, object? b, int depth = 0) => type switch
    {
        "Equal" when ScriptCall.Items(a) is { } first && ScriptCall.Items(b) is { } second =>
            first.Count == second.Count && CompareItems(net, first, second, depth + 1),
        "Equal" when ScriptCall.AsNumber(a) is { } x && ScriptCall.AsNumber(b) is { } y => x == y,
        "Equal" => Equals(a, b),
        _ when ScriptCall.AsNumber(a) is { } x && ScriptCall.AsNumber(b) is { } y => type switch
        {
            "Greater" => x > y,
            "GreaterOrEqual" => x >= y,
            "Less" => x < y,
            _ => x <= y,
        },
        _ => throw new NotTranslatedException("a comparison of what are no numbers"),
    };
}
