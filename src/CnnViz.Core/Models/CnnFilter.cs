namespace CnnViz.Models;

/// <summary>One filter of a layer: an output channel or, for a dense layer, a unit.</summary>
public sealed class CnnFilter
{
    internal CnnFilter(CnnLayer layer, int index)
    {
        Layer = layer;
        Index = index;
    }

    /// <summary>The layer it belongs to.</summary>
    public CnnLayer Layer { get; }

    /// <summary>The model it belongs to.</summary>
    public CnnModel Model => Layer.Model;

    /// <summary>Its number in the layer, from 0.</summary>
    public int Index { get; }

    /// <summary>L2 norm of its weights, or null where the layer has none.</summary>
    public float? WeightNorm => Layer.FilterNorms?[Index];

    /// <summary>The class that it stands for, or null.</summary>
    public string? ClassName => Layer.ClassNames.Count > 0 ? Layer.ClassNames[Index] : null;

    /// <summary>Such as <c>inception_4c/3x3:7</c>.</summary>
    public override string ToString() => $"{Layer.Name}:{Index}";
}
