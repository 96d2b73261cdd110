using System.Collections;
using System.Management.Automation;

namespace CnnViz;

/// <summary>
/// Refuses an object of the module where a text is asked for, as in <c>Get-CnnLayer $model</c>: PowerShell would take what the object prints as,
/// which is nobody's name.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NoObjectAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc />
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object data = (inputData as PSObject)?.BaseObject ?? inputData;
        IEnumerable items = data is IEnumerable and not string ? (IEnumerable)data : new[] { data };
        foreach (object? item in items)
        {
            object? value = (item as PSObject)?.BaseObject ?? item;
            if (value is not null and not Enum && value.GetType() is { } type && type.Namespace?.StartsWith(nameof(CnnViz), StringComparison.Ordinal) == true)
            {
                string message = $"A {type.Name} is not a text. Pipe it into the command, or give it by its own parameter.";

                // An inner exception of this kind lets the pipeline try other parameters.
                throw new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message));
            }
        }

        return inputData;
    }
}
