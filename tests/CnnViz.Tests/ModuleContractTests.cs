using System.Management.Automation;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CnnViz.Tests;

/// <summary>What holds for every cmdlet. The table is the assembly, so a new cmdlet is in it by itself.</summary>
public sealed partial class ModuleContractTests : IDisposable
{
    private static readonly string s_manifest = File.ReadAllText(Path.Combine(TestFiles.Root, "CnnViz.psd1"));

    // Parameters of texts and numbers that name something which the session or the module knows.
    private static readonly string[] s_naming =
        ["Name", "Kind", "Filter", "Index", "Class", "ClassName", "Layer", "Architecture", "Recipe", "Family", "Device", "Preprocessing", "Format"];

    private static readonly string[] s_writingVerbs = ["Export", "Save", "Set", "Remove", "Out", "Clear", "Update"];

    private readonly HostedEngine _engine = new();
    private readonly CmdletInfo[] _cmdlets;

    public ModuleContractTests() =>
        _cmdlets = [.. _engine.Run("Get-Command -Module CnnViz").Succeeded().Output.Select(item => (CmdletInfo)item.BaseObject)];

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void The_manifest_exports_what_is_in_the_assembly()
    {
        IEnumerable<string> inAssembly = _cmdlets[0].ImplementingType.Assembly.GetTypes()
            .Select(type => type.GetCustomAttribute<CmdletAttribute>())
            .OfType<CmdletAttribute>()
            .Select(attribute => $"{attribute.VerbName}-{attribute.NounName}")
            .Order(StringComparer.Ordinal);

        Assert.Equal(inAssembly, CmdletNames().Matches(s_manifest).Select(match => match.Groups["name"].Value));
        Assert.Equal(inAssembly, _cmdlets.Select(cmdlet => cmdlet.Name).Order(StringComparer.Ordinal));
        Assert.Contains("AliasesToExport      = @()", s_manifest);
    }

    [Fact]
    public void Verbs_are_approved_and_nouns_singular()
    {
        HashSet<string> approved = [.. typeof(VerbsCommon).Assembly.GetExportedTypes()
            .Where(type => type.Name.StartsWith("Verbs", StringComparison.Ordinal) && type is { IsAbstract: true, IsSealed: true })
            .SelectMany(type => type.GetFields().Where(field => field.IsLiteral))
            .Select(field => (string)field.GetRawConstantValue()!)];

        AssertNone(cmdlet => !approved.Contains(cmdlet.Verb), "has no approved verb");

        // An atlas is one.
        AssertNone(cmdlet => cmdlet.Noun.EndsWith('s') && !cmdlet.Noun.EndsWith("as", StringComparison.Ordinal), "has a plural noun");
        AssertNone(cmdlet => cmdlet.OutputType.Count == 0, "says no output type");
    }

    [Fact]
    public void Help_is_complete()
    {
        foreach (CmdletInfo cmdlet in _cmdlets)
        {
            PSObject help = Assert.Single(_engine.Run("Get-Help $args[0] -Full", cmdlet.Name).Succeeded().Output);

            Assert.Matches(@"^[A-Z].*\.\s*$", Text(help, "Synopsis"));
            Assert.False(string.IsNullOrWhiteSpace(string.Concat(Items(help, "description").Select(part => Text(part, "Text")))), $"{cmdlet.Name}: description");
            Assert.All(Items(help, "parameters", "parameter"), parameter => Assert.False(
                string.IsNullOrWhiteSpace(string.Concat(Items(parameter, "description").Select(part => Text(part, "Text")))),
                $"{cmdlet.Name} -{Text(parameter, "name")}"));
            Assert.True(Items(help, "examples", "example").Length >= 3, $"{cmdlet.Name}: examples");
            Assert.True(Items(help, "relatedLinks", "navigationLink").Length >= 1, $"{cmdlet.Name}: links");
        }
    }

    [Fact]
    public void Input_paths_have_wildcards_and_a_literal_twin()
    {
        foreach (CmdletInfo cmdlet in _cmdlets.Where(cmdlet => cmdlet.Parameters.ContainsKey("Path") && !Writes(cmdlet)))
        {
            Assert.Contains(cmdlet.Parameters["Path"].Attributes, attribute => attribute is SupportsWildcardsAttribute);
            Assert.True(cmdlet.Parameters.TryGetValue("LiteralPath", out ParameterMetadata? literal), $"{cmdlet.Name} has no -LiteralPath");
            Assert.Contains("PSPath", literal.Aliases);
            Assert.Contains(literal.ParameterSets.Values, set => set.ValueFromPipelineByPropertyName);
        }
    }

    [Fact]
    public void Cmdlets_that_write_ask_first_but_never_by_themselves()
    {
        AssertNone(cmdlet => s_writingVerbs.Contains(cmdlet.Verb) && !Writes(cmdlet), "writes without -WhatIf");
        AssertNone(
            cmdlet => cmdlet.ImplementingType.GetCustomAttribute<CmdletAttribute>()!.ConfirmImpact > ConfirmImpact.Medium,
            "asks where nobody has asked for it");
        AssertNone(cmdlet => Writes(cmdlet) && !cmdlet.Parameters.ContainsKey("Force"), "cannot replace a file");
    }

