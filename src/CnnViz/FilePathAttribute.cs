using System.Management.Automation;

namespace CnnViz;

/// <summary>
/// Lets a parameter for paths with wildcards take files and folders as .NET gives them: by their full path, in which nothing is a wildcard.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FilePathAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc />
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData is object[] many && many.Any(item => FileOf(item) is not null)
            ? Array.ConvertAll(many, item => FileOf(item) ?? item)
            : FileOf(inputData) ?? inputData;

    private static object? FileOf(object? value) =>
        (value is PSObject wrapped ? wrapped.BaseObject : value) is FileSystemInfo file ? WildcardPattern.Escape(file.FullName) : null;}
