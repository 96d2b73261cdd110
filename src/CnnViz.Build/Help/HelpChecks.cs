namespace CnnViz.Build.Help;

/// <summary>Compares a page with the cmdlet that it is about.</summary>
internal static class HelpChecks
{
    /// <summary>What is wrong, a sentence each.</summary>
    public static IEnumerable<string> Problems(HelpPage page, CmdletMetadata cmdlet)
    {
        string[] real = [.. cmdlet.Parameters.Select(parameter => parameter.Name)];
        string[] documented = [.. page.Parameters.Select(parameter => parameter.Title)];
        string[] standard = [.. ShouldProcess.Entries.Select(entry => entry.Title)];
        IEnumerable<string> inputs = cmdlet.Parameters
            .Where(parameter => parameter.Uses.Any(use => use.ByValue)).Select(parameter => parameter.ElementType).Distinct();
        return
        [
            .. real.Except(documented).Except(standard).Select(name => $"the parameter -{name} has no text"),
            .. documented.Except(real).Select(name => $"there is no parameter -{name}"),
            .. documented.CountBy(name => name).Where(pair => pair.Value > 1).Select(pair => $"the parameter -{pair.Key} is there twice"),
            .. Missing(inputs, page.Inputs).Select(type => $"the type {type}, which the pipeline takes, is not under Inputs"),
            .. Missing(cmdlet.OutputTypes, page.Outputs).Select(type => $"the type {type} is not under Outputs"),
        ];
    }

    private static IEnumerable<string> Missing(IEnumerable<string> types, IEnumerable<HelpEntry> entries) =>
        types.Except(entries.Select(entry => entry.Title));
}
