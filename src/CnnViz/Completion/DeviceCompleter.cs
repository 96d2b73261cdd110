using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace CnnViz.Completion;

/// <summary>Completes the devices that libtorch knows. Whether this machine has one, libtorch says when a model is imported.</summary>
public sealed class DeviceCompleter : IArgumentCompleter
{
    private static readonly (string, string)[] s_devices =
        [("cpu", "The processor"), ("cuda", "The first NVIDIA GPU"), ("cuda:0", "An NVIDIA GPU by its number"), ("mps", "The GPU of a Mac")];

    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.From(s_devices, wordToComplete);
}
