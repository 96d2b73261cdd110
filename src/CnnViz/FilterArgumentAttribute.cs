using System.Management.Automation;

namespace CnnViz;

/// <summary>Lets a parameter for filters take rows of a table that name one by their columns Layer and Filter.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FilterArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc />
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? data = (inputData as PSObject)?.BaseObject ?? inputData;
        return data is object?[] many && many.Any(IsRow) ? Array.ConvertAll(many, item => IsRow(item) ? Find(item!) : item)
            : IsRow(inputData) ? Find(inputData!)
            : inputData;
    }

    private static bool IsRow(object? item) => item is PSObject { BaseObject: PSCustomObject } row && row.Properties["Layer"] is not null && row.Properties["Filter"] is not null;

    private static object Find(object row)
    {
        try
        {
            return NamedFilter.Find((PSObject)row, model: null);
        }
        catch (CnnVizException exception)
        {
            throw new ArgumentTransformationMetadataException($"{exception.Message} {exception.Advice}".TrimEnd(), exception);
        }
    }
}
