using System.Reflection;

namespace CnnViz.Tests;

/// <summary>Where the repository is, and real models and photos beside it, which may not be there.</summary>
internal static class TestFiles
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    /// <summary>The configuration that the repository was built in.</summary>
    public static string Configuration { get; } = Metadata("Configuration");

    private static string SharedFolder => Environment.GetEnvironmentVariable("CNNVIZ_TEST_DATA") ?? Path.Combine(Root, "..", "shared");

    /// <summary>The path of a file in the folder of real models and photos; skips the test where it is absent.</summary>
    public static string Shared(params string[] parts)
    {
        string path = Path.GetFullPath(Path.Combine([SharedFolder, .. parts]));
        Skip.IfNot(File.Exists(path), $"'{string.Join('/', parts)}' is not there; set CNNVIZ_TEST_DATA to the folder that has it.");
        return path;
    }

    private static string Metadata(string key) => typeof(TestFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
