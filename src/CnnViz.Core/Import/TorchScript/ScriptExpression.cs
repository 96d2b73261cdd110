namespace CnnViz.Import.TorchScript;

/// <summary>An expression of TorchScript's text.</summary>
internal abstract record ScriptExpression;

/// <summary>A number (<see cref="long"/> or <see cref="double"/>), a text, a truth value, or null for None.</summary>
internal sealed record Literal(object? Value) : ScriptExpression;

/// <summary>A name, with dots: <c>x</c>, <c>self.conv1</c>, <c>torch.relu</c>.</summary>
internal sealed record Name(string Text) : ScriptExpression;

/// <summary>A list.</summary>
internal sealed record ListOf(IReadOnlyList<ScriptExpression> Items) : ScriptExpression;

/// <summary>A tuple.</summary>
internal sealed record TupleOf(IReadOnlyList<ScriptExpression> Items) : ScriptExpression;

/// <summary>A dictionary.</summary>
internal sealed record DictionaryOf(IReadOnlyList<(ScriptExpression Key, ScriptExpression Value)> Items) : ScriptExpression;

/// <summary>What stands behind a dot after something that is no name.</summary>
internal sealed record Member(ScriptExpression Target, string Text) : ScriptExpression;

/// <summary>What stands in brackets after something: <c>shape[-1]</c>.</summary>
internal sealed record Item(ScriptExpression Target, ScriptExpression Index) : ScriptExpression;

/// <summary>One of two values.</summary>
internal sealed record Either(ScriptExpression Condition, ScriptExpression Then, ScriptExpression Else) : ScriptExpression;

/// <summary>A call, with arguments by their places (a null name) and by names.</summary>
internal sealed record Call(ScriptExpression Target, IReadOnlyList<(string? Name, ScriptExpression Value)> Arguments) : ScriptExpression;

/// <summary>A statement of TorchScript's text.</summary>
internal abstract record ScriptStatement;

/// <summary>An assignment to names, attributes or items; several share out a tuple or list.</summary>
internal sealed record Assignment(IReadOnlyList<ScriptExpression> Targets, ScriptExpression Value) : ScriptStatement;

/// <summary>A call for what it does.</summary>
internal sealed record Action(ScriptExpression Value) : ScriptStatement;

/// <summary>The end of a function.</summary>
internal sealed record Return(ScriptExpression? Value) : ScriptStatement;

/// <summary>One of two ways.</summary>
internal sealed record Choice(ScriptExpression Condition, IReadOnlyList<ScriptStatement> Then, IReadOnlyList<ScriptStatement> Else)
    : ScriptStatement;

/// <summary>A loop over what an expression gives.</summary>
internal sealed record ForLoop(string Variable, ScriptExpression Over, IReadOnlyList<ScriptStatement> Body) : ScriptStatement;

/// <summary>A loop as long as a condition is true.</summary>
internal sealed record WhileLoop(ScriptExpression Condition, IReadOnlyList<ScriptStatement> Body) : ScriptStatement;

/// <summary>What is not understood, and matters only where it would be reached.</summary>
internal sealed record Obscure(string Text) : ScriptStatement;

/// <summary>A method or function.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">Names of its parameters, with defaults where they have one.</param>
/// <param name="Body">Its statements.</param>
internal sealed record ScriptFunction(
    string Name, IReadOnlyList<(string Name, ScriptExpression? Default)> Parameters, IReadOnlyList<ScriptStatement> Body);

/// <summary>A class of modules, or of tuples with names.</summary>
/// <param name="Name">Its name, without where it is.</param>
/// <param name="Attributes">Types of its attributes in their order, as text.</param>
/// <param name="Constants">Values of attributes that are the same for all modules of the class.</param>
/// <param name="Methods">Its methods.</param>
internal sealed record ScriptClass(
    string Name,
    IReadOnlyList<(string Name, string Type)> Attributes,
    IReadOnlyDictionary<string, ScriptExpression> Constants,
    IReadOnlyDictionary<string, ScriptFunction> Methods)
{
    /// <summary>Whether a module of the class has modules within it.</summary>
    public bool HasSubmodules =>
        Attributes.Any(attribute => attribute.Type.StartsWith("__torch__.", StringComparison.Ordinal)
            && !ScriptArchive.IsNative(attribute.Type));

    /// <summary>Whether a module of the class has weights of its own.</summary>
    public bool HasWeights =>
        Attributes.Any(attribute => attribute.Type is "Tensor" or "Optional[Tensor]" || ScriptArchive.IsNative(attribute.Type));
}
