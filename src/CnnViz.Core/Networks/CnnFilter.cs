namespace CnnViz.Networks;

/// <summary>One filter of a layer: an output channel or, for a dense layer, a unit.</summary>
public sealed class CnnFilter
{
    private readonly string? _className;

    internal CnnFilter(CnnLayer layer, int index, string? className = null)
    {
        Layer = layer;
        Index = index;
        _className = className;
    }

    /// <summary>The layer it belongs to.</summary>
    public CnnLayer Layer { get; }

    /// <summary>The model it belongs to.</summary>
    internal CnnModel Model => Layer.Model;

    /// <summary>Name of that model.</summary>
    public string ModelName => Model.Name;

    /// <summary>Its number in the layer, from 0.</summary>
    public int Index { get; }

    /// <summary>L2 norm of its weights, or null where the layer has none.</summary>
    public float? WeightNorm => Layer.FilterNorms?[Index];

    /// <summary>The class that it stands for, or null.</summary>
    public string? ClassName => _className ?? (Layer.ClassNames.Count > 0 ? Layer.ClassNames[Index] : null);

    /// <summary>The model it belongs to; in PowerShell it is the property Model.</summary>
    public CnnModel GetModel() => Model;

    /// <summary>Such as <c>inception_4c/3x3:7</c>.</summary>
    public override string ToString() => $"{Layer.Name}:{Index}";

    /// <summary>The same filter, under a class name that its layer does not know.</summary>
    internal CnnFilter WithClassName(string name) => new(Layer, Index, name);
}
