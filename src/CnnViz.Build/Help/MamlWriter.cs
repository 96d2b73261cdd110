using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace CnnViz.Build.Help;

/// <summary>Writes help as MAML, the XML that Get-Help reads.</summary>
internal static class MamlWriter
{
    private static readonly XNamespace s_items = "http://msh";
    private static readonly XNamespace s_maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace s_command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace s_dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>Writes a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="cmdlets">Cmdlets with their pages.</param>
    public static void Write(string path, IEnumerable<(CmdletMetadata Cmdlet, HelpPage Page)> cmdlets)
    {
        var settings = new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n" };
        using var writer = XmlWriter.Create(path, settings);
        Document(cmdlets).Save(writer);
    }

    /// <summary>The document.</summary>
    public static XDocument Document(IEnumerable<(CmdletMetadata Cmdlet, HelpPage Page)> cmdlets) => new(
        new XElement(s_items + "helpItems", new XAttribute("schema", "maml"), cmdlets.Select(pair => Command(pair.Cmdlet, pair.Page))));

    private static XElement Command(CmdletMetadata cmdlet, HelpPage page) => new(
        s_command + "command",
        new XAttribute(XNamespace.Xmlns + "maml", s_maml),
        new XAttribute(XNamespace.Xmlns + "command", s_command),
        new XAttribute(XNamespace.Xmlns + "dev", s_dev),
        Details(page),
        new XElement(s_maml + "description", Paragraphs(page.Description)),
        new XElement(s_command + "syntax", cmdlet.ParameterSets.Select(set => new XElement(
            s_command + "syntaxItem",
            new XElement(s_maml + "name", page.Name),
            set.Select(pair => SyntaxParameter(pair.Parameter, pair.Use))))),
        new XElement(
            s_command + "parameters",
            cmdlet.Parameters.OrderBy(parameter => PlaceOf(parameter, page)).Select(parameter => Parameter(parameter, TextOf(parameter, page)))),
        new XElement(s_command + "inputTypes", page.Inputs.Select(entry => Type("inputType", entry))),
        new XElement(s_command + "returnValues", page.Outputs.Select(entry => Type("returnValue", entry))),
        new XElement(s_maml + "alertSet", new XElement(s_maml + "alert", Paragraphs(page.Notes))),
        new XElement(s_command + "examples", page.Examples.Select(Example)),
        new XElement(s_command + "relatedLinks", page.Related.Select(Link)));

    private static XElement Details(HelpPage page)
    {
        string[] words = page.Name.Split('-', 2);
        return new XElement(
            s_command + "details",
            new XElement(s_command + "name", page.Name),
            new XElement(s_command + "verb", words[0]),
            new XElement(s_command + "noun", words[^1]),
            new XElement(s_maml + "description", Paragraphs([page.Synopsis])));
    }

    private static XElement SyntaxParameter(ParameterMetadata parameter, ParameterUse use) => new(
        s_command + "parameter",
        Attributes(parameter, [use]),
        new XElement(s_maml + "name", parameter.Name),
        parameter.IsSwitch ? null : Value(parameter),
        parameter.Values.Count == 0 ? null : new XElement(
            s_command + "parameterValueGroup",
            parameter.Values.Select(value => new XElement(
                s_command + "parameterValue", new XAttribute("required", false), new XAttribute("variableLength", false), value))));

    private static XElement Parameter(ParameterMetadata parameter, IReadOnlyList<string> text) => new(
        s_command + "parameter",
        Attributes(parameter, parameter.Uses),
        new XElement(s_maml + "name", parameter.Name),
        new XElement(
            s_maml + "description",
            Paragraphs(parameter.Values.Count == 0 ? text : [.. text, $"Values: {string.Join(", ", parameter.Values)}."])),
        Value(parameter),
        new XElement(s_dev + "type", new XElement(s_maml + "name", parameter.Type), new XElement(s_maml + "uri")),
        new XElement(s_dev + "defaultValue", DefaultOf(parameter, text)));

    private static XElement Value(ParameterMetadata parameter) => new(
        s_command + "parameterValue", new XAttribute("required", true), new XAttribute("variableLength", parameter.IsList), parameter.Type);

    private static XAttribute[] Attributes(ParameterMetadata parameter, IReadOnlyList<ParameterUse> uses)
    {
        string[] pipeline =
        [
            .. uses.Any(use => use.ByValue) ? ["ByValue"] : Array.Empty<string>(),
            .. uses.Any(use => use.ByPropertyName) ? ["ByPropertyName"] : Array.Empty<string>(),
        ];
        return
        [
            new("required", uses.Any(use => use.IsMandatory)),
            new("variableLength", parameter.IsList),
            new("globbing", parameter.HasWildcards),
            new("pipelineInput", pipeline.Length == 0 ? "False" : $"True ({string.Join(", ", pipeline)})"),
            new("position", uses.Select(use => use.Position).FirstOrDefault(position => position is not null)?.ToString() ?? "named"),
            new("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
        ];
    }

    private static IReadOnlyList<string> TextOf(ParameterMetadata parameter, HelpPage page) =>
        page.Parameters.Concat(ShouldProcess.Entries).First(entry => entry.Title == parameter.Name).Text;

    // A page says it in a paragraph of its own, the last: "Default: ...".
    // As on the page, where what belongs together stands together; the standard ones last.
    private static int PlaceOf(ParameterMetadata parameter, HelpPage page) =>
        page.Parameters.TakeWhile(entry => entry.Title != parameter.Name).Count();

    private static string DefaultOf(ParameterMetadata parameter, IReadOnlyList<string> text) =>
        text[^1].StartsWith("Default: ", StringComparison.Ordinal) ? text[^1]["Default: ".Length..].TrimEnd('.')
        : parameter.IsSwitch ? "False"
        : "None";

    private static XElement Type(string element, HelpEntry entry) => new(
        s_command + element,
        new XElement(s_dev + "type", new XElement(s_maml + "name", entry.Title)),
        new XElement(s_maml + "description", Paragraphs(entry.Text)));

    private static XElement Example(HelpExample example, int index) => new(
        s_command + "example",
        new XElement(s_maml + "title", $"-------- Example {index + 1}: {example.Title} --------"),
        new XElement(s_dev + "code", example.Code),
        new XElement(s_dev + "remarks", Paragraphs([.. example.Remarks, string.Empty])));

    private static XElement Link(HelpLink link) => new(
        s_maml + "navigationLink", new XElement(s_maml + "linkText", link.Text), new XElement(s_maml + "uri", link.Url));

    private static IEnumerable<XElement> Paragraphs(IEnumerable<string> text) =>
        text.Select(paragraph => new XElement(s_maml + "para", paragraph));
}
