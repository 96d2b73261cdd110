namespace CnnViz.Tests.Systems;

/// <summary>Programs of the machine.</summary>
internal static class Programs
{
    /// <summary>Whether all of them are on the path.</summary>
    public static bool Has(params string[] names) => names.All(name =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name))));
}
