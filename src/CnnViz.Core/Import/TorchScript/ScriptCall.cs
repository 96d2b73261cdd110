using TorchSharp;

namespace CnnViz.Import.TorchScript;

/// <summary>A call of one of ATen's functions, its arguments by the names that ATen gives them.</summary>
/// <param name="Net">Where operations go.</param>
/// <param name="Name">Name for its node.</param>
/// <param name="Arguments">The arguments, those that are left out too.</param>
internal sealed record ScriptCall(ScriptNetwork Net, string Name, IReadOnlyDictionary<string, object?> Arguments)
{
    /// <summary>An argument.</summary>
    public object? this[string name] => Arguments[name];

    /// <summary>An argument that is a tensor.</summary>
    public ScriptTensor Tensor(string name) => OptionalTensor(name) ?? throw new NotTranslatedException($"{Name} without a tensor");

    /// <summary>An argument that is a tensor or None.</summary>
    public ScriptTensor? OptionalTensor(string name) => this[name] switch
    {
        null => null,
        ScriptTensor tensor => tensor,
        _ => throw new NotTranslatedException($"{Name} of what is no tensor"),
    };

    /// <summary>An argument that is a tensor of values that are known.</summary>
    public torch.Tensor Constant(string name) =>
        Tensor(name).Constant ?? throw new NotTranslatedException($"{Name} with weights that depend on the image");

    /// <summary>As <see cref="Constant"/>, or None.</summary>
    public torch.Tensor? OptionalConstant(string name) => this[name] is null ? null : Constant(name);

    /// <summary>An argument that is a list of tensors.</summary>
    public ScriptTensor[] Tensors(string name) => Items(this[name]) is { Count: > 0 } items && items.All(item => item is ScriptTensor)
        ? [.. items.Cast<ScriptTensor>()]
        : throw new NotTranslatedException($"{Name} of what are no tensors");

    /// <summary>An argument that is a whole number.</summary>
    public long Long(string name) => AsLong(this[name]) ?? throw new NotTranslatedException($"{Name} with a number that is not known");

    /// <summary>An argument that is a number.</summary>
    public double Number(string name) => AsNumber(this[name]) ?? throw new NotTranslatedException($"{Name} with a number that is not known");

    /// <summary>An argument that is a truth value.</summary>
    public bool Bool(string name) => this[name] as bool? ?? throw new NotTranslatedException($"{Name} with a choice that is not known");

    /// <summary>An argument that is whole numbers, or one of them.</summary>
    public long[] Longs(string name) => OptionalLongs(name) ?? throw new NotTranslatedException($"{Name} with sizes that are not known");

    /// <summary>As <see cref="Longs"/>, or null for None.</summary>
    public long[]? OptionalLongs(string name)
    {
        if (this[name] is null)
        {
            return null;
        }

        long?[] values = Items(this[name]) is { } items ? [.. items.Select(AsLong)] : [AsLong(this[name])];
        return values.All(value => value is not null)
            ? [.. values.Select(value => value!.Value)]
            : throw new NotTranslatedException($"{Name} with sizes that are not known");
    }

    /// <summary>A dimension of a tensor, counted from the front.</summary>
    public int Axis(string name, int rank) => Axis(Long(name), rank);

    /// <summary>A dimension of a tensor, counted from the front.</summary>
    public static int Axis(long axis, int rank) => axis >= -rank && axis < rank
        ? (int)(axis < 0 ? axis + rank : axis)
        : throw new NotTranslatedException("a dimension that is not there");

    /// <summary>The items of a list or tuple; null for anything else.</summary>
    public static IReadOnlyList<object?>? Items(object? value) => value as List<object?> ?? (IReadOnlyList<object?>?)(value as object?[]);

    /// <summary>A whole number, if a value is one.</summary>
    public static long? AsLong(object? value) => value switch
    {
        long whole => whole,
        bool truth => truth ? 1 : 0,
        ScriptTensor { Constant: { } tensor } when tensor.numel() == 1 && !tensor.is_floating_point() =>
            tensor.to(torch.ScalarType.Int64).item<long>(),
        _ => null,
    };

    /// <summary>A number, if a value is one.</summary>
    public static double? AsNumber(object? value) => value switch
    {
        double number => number,
        ScriptTensor { Constant: { } tensor } when tensor.numel() == 1 => tensor.to(torch.ScalarType.Float64).item<double>(),
        _ => AsLong(value),
    };

    /// <summary>The same call with other arguments beside its own.</summary>
    public ScriptCall With(params (string Name, object? Value)[] arguments)
    {
        var all = new Dictionary<string, object?>(Arguments, StringComparer.Ordinal);
        foreach ((string name, object? value) in arguments)
        {
            all[name] = value;
        }

        return this with { Arguments = all };
    }

    /// <summary>Adds an operation under the call's name.</summary>
    public ScriptTensor Add(string type, object?[] inputs, params (string Name, object Value)[] attributes) =>
        Net.Add(Name, type, inputs, attributes);
}
