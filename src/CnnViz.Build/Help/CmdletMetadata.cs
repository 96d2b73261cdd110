namespace CnnViz.Build.Help;

/// <summary>What the assembly says about a cmdlet.</summary>
/// <param name="Name">Verb and noun.</param>
/// <param name="Parameters">Its parameters, those of ShouldProcess included.</param>
/// <param name="OutputTypes">Full names of the types that it puts out.</param>
internal sealed record CmdletMetadata(
    string Name, IReadOnlyList<ParameterMetadata> Parameters, IReadOnlyList<string> OutputTypes)
{
    /// <summary>The parameter sets, each with its parameters in the order of the syntax.</summary>
    public IEnumerable<IReadOnlyList<(ParameterMetadata Parameter, ParameterUse Use)>> ParameterSets
    {
        get
        {
            string?[] names = [.. Parameters.SelectMany(parameter => parameter.Uses).Select(use => use.Set).OfType<string>().Distinct()];
            return (names.Length == 0 ? [null] : names).Select(Uses);
        }
    }

    // By position, then those that must be given.
    private IReadOnlyList<(ParameterMetadata Parameter, ParameterUse Use)> Uses(string? set) =>
        [.. Parameters
            .Select(parameter => (parameter, use: parameter.Uses.FirstOrDefault(use => use.Set is null || use.Set == set)!))
            .Where(pair => pair.use is not null)
            .OrderBy(pair => pair.use.Position ?? int.MaxValue)
            .ThenByDescending(pair => pair.use.IsMandatory)];
}