    [Fact]
    public void What_names_something_completes()
    {
        (CmdletInfo Cmdlet, ParameterMetadata Parameter)[] naming = [.. Own().Where(item =>
            s_naming.Contains(item.Parameter.Name) && Element(item.Parameter.ParameterType) is var type && (type == typeof(string) || type == typeof(int)))];

        Assert.NotEmpty(naming);
        Assert.Empty(naming.Where(item => !Completes(item.Parameter)).Select(item => $"{item.Cmdlet.Name} -{item.Parameter.Name}"));
        Assert.True(Completes(_cmdlets.Single(cmdlet => cmdlet.Name == "Export-FilterImage").Parameters["Path"]));
        Assert.True(Completes(_cmdlets.Single(cmdlet => cmdlet.Name == "Import-CnnModel").Parameters["Path"]));
    }

    [Fact]
    public void Names_of_parameters_and_their_aliases_do_not_clash()
    {
        foreach (CmdletInfo cmdlet in _cmdlets)
        {
            string[] names = [.. cmdlet.Parameters.Values.SelectMany(parameter => parameter.Aliases.Prepend(parameter.Name))];

            Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
            Assert.All(cmdlet.Parameters.Keys, name => Assert.Matches("^[A-Z][A-Za-z0-9]*$", name));
        }
    }

    [Fact]
    public void No_switch_is_on_by_itself()
    {
        foreach (CmdletInfo cmdlet in _cmdlets)
        {
            object instance = Activator.CreateInstance(cmdlet.ImplementingType)!;
            Assert.Empty(cmdlet.ImplementingType.GetProperties()
                .Where(property => property.PropertyType == typeof(SwitchParameter) && ((SwitchParameter)property.GetValue(instance)!).IsPresent)
                .Select(property => $"{cmdlet.Name} -{property.Name}"));
            (instance as IDisposable)?.Dispose();
        }
    }

    [Fact]
    public void Every_cmdlet_has_a_suite_of_its_own() =>
        AssertNone(cmdlet => !File.Exists(Path.Combine(TestFiles.Root, "tests", "pester", $"{cmdlet.Name}.Tests.ps1")), "has no suite");

    [Fact]
    public void Every_output_type_has_a_narrow_table_and_a_list()
    {
        XElement[] views = [.. XDocument.Load(Path.Combine(TestFiles.Root, "module", "CnnViz.Format.ps1xml")).Descendants("View")];
        foreach (Type type in OutputTypes())
        {
            XElement[] own = [.. views.Where(view => view.Descendants("TypeName").Any(name => name.Value == type.FullName))];

            XElement table = Assert.Single(own, view => view.Element("TableControl") is not null);
            Assert.InRange(table.Descendants("TableColumnHeader").Count(), 2, 5);
            Assert.Equal(table.Descendants("TableColumnHeader").Count(), table.Descendants("TableColumnItem").Count());
            XElement list = Assert.Single(own, view => view.Element("ListControl") is not null);
            Assert.InRange(list.Descendants("ListItem").Count(), 3, 40);

            // A misspelt property would be an empty column.
            Assert.All(
                table.Descendants("PropertyName").Concat(list.Descendants("PropertyName")),
                name => Assert.True(type.GetProperty(name.Value) is not null, $"{type.Name} has no {name.Value}"));
        }
    }

    [Fact]
    public void Every_output_type_says_what_it_is()
    {
        foreach (Type type in OutputTypes().SelectMany(type => type.Assembly.GetTypes().Where(type.IsAssignableFrom)).Where(type => !type.IsAbstract))
        {
            MethodInfo text = type.GetMethod(nameof(ToString), Type.EmptyTypes)!;

            Assert.True(text.DeclaringType != typeof(object), $"{type.Name} has no text of its own");
            Assert.True(text.GetCustomAttribute<CompilerGeneratedAttribute>() is null, $"{type.Name} has only a record's text");
        }
    }

    private Type[] OutputTypes() =>
        [.. _cmdlets
            .SelectMany(cmdlet => cmdlet.OutputType)
            .Select(output => output.Type)
            .Where(type => type.Namespace!.StartsWith("CnnViz", StringComparison.Ordinal))
            .Distinct()];

    private IEnumerable<(CmdletInfo Cmdlet, ParameterMetadata Parameter)> Own() => _cmdlets.SelectMany(cmdlet =>
        cmdlet.Parameters.Values
            .Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name))
            .Select(parameter => (cmdlet, parameter)));

    private void AssertNone(Func<CmdletInfo, bool> isWrong, string what) =>
        Assert.Empty(_cmdlets.Where(isWrong).Select(cmdlet => $"{cmdlet.Name} {what}"));

    private static bool Writes(CmdletInfo cmdlet) => cmdlet.Parameters.ContainsKey("WhatIf");

    private static bool Completes(ParameterMetadata parameter) =>
        parameter.Attributes.Any(attribute => attribute is ArgumentCompleterAttribute or ValidateSetAttribute);

    private static Type Element(Type type) => type.IsArray ? type.GetElementType()! : Nullable.GetUnderlyingType(type) ?? type;

    private static string Text(PSObject item, string property) => item.Properties[property]?.Value?.ToString() ?? string.Empty;

    private static PSObject[] Items(PSObject item, params string[] path)
    {
        object? value = item;
        foreach (string property in path)
        {
            value = value is null ? null : PSObject.AsPSObject(value).Properties[property]?.Value;
        }

        return value switch
        {
            null => [],
            object[] many => [.. many.Select(PSObject.AsPSObject)],
            PSObject { BaseObject: object[] many } => [.. many.Select(PSObject.AsPSObject)],
            _ => [PSObject.AsPSObject(value)],
        };
    }

    [GeneratedRegex(@"^        '(?<name>\w+-\w+)'\s*$", RegexOptions.Multiline)]
    private static partial Regex CmdletNames();
}
