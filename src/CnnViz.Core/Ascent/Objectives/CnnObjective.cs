using CnnViz.Networks;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>What an ascent raises: a function of activations. Objectives are added, subtracted and multiplied by numbers.</summary>
public abstract class CnnObjective
{
    /// <summary>What it is: a filter such as <c>conv1:3</c>, or a sum such as <c>conv1:3 - 0.5 * conv2:7</c>.</summary>
    public string Text => ToString()!;

    /// <summary>What seeds are mixed with: the same for objectives that are the same tensor under two names, a block's and its last layer's.</summary>
    internal virtual string SeedText => Text;

    /// <summary>The model that it looks into.</summary>
    internal CnnModel Model => Layers[0].Model;

    /// <summary>Name of the model that it looks into.</summary>
    public string ModelName => Model.Name;

    /// <summary>The layers that it looks at; at least one, all of one model.</summary>
    internal abstract IReadOnlyList<CnnLayer> Layers { get; }

    /// <summary>Names of these layers, in one text.</summary>
    internal string LayerNames => string.Join(", ", Layers.Select(layer => layer.Name));

    /// <summary>Paths of the pictures whose activations it compares with.</summary>
    internal virtual IReadOnlyList<string> Pictures => [];

    /// <summary>Whether its value for an image depends on the others of the batch.</summary>
    internal virtual bool ComparesBatch => false;

    /// <summary>Whether it can be evaluated on no other thread than the one that ascents are asked for on.</summary>
    internal virtual bool IsBoundToThread => false;

    /// <summary>Whether it looks at a part of a map, so that its value for a piece of an image says nothing of the whole.</summary>
    internal virtual bool LooksAtPart => false;

    /// <summary>Whether its text and the names of its layers are all that there is to it, so that another of the same text is the same.</summary>
    internal virtual bool IsToldByText => false;

    /// <summary>Whether it is an affine function of the activations of its one layer.</summary>
    internal virtual bool IsAffine => false;

    /// <summary>The filter, where it is about one and nothing else; or null.</summary>
    internal virtual CnnFilter? Filter => null;

    /// <summary>The same with the gradient of what lies before the layer's rectifier; null where there is none.</summary>
    internal virtual CnnObjective? BeforeRectifier => null;

    /// <summary>The mean activation of the filter's map.</summary>
    public static implicit operator CnnObjective(CnnFilter filter) => new FilterObjective(filter);

    /// <summary>The whole layer: the mean square of its activations, as DeepDream raises it.</summary>
    public static implicit operator CnnObjective(CnnLayer layer) => new LayerObjective(layer, MapArea.Whole);

    /// <summary>The sum of two.</summary>
    public static CnnObjective operator +(CnnObjective left, CnnObjective right) => new WeightedSum([(left, 1), (right, 1)]);

    /// <summary>The difference of two.</summary>
    public static CnnObjective operator -(CnnObjective left, CnnObjective right) => new WeightedSum([(left, 1), (right, -1)]);

    /// <summary>The opposite.</summary>
    public static CnnObjective operator -(CnnObjective objective) => new WeightedSum([(objective, -1)]);

    /// <summary>A multiple.</summary>
    public static CnnObjective operator *(CnnObjective objective, double weight) => new WeightedSum([(objective, weight)]);

    /// <summary>A multiple.</summary>
    public static CnnObjective operator *(double weight, CnnObjective objective) => objective * weight;

    /// <summary>A part.</summary>
    public static CnnObjective operator /(CnnObjective objective, double divisor) => objective * (1 / divisor);

    /// <summary>The model that it looks into; in PowerShell it is the property Model.</summary>
    public CnnModel GetModel() => Model;

    /// <summary>Its value for each view.</summary>
    /// <param name="activations">What the layers answer to the views of one image.</param>
    /// <returns>One value a view, differentiable; or one value for all views.</returns>
    internal abstract torch.Tensor Evaluate(Activations activations);

    /// <summary>How far the strongest other filter of the layer is above the one that is raised, for each view, at least 0; or null.</summary>
    /// <param name="activations">What the layers answer to the views of one image.</param>
    internal virtual torch.Tensor? Excess(Activations activations) => null;
}
