using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using CnnViz.Ascent;
using CnnViz.Networks;

namespace CnnViz.Completion;

/// <summary>Finds the layers that a half-typed command is about.</summary>
internal static class CompletionLayers
{
    private const string GetLayer = "Get-CnnLayer";

    /// <summary>
    /// The layers given to the command; else those in the variable that is piped to it; else those that a Get-CnnLayer before it in the pipeline
    /// names. Nothing is run for it.
    /// </summary>
    public static IEnumerable<CnnLayer> Find(CommandAst command, IDictionary boundParameters)
    {
        CnnLayer[] given = [.. Layers(boundParameters["Layer"])];
        if (given.Length > 0)
        {
            return given;
        }

        CnnLayer[] piped = [.. Layers(CompletionModels.PipedVariable(command))];
        return piped.Length > 0 ? piped : Named(command);
    }

    private static IEnumerable<CnnLayer> Layers(object? value) => value switch
    {
        PSObject wrapped => Layers(wrapped.BaseObject),
        CnnLayer { Model.IsDisposed: false } layer => [layer],
        CnnFilter { Model.IsDisposed: false } filter => [filter.Layer],
        FilterImage image => SessionModels.Alive
            .Where(model => model.Sha256 == image.ModelSha256)
            .SelectMany(model => model.LayersAndBlocks.Where(layer => layer.Name == image.Layer)),
        IEnumerable<object> many => many.SelectMany(Layers).Distinct(),
        _ => [],
    };

    private static IEnumerable<CnnLayer> Named(CommandAst command)
    {
        CommandAst? before = (command.Parent as PipelineAst)?.PipelineElements
            .TakeWhile(element => element != command)
            .OfType<CommandAst>()
            .LastOrDefault(element => string.Equals(element.GetCommandName(), GetLayer, StringComparison.OrdinalIgnoreCase));
        if (before is null)
        {
            return [];
        }

        bool blocks = before.CommandElements.OfType<CommandParameterAst>().Any(given => IsShortFor(given, "Blocks"));
        var choice = new LayerChoice(Given(before, "Name"), Given(before, "Kind"), blocks);
        return CompletionModels.Find(before, new Hashtable()).SelectMany(choice.Of);
    }

    // What a parameter of Get-CnnLayer is given as it stands there; all, where it is not given or is to be computed first.
    private static IEnumerable<string> Given(CommandAst command, string parameter)
    {
        // Names come by position too.
        string current = "Name";
        var values = new List<string>();
        foreach (CommandElementAst element in command.CommandElements.Skip(1))
        {
            if (element is CommandParameterAst given)
            {
                current = IsShortFor(given, "Name") || IsShortFor(given, "Blocks") ? "Name" : IsShortFor(given, "Kind") ? "Kind" : string.Empty;
                values.AddRange(current == parameter ? Constants(given.Argument) : []);
                continue;
            }

            values.AddRange(current == parameter ? Constants(element) : []);
            current = "Name";
        }

        return values.DefaultIfEmpty("*");
    }

    private static bool IsShortFor(CommandParameterAst given, string parameter) =>
        parameter.StartsWith(given.ParameterName, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Constants(Ast? element) => element switch
    {
        StringConstantExpressionAst text => [text.Value],
        ArrayLiteralAst array => array.Elements.SelectMany(Constants),
        _ => [],
    };
}
