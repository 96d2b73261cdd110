using System.Reflection;
using System.Runtime.InteropServices;

namespace CnnViz.Build.Help;

/// <summary>Reads the cmdlets of an assembly from its metadata; nothing of it is run.</summary>
internal static class CmdletReader
{
    private const string Namespace = "System.Management.Automation.";
    private const string AllSets = "__AllParameterSets";

    /// <summary>Reads the cmdlets.</summary>
    /// <param name="assembly">Path of the assembly; what it needs must lie beside it, except PowerShell itself.</param>
    /// <returns>The cmdlets by name.</returns>
    public static IReadOnlyList<CmdletMetadata> Read(string assembly)
    {
        // One path a name: the runtime's own assemblies first, then PowerShell's, which lies beside this tool.
        string[] folders = [RuntimeEnvironment.GetRuntimeDirectory(), AppContext.BaseDirectory, Path.GetDirectoryName(assembly)!];
        IEnumerable<string> paths = folders
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll"))
            .Where(path => path != assembly)
            .Prepend(assembly)
            .DistinctBy(Path.GetFileName);
        using var context = new MetadataLoadContext(new PathAssemblyResolver(paths));
        return [.. context.LoadFromAssemblyPath(assembly).GetTypes()
            .Where(type => !type.IsAbstract)
            .Select(type => (type, cmdlet: Attributes(type, "CmdletAttribute").FirstOrDefault()))
            .Where(pair => pair.cmdlet is not null)
            .Select(pair => ReadCmdlet(pair.type, pair.cmdlet!))
            .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal)];
    }

    private static CmdletMetadata ReadCmdlet(Type type, CustomAttributeData cmdlet)
    {
        IEnumerable<ParameterMetadata> parameters = type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => Attributes(property, "ParameterAttribute").Any())
            .Select(ReadParameter);
        return new CmdletMetadata(
            string.Join('-', cmdlet.ConstructorArguments.Select(argument => argument.Value)),
            [.. parameters, .. Argument(cmdlet, "SupportsShouldProcess", false) ? ShouldProcess.Parameters : []],
            [.. Attributes(type, "OutputTypeAttribute").SelectMany(Items).Select(output => ((Type)output).FullName!)]);
    }

    private static ParameterMetadata ReadParameter(PropertyInfo property)
    {
        Type type = Nullable(property.PropertyType);
        Type element = Nullable(type.GetElementType() ?? type);
        return new ParameterMetadata
        {
            Name = property.Name,
            Type = type.IsArray ? $"{element.Name}[]" : element.Name,
            ElementType = element.FullName!,
            Uses = [.. Attributes(property, "ParameterAttribute").Select(ReadUse)],
            Aliases = [.. Attributes(property, "AliasAttribute").SelectMany(Items).Cast<string>()],
            Values = element.IsEnum
                ? [.. element.GetFields(BindingFlags.Static | BindingFlags.Public).Select(field => field.Name)]
                : [.. Attributes(property, "ValidateSetAttribute").SelectMany(Items).Cast<string>()],
            HasWildcards = Attributes(property, "SupportsWildcardsAttribute").Any(),
        };
    }

    private static ParameterUse ReadUse(CustomAttributeData attribute)
    {
        string set = Argument(attribute, "ParameterSetName", AllSets);
        int position = Argument(attribute, "Position", int.MinValue);
        return new ParameterUse(
            set == AllSets ? null : set,
            Argument(attribute, "Mandatory", false),
            position == int.MinValue ? null : position,
            Argument(attribute, "ValueFromPipeline", false),
            Argument(attribute, "ValueFromPipelineByPropertyName", false));
    }

    private static IEnumerable<CustomAttributeData> Attributes(MemberInfo member, string name) =>
        member.GetCustomAttributesData().Where(attribute => attribute.AttributeType.FullName == Namespace + name);

    // The values of a constructor that takes a list.
    private static IEnumerable<object> Items(CustomAttributeData attribute) =>
        attribute.ConstructorArguments.SelectMany(argument => argument.Value is IEnumerable<CustomAttributeTypedArgument> items
            ? items.Select(item => item.Value!)
            : [argument.Value!]);

    private static T Argument<T>(CustomAttributeData attribute, string name, T otherwise) =>
        attribute.NamedArguments.Where(argument => argument.MemberName == name)
            .Select(argument => (T)argument.TypedValue.Value!).FirstOrDefault(otherwise);

    private static Type Nullable(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition().FullName == "System.Nullable`1" ? type.GetGenericArguments()[0] : type;
}
