namespace CnnViz.Import.TorchScript;

// Sums, products and comparisons, of tensors and of numbers.
internal static partial class ScriptFunctions
{
    private static Dictionary<string, Func<ScriptCall, object?>> Arithmetic() => new()
    {
        ["add(input, other, alpha=1)"] = call => Lists(call) is { } joined ? joined : Sum(call, "Add", call["input"], call["other"]),
        ["sub(input, other, alpha=1)"] = call => Sum(call, "Sub", call["input"], call["other"]),
        ["rsub(input, other, alpha=1)"] = call => call.Number("alpha") == 1
            ? Binary(call, "Sub", call["other"], call["input"])
            : throw new NotTranslatedException("rsub with a factor"),
        ["mul(input, other)"] = call => Repeated(call) is { } repeated ? repeated : Binary(call, "Mul", call["input"], call["other"]),
        ["div(input, other, rounding_mode=None)"] = call => Quotient(call, call["rounding_mode"] as string),
        ["true_divide(input, other)"] = call => Quotient(call, null),
        ["floor_divide(input, other)"] = call => Quotient(call, "floor"),
        ["floordiv(input, other)"] = call => Quotient(call, "floor"),
        ["remainder(input, other)"] = call => Binary(call, "Mod", call["input"], call["other"]),
        ["pow(input, exponent)"] = call => Binary(call, "Pow", call["input"], call["exponent"]),
        ["maximum(input, other)"] = call => Binary(call, "Max", call["input"], call["other"]),
        ["minimum(input, other)"] = call => Binary(call, "Min", call["input"], call["other"]),
        ["neg(input)"] = call => call["input"] is ScriptTensor ? Of(call, "Neg") : OfNumber("neg", call["input"]),
        ["floor(input)"] = call => call["input"] is ScriptTensor ? Of(call, "Floor") : (long)Math.Floor(call.Number("input")),
        ["ceil(input)"] = call => call["input"] is ScriptTensor ? Of(call, "Ceil") : (long)Math.Ceiling(call.Number("input")),
        ["round(input)"] = call => call["input"] is ScriptTensor ? Of(call, "Round") : Math.Round(call.Number("input")),
        ["addcmul(input, tensor1, tensor2, value=1)"] = call => Binary(
            call, "Add", call["input"], Binary(call, "Mul", Binary(call, "Mul", call["tensor1"], call["tensor2"]), call["value"])),
        ["addcdiv(input, tensor1, tensor2, value=1)"] = call => Binary(
            call, "Add", call["input"], Binary(call, "Mul", Binary(call, "Div", call["tensor1"], call["tensor2"]), call["value"])),
        ["lerp(input, end, weight)"] = call => Binary(
            call, "Add", call["input"], Binary(call, "Mul", Binary(call, "Sub", call["end"], call["input"]), call["weight"])),
    };

    private static Dictionary<string, Func<ScriptCall, object?>> Comparisons() => new()
    {
        ["eq(input, other)"] = call => Compare(call, "Equal", false),
        ["ne(input, other)"] = call => Compare(call, "Equal", true),
        ["gt(input, other)"] = call => Compare(call, "Greater", false),
        ["ge(input, other)"] = call => Compare(call, "GreaterOrEqual", false),
        ["lt(input, other)"] = call => Compare(call, "Less", false),
        ["le(input, other)"] = call => Compare(call, "LessOrEqual", false),
        ["logical_and(input, other)"] = call => call.Add("And", [call.Tensor("input"), call.Tensor("other")]),
        ["logical_or(input, other)"] = call => call.Add("Or", [call.Tensor("input"), call.Tensor("other")]),
        ["where(condition, input, other)"] = call =>
        {
            (object a, object b) = Promote(call, call["input"], call["other"]);
            return call.Add("Where", [call.Tensor("condition"), a, b]);
        },
        ["masked_fill(input, mask, value)"] = call =>
        {
            (object a, object b) = Promote(call, call["value"], call["input"]);
            return call.Add("Where", [call.Tensor("mask"), a, b]);
        },
    };

    private static object? Sum(ScriptCall call, string type, object? a, object? b) => ScriptCall.AsNumber(call["alpha"]) == 1
        ? Binary(call, type, a, b)
        : Binary(call, type, a, Binary(call, "Mul", b, call["alpha"]));

    private static object? Binary(ScriptCall call, string type, object? a, object? b)
    {
        if (a is not ScriptTensor && b is not ScriptTensor)
        {
            return OfNumbers(type, a, b);
        }

        (object first, object second) = Promote(call, a, b);
        return call.Add(type, [first, second]);
    }

    // With a floating-point number or tensor all are of floating point.
    private static (object First, object Second) Promote(ScriptCall call, object? a, object? b, bool toFloat = false)
    {
        bool isFloat = toFloat || a is double or ScriptTensor { IsFloat: true } || b is double or ScriptTensor { IsFloat: true };
        return (Of(a), Of(b));

        object Of(object? value) => value switch
        {
            ScriptTensor tensor when isFloat && !tensor.IsFloat => call.Add("Cast", [tensor], ("to", 1L)),
            ScriptTensor tensor => tensor,
            _ when ScriptCall.AsNumber(value) is { } number => isFloat ? (object)(float)number : (long)number,
            _ => throw new NotTranslatedException($"{call.Name} of what is no number"),
        };
    }

    private static object? Quotient(ScriptCall call, string? rounding)
    {
        (object? a, object? b) = (call["input"], call["other"]);
        if (a is not ScriptTensor && b is not ScriptTensor)
        {
            return OfNumbers(rounding is null ? "Div" : "FloorDiv", a, b);
        }

        (object first, object second) = Promote(call, a, b, toFloat: rounding is null);
        ScriptTensor quotient = call.Add("Div", [first, second]);
        return rounding switch
        {
            null => quotient,
            "floor" when quotient.IsFloat => call.Add("Floor", [quotient]),
            "floor" or "trunc" when !quotient.IsFloat => quotient,
            _ => throw new NotTranslatedException($"div rounded by {rounding}"),
        };
    }

    private static object? Compare(ScriptCall call, string type, bool not)
    {
        (object? a, object? b) = (call["input"], call["other"]);
        if (a is not ScriptTensor && b is not ScriptTensor)
        {
            return CompareValues(call.Net, type, a, b) != not;
        }

        (object first, object second) = Promote(call, a, b);
        ScriptTensor compared = call.Add(type, [first, second]);
        return not ? call.Add("Not", [compared]) : compared;
    }

    private static List<object?>? Lists(ScriptCall call) =>
        call["input"] is List<object?> a && call["other"] is List<object?> b ? Joined(call, [a, b]) : null;

    // [1] * n.
    private static List<object?>? Repeated(ScriptCall call) => call["input"] is List<object?> list && call["other"] is long and >= 0 and <= 64 and var times
        ? Joined(call, [.. Enumerable.Repeat(list, (int)(long)times)])
        : null;

    private static List<object?> Joined(ScriptCall call, List<object?>[] lists) => lists.Sum(list => list.Count) <= MostParts
        ? [.. lists.SelectMany(items => items)]
        : throw new NotTranslatedException($"{call.Name} of too many parts");
}
