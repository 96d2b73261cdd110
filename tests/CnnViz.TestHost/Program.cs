using System.Reflection;
using System.Runtime.Loader;
using CnnViz.TestHost;

if (args is not [var tests, .. var parts])
{
    Console.Error.WriteLine("usage: ASSEMBLY PART-OF-NAME...");
    return 2;
}

return TestRun.Run(Load(Path.GetFullPath(tests)), parts) ? 0 : 1;

// It lies in a folder of its own with what it needs, as its .deps.json says.
static Assembly Load(string path)
{
    var needs = new AssemblyDependencyResolver(path);
    AssemblyLoadContext.Default.Resolving += (context, name) =>
        needs.ResolveAssemblyToPath(name) is { } file ? context.LoadFromAssemblyPath(file) : null;
    return AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
}
