using System.Xml.Linq;
using CnnViz.Build.Help;

namespace CnnViz.Tests.Build;

public sealed class HelpTests : IDisposable
{
    private const string Page = """
        # Get-Thing

        Gets `things` that are *there*.

        ## Description

        One paragraph,
        on two lines.

        - an item
        - another

        ## Examples

        ### The first

        ```powershell
        Get-Thing |
            Where-Object { $_.Size -lt 3 -and "$_" -ne '<&>' }
        ```

        A remark.

        ### The second

        ```powershell
        Get-Thing
        ```

        A remark.

        ### The third

        ```powershell
        Get-Thing
        ```

        A remark.

        ## Parameters

        ### -Name

        Names with a < b & c.

        Default: all.

        ## Inputs

        ### System.String

        Names.

        ## Outputs

        ### System.Object

        Things.

        ## Related

        - [Set-Thing](Set-Thing.md)
        - [A guide](https://example.org/a?b=1&c=2)
        """;

    private static readonly XNamespace s_maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace s_command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace s_dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz-").FullName;

    private static CmdletMetadata Cmdlet => new("Get-Thing", [NameParameter, .. ShouldProcess.Parameters], ["System.Object"]);

    private static ParameterMetadata NameParameter => new()
    {
        Name = "Name",
        Type = "String[]",
        ElementType = "System.String",
        Uses = [new ParameterUse("ByName", true, 0, true, false), new ParameterUse("ByDefault", false, null, false, false)],
        Aliases = ["N"],
        Values = ["a", "b"],
        HasWildcards = true,
    };

    private static string ModuleAssembly => Path.Combine(TestFiles.Root, "module", "bin", "CnnViz.dll");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_page_becomes_plain_text()
    {
        HelpPage page = Read(Page);

        Assert.Equal("Get-Thing", page.Name);
        Assert.Equal("Gets things that are there.", page.Synopsis);
        Assert.Equal(["One paragraph, on two lines.", "- an item\n- another"], page.Description);
        Assert.Equal(["The first", "The second", "The third"], page.Examples.Select(example => example.Title));
        Assert.Equal("Get-Thing |\n    Where-Object { $_.Size -lt 3 -and \"$_\" -ne '<&>' }", page.Examples[0].Code);
        Assert.Equal("Name", Assert.Single(page.Parameters).Title);
        Assert.Empty(page.Notes);
        Assert.Equal([new HelpLink("Set-Thing", null), new HelpLink("A guide", "https://example.org/a?b=1&c=2")], page.Related);
    }

    [Fact]
    public void Parameters_of_a_shared_page_follow_those_of_the_cmdlet()
    {
        string page = Page.Replace("## Parameters\n", "## Parameters\n\n[Shared](shared/more.md) ones.\n", StringComparison.Ordinal);

        HelpPage read = HelpPageReader.Read(
            page, link => link == "shared/more.md" ? "# More\n\n## -Size\n\nIts size.\n" : throw new FileNotFoundException(link));

        Assert.Equal(["Name", "Size"], read.Parameters.Select(parameter => parameter.Title));
        Assert.Equal(["Its size."], read.Parameters[1].Text);
    }

    [Theory]
    [InlineData("### The second\n\n```powershell\nGet-Thing\n```\n\nA remark.\n", "", "there are 2 examples; 3 is the least")]
    [InlineData("```powershell\nGet-Thing\n```", "```\nGet-Thing\n```", "the example 'The second' is not one block of powershell")]
    [InlineData("Names with a < b & c.\n\nDefault: all.\n", "", "there is no text under '-Name'")]
    [InlineData("### -Name", "### Name", "the parameter 'Name' has no hyphen")]
    [InlineData("## Outputs", "## Results", "the headings are Description, Examples, Parameters, Inputs, Results, Related")]
    [InlineData("## Description", "#### Description", "the heading 'Description' is of a level that does not belong here")]
    [InlineData("# Get-Thing\n", "", "there is text before the first heading")]
    [InlineData("- an item", "> a quotation\n\n- an item", "is neither a paragraph, a list nor code")]
    public void A_page_of_another_structure_is_refused(string old, string changed, string problem)
    {
        string page = Page.Replace(old, changed, StringComparison.Ordinal);
        Assert.NotEqual(Page, page);
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => Read(page));

