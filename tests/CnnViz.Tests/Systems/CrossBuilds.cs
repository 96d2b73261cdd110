using System.Runtime.InteropServices;

namespace CnnViz.Tests.Systems;

/// <summary>The module, built for other systems than this machine's when a test first asks for it. They are removed when all tests are done.</summary>
public sealed class CrossBuilds : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz-").FullName;
    private readonly HashSet<string> _built = [];

    /// <summary>The folder of the module for a system; for this machine's, the repository.</summary>
    /// <param name="runtime">The system's runtime identifier.</param>
    public string Of(string runtime)
    {
        if (runtime == RuntimeInformation.RuntimeIdentifier)
        {
            return TestFiles.Root;
        }

        string folder = Path.Combine(_folder, runtime);
        if (!_built.Contains(runtime))
        {
            // What it refers to is built already, and is the same on every system.
            DotNet.Build(Path.Combine("src", "CnnViz"), $"-p:ModuleRuntime={runtime}", $"-p:CrossFolder={folder}", "-p:BuildProjectReferences=false");
            _built.Add(runtime);
        }

        return folder;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

/// <summary>Tests of the module for other systems.</summary>
[CollectionDefinition(Name)]
public sealed class CrossBuildCollection : ICollectionFixture<CrossBuilds>
{
    /// <summary>Its name.</summary>
    public const string Name = "Cross-builds";
}
