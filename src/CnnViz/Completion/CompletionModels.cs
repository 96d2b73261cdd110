using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using CnnViz.Networks;

namespace CnnViz.Completion;

/// <summary>Finds the models that a half-typed command is about.</summary>
internal static class CompletionModels
{
    /// <summary>
    /// The model given to the command; else the one in the variable that is piped to it; else all models of the session.
    /// </summary>
    public static IEnumerable<CnnModel> Find(CommandAst command, IDictionary boundParameters)
    {
        CnnModel[] given = [.. Models(boundParameters["Model"])];
        if (given.Length > 0)
        {
            return given;
        }

        CnnModel[] piped = [.. Models(PipedVariable(command))];
        return piped.Length > 0 ? piped : SessionModels.Alive;
    }

    /// <summary>What is in the variable that a pipeline begins with; or null.</summary>
    public static object? PipedVariable(CommandAst command)
    {
        if (command.Parent is not PipelineAst { PipelineElements: [CommandExpressionAst { Expression: VariableExpressionAst variable }, ..] })
        {
            return null;
        }

        try
        {
            return ScriptBlock.Create($"${{{variable.VariablePath.UserPath}}}").InvokeReturnAsIs();
        }
        catch (RuntimeException)
        {
            return null;
        }
    }

    private static IEnumerable<CnnModel> Models(object? value) => value switch
    {
        PSObject wrapped => Models(wrapped.BaseObject),
        CnnModel { IsDisposed: false } model => [model],
        IEnumerable<object> many => many.SelectMany(Models),
        _ => [],
    };
}
