using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using CnnViz.Networks;

namespace CnnViz.Completion;

/// <summary>Completes the names of classes, synonyms included.</summary>
public sealed class ClassCompleter : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.From(
            CompletionModels.Find(commandAst, fakeBoundParameters)
                .SelectMany(model => ClassesOf(model, fakeBoundParameters["Layer"] as string, fakeBoundParameters["ClassName"] as string))
                .Where(unit => unit.ClassName is not null)
                .SelectMany(unit => ClassLists.Synonyms(unit.ClassName!).Select(synonym =>
                    (WildcardPattern.Escape(synonym), $"Class {unit.Index}: {unit.ClassName} ({unit.Layer} of {unit.Model.Name})"))),
            wordToComplete);

    private static IReadOnlyList<CnnFilter> ClassesOf(CnnModel model, string? layer, string? list)
    {
        try
        {
            return new CnnClasses(model, layer, list is null ? null : ClassLists.Load(FullPath(list), list)).All;
        }
        catch (Exception exception) when (exception is CnnVizException or RuntimeException)
        {
            // A model without classes has none to offer.
            return [];
        }
    }

    private static string FullPath(string path) => (string)ScriptBlock
        .Create("param($path) $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($path)")
        .Invoke(path)[0]
        .BaseObject;
}
