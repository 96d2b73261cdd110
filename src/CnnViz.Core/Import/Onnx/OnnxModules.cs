using System.Text.RegularExpressions;
using CnnViz.Import.Networks;
using CnnViz.Import.Onnx.Protocol;

namespace CnnViz.Import.Onnx;

/// <summary>The author's modules that nodes are within, as exporters write them down.</summary>
internal static partial class OnnxModules
{
    /// <summary>The metadata entry of a node that names them.</summary>
    private const string Key = "pkg.torch.onnx.name_scopes";

    /// <summary>The modules that a node is within, from the outermost in; null where the file does not tell.</summary>
    public static IReadOnlyList<string>? Of(NodeProto node)
    {
        if (InMetadata(node) is { } listed)
        {
            return listed;
        }

        string name = OnnxNames.WithoutQuantization(node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault() ?? string.Empty);
        return name.StartsWith('/') ? InPath(name)
            : name.Length == 0 || OnnxNames.IsExporters(name) ? null
            : [.. ModuleNesting.Around(name, '/').Where(module => !module.Contains(OnnxFunctions.CallMark, StringComparison.Ordinal))];
    }

    /// <summary>
    /// The modules that the metadata of a node names; null where there is none. torch.onnx.export(dynamo=True) writes
    /// <c>['', 'layer1', 'layer1.0', 'layer1.0.conv1', 'conv2d_2']</c>, modules and the operation; a second call is <c>layer1.0.relu@1</c>.
    /// </summary>
    public static IReadOnlyList<string>? InMetadata(NodeProto node) =>
        node.MetadataProps.FirstOrDefault(entry => entry.Key == Key)?.Value is { } text
        && ScopeName().Matches(text) is { Count: > 1 } scopes
            ? [.. scopes.SkipLast(1).Select(scope => CallNumber().Replace(scope.Groups["name"].Value, "_$1")).Where(name => name.Length > 0)]
            : null;

    /// <summary>
    /// The modules of a path in a node's name: PyTorch's <c>/layer1/layer1.0/conv1/Conv</c> is the operation Conv in layer1.0.conv1.
    /// </summary>
    public static IReadOnlyList<string> InPath(string path)
    {
        var modules = new List<string>();
        string module = string.Empty;
        foreach (string part in ModuleNesting.Around(path, '/').Select(part => part[(part.LastIndexOf('/') + 1)..]).Where(part => part.Length > 0))
        {
            bool repeats = module.Length == 0 || part == module || part.StartsWith(module + ".", StringComparison.Ordinal);
            string last = module[(module.LastIndexOf('.') + 1)..];
            module = repeats ? part
                : part.StartsWith(last + ".", StringComparison.Ordinal) ? module[..^last.Length] + part
                : $"{module}.{part}";
            if (modules.LastOrDefault() != module)
            {
                modules.Add(module);
            }
        }

        return modules;
    }

    /// <summary>Writes down the modules that a node is within, in the same words.</summary>
    public static void Write(NodeProto node, IReadOnlyList<string>? modules)
    {
        if (modules is not null && modules.Append(node.Name).All(name => !name.Contains('\'', StringComparison.Ordinal)))
        {
            node.MetadataProps.Add(new StringStringEntryProto
            {
                Key = Key,
                Value = $"[{string.Join(", ", modules.Prepend(string.Empty).Append(node.Name).Select(name => $"'{name}'"))}]",
            });
        }
    }

    [GeneratedRegex(@"'(?<name>[^']*)'")]
    private static partial Regex ScopeName();

    [GeneratedRegex(@"@(\d+)(?=\.|$)")]
    private static partial Regex CallNumber();
}
