namespace CnnViz.Import.TorchScript;

/// <summary>An expression of TorchScript's text.</summary>
internal abstract record ScriptExpression;

/// <summary>A number (<see cref="long"/> or <see cref="double"/>), a text, a truth value, or null for None.</summary>
internal sealed record Literal(object? Value) : ScriptExpression;

/// <summary>A name, with dots: <c>x</c>, <c>self.conv1</c>, <c>torch.relu</c>.</summary>
internal sealed record Name(string Text) : ScriptExpression;

/// <summary>A list or tuple.</summary>
internal sealed record Sequence(IReadOnlyList<ScriptExpression> Items) : ScriptExpression;

/// <summary>What stands behind a dot after something that is no name.</summary>
internal sealed record Member(ScriptExpression Target, string Text) : ScriptExpression;

/// <summary>A call. Arguments by name are not told from the others: only their places count.</summary>
internal sealed record Call(ScriptExpression Target, IReadOnlyList<ScriptExpression> Arguments) : ScriptExpression;

/// <summary>A statement of TorchScript's text.</summary>
internal abstract record ScriptStatement;

/// <summary>An assignment to a name.</summary>
internal sealed record Assignment(string Target, ScriptExpression Value) : ScriptStatement;

/// <summary>The end of a function.</summary>
internal sealed record Return(ScriptExpression Value) : ScriptStatement;

/// <summary>One of two ways.</summary>
internal sealed record Choice(ScriptExpression Condition, IReadOnlyList<ScriptStatement> Then, IReadOnlyList<ScriptStatement> Else)
    : ScriptStatement;

/// <summary>What is not understood, and matters only where it would be reached.</summary>
internal sealed record Obscure(string Text) : ScriptStatement;

/// <summary>A method or function.</summary>
/// <param name="Parameters">Names of its parameters, with defaults where they have one.</param>
/// <param name="Body">Its statements.</param>
internal sealed record ScriptFunction(
    IReadOnlyList<(string Name, ScriptExpression? Default)> Parameters, IReadOnlyList<ScriptStatement> Body);

/// <summary>A class of modules.</summary>
/// <param name="Name">Its name, without where it is.</param>
/// <param name="Attributes">Types of its attributes, as text.</param>
/// <param name="Constants">Values of attributes that are the same for all modules of the class.</param>
/// <param name="Methods">Its methods.</param>
internal sealed record ScriptClass(
    string Name,
    IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyDictionary<string, object?> Constants,
    IReadOnlyDictionary<string, ScriptFunction> Methods)
{
    /// <summary>Whether a module of the class has modules within it.</summary>
    public bool HasSubmodules => Attributes.Values.Any(type => type.StartsWith("__torch__.", StringComparison.Ordinal));
}
