using System.Management.Automation;
using CnnViz.Networks;

namespace CnnViz;

/// <summary>Lets a parameter for layers take their names: those of the model that was imported last.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LayerArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc />
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = Base(inputData);
        return value is string ? Find(value)
            : value is object?[] many && many.Any(item => Base(item) is string) ? Array.ConvertAll(many, item => Find(Base(item)))
            : inputData;
    }

    private static object? Find(object? value)
    {
        if (value is not string name)
        {
            return value;
        }

        try
        {
            CnnModel model = SessionModels.Last ?? throw new CnnVizException(
                "NoModel", $"'{name}' cannot be found: no model has been imported in this session.", "Import one with Import-CnnModel.");
            return model.GetLayer(name);
        }
        catch (CnnVizException exception)
        {
            throw new ArgumentTransformationMetadataException($"{exception.Message} {exception.Advice}".TrimEnd(), exception);
        }
    }

    private static object? Base(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