        Assert.Contains(problem, exception.Message);
    }

    [Fact]
    public void A_page_that_fits_its_cmdlet_has_no_problems() =>
        Assert.Empty(HelpChecks.Problems(Read(Page), Cmdlet));

    [Fact]
    public void What_page_and_cmdlet_do_not_share_is_a_problem()
    {
        HelpPage page = Read(Page);
        CmdletMetadata cmdlet = Cmdlet with
        {
            Parameters = [NameParameter with { Name = "Path", ElementType = "System.Int32" }],
            OutputTypes = ["System.IO.FileInfo"],
        };

        Assert.Equal(
            [
                "the parameter -Path has no text",
                "there is no parameter -Name",
                "the type System.Int32, which the pipeline takes, is not under Inputs",
                "the type System.IO.FileInfo is not under Outputs",
            ],
            HelpChecks.Problems(page, cmdlet));
    }

    [Fact]
    public void The_file_is_well_formed_and_keeps_special_characters()
    {
        string path = Path.Combine(_folder, "help.xml");
        MamlWriter.Write(path, [(Cmdlet, Read(Page))]);
        XDocument document = XDocument.Load(path);

        Assert.Equal("maml", document.Root!.Attribute("schema")!.Value);
        Assert.Contains("'<&>'", document.Descendants(s_dev + "code").First().Value);
        Assert.Contains(document.Descendants(s_maml + "para"), paragraph => paragraph.Value == "Names with a < b & c.");
        Assert.Contains(document.Descendants(s_maml + "uri"), uri => uri.Value == "https://example.org/a?b=1&c=2");
        Assert.Contains("&lt;&amp;&gt;", File.ReadAllText(path));
    }

    [Fact]
    public void Each_parameter_set_has_its_own_syntax()
    {
        XElement command = MamlWriter.Document([(Cmdlet, Read(Page))]).Root!.Elements().Single();
        XElement[] sets = [.. command.Descendants(s_command + "syntaxItem")];
        XElement[] first = [.. sets.Select(set => set.Elements(s_command + "parameter").First())];

        Assert.Equal(2, sets.Length);
        Assert.Equal(["true", "false"], first.Select(parameter => parameter.Attribute("required")!.Value));
        Assert.Equal(["0", "named"], first.Select(parameter => parameter.Attribute("position")!.Value));
        Assert.All(sets, set => Assert.Equal(
            ["Name", "WhatIf", "Confirm"],
            set.Elements(s_command + "parameter").Select(parameter => parameter.Element(s_maml + "name")!.Value)));
    }

    [Fact]
    public void A_parameter_has_what_the_assembly_and_the_page_say()
    {
        XElement command = MamlWriter.Document([(Cmdlet, Read(Page))]).Root!.Elements().Single();
        XElement name = command.Element(s_command + "parameters")!.Elements().First();

        Assert.Equal(
            [
                ("required", "true"),
                ("variableLength", "true"),
                ("globbing", "true"),
                ("pipelineInput", "True (ByValue)"),
                ("position", "0"),
                ("aliases", "N"),
            ],
            name.Attributes().Select(attribute => (attribute.Name.LocalName, attribute.Value)));
        Assert.Equal("Values: a, b.", name.Descendants(s_maml + "para").Last().Value);
        Assert.Equal("all", name.Element(s_dev + "defaultValue")!.Value);
        Assert.Equal("String[]", name.Element(s_command + "parameterValue")!.Value);
    }

    [Fact]
    public void Cmdlets_are_read_from_the_assembly_without_running_it()
    {
        IReadOnlyList<CmdletMetadata> cmdlets = CmdletReader.Read(ModuleAssembly);
        CmdletMetadata import = cmdlets.Single(cmdlet => cmdlet.Name == "Import-CnnModel");
        CmdletMetadata export = cmdlets.Single(cmdlet => cmdlet.Name == "Export-FilterImage");
        ParameterMetadata literalPath = import.Parameters.Single(parameter => parameter.Name == "LiteralPath");

        Assert.Equal(["CnnViz.Networks.CnnModel"], import.OutputTypes);
        Assert.Equal(4, import.ParameterSets.Count());
        Assert.Equal([new ParameterUse("LiteralPath", true, null, false, true)], literalPath.Uses);
        Assert.Equal(["PSPath"], literalPath.Aliases);
        Assert.True(import.Parameters.Single(parameter => parameter.Name == "Path").HasWildcards);
        Assert.Contains("ImageNet", import.Parameters.Single(parameter => parameter.Name == "Preprocessing").Values);
        Assert.Equal(["Png", "Jpeg", "Webp", "Tiff"], export.Parameters.Single(parameter => parameter.Name == "Format").Values);
        Assert.Contains(export.Parameters, parameter => parameter.Name == "WhatIf");
        Assert.DoesNotContain(cmdlets.Single(cmdlet => cmdlet.Name == "Get-CnnLayer").Parameters, parameter => parameter.Name == "WhatIf");
    }

    [Fact]
    public void Cmdlets_without_a_page_are_reported_and_nothing_is_written()
    {
        string output = Path.Combine(_folder, "out");
        Directory.CreateDirectory(Path.Combine(_folder, "cmdlets"));
        File.WriteAllText(Path.Combine(_folder, "cmdlets", "Get-Thing.md"), Page);
        IReadOnlyList<string> problems = HelpFiles.Write(_folder, ModuleAssembly, output);

        Assert.Contains(problems, problem => problem.EndsWith("error : the cmdlet Import-CnnModel has no page", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.EndsWith("error : there is no cmdlet Get-Thing", StringComparison.Ordinal));
        Assert.False(Directory.Exists(output));
    }

    [Fact]
    public void The_documentation_of_the_repository_is_complete()
    {
        Assert.Empty(HelpFiles.Write(Path.Combine(TestFiles.Root, "docs"), ModuleAssembly, _folder));
        Assert.True(File.Exists(Path.Combine(_folder, "CnnViz.dll-Help.xml")));
        Assert.True(File.Exists(Path.Combine(_folder, "about_CnnViz.help.txt")));
    }

    [Fact]
    public void An_about_topic_is_indented_and_wrapped()
    {
        string words = string.Join(' ', Enumerable.Repeat("word", 40));
        string text = AboutTopic.ToText(
            $"# about_Thing\n\nShort.\n\n## Some words\n\n{words}\n\n- {words}\n\n```powershell\nGet-Thing\n```\n");

        Assert.StartsWith("TOPIC\n    about_Thing\n\nSHORT DESCRIPTION\n    Short.\n\nSOME WORDS\n    word word", text);
        Assert.Contains("\n    - word word", text);
        Assert.Contains("\n      word word", text);
        Assert.EndsWith("\n\n        Get-Thing\n", text);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 78));
    }

    [Fact]
    public void A_table_is_a_list_of_its_rows()
    {
        string text = AboutTopic.ToText("# about_Thing\n\nShort.\n\n## Ids\n\n| Id | Cause | Remedy |\n| --- | --- | --- |\n| One | It is `a`. | Do b. |\n| Two | It is c. | Do d. |\n");

        Assert.EndsWith("IDS\n    One\n        It is a. Do b.\n\n    Two\n        It is c. Do d.\n", text);
    }

    private static HelpPage Read(string page) => HelpPageReader.Read(page, link => throw new FileNotFoundException(link));
}
