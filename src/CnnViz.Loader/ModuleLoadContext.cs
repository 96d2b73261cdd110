using System.Reflection;
using System.Runtime.Loader;

namespace CnnViz.Loader;

/// <summary>
/// Holds the module and its packages apart from the session's: another version of the same package, loaded by another module,
/// does not meet ours.
/// </summary>
public sealed class ModuleLoadContext : AssemblyLoadContext
{
    private static readonly Lazy<ModuleLoadContext> s_instance = new(() => new ModuleLoadContext());

    private readonly string _folder = Path.GetDirectoryName(typeof(ModuleLoadContext).Assembly.Location)!;

    private ModuleLoadContext()
        : base("CnnViz")
    {
    }

    /// <summary>The assembly of the cmdlets, loaded once a process.</summary>
    public static Assembly LoadModule() =>
        s_instance.Value.LoadFromAssemblyPath(Path.Combine(s_instance.Value._folder, "CnnViz.dll"));

    /// <inheritdoc />
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string path = Path.Combine(_folder, $"{assemblyName.Name}.dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    /// <inheritdoc />
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        string[] names = OperatingSystem.IsWindows() ? [unmanagedDllName, $"{unmanagedDllName}.dll"]
            : OperatingSystem.IsMacOS() ? [$"lib{unmanagedDllName}.dylib", $"{unmanagedDllName}.dylib"]
            : [$"lib{unmanagedDllName}.so", $"{unmanagedDllName}.so"];
        return names.Select(name => Path.Combine(_folder, name)).FirstOrDefault(File.Exists) is { } path
            ? LoadUnmanagedDllFromPath(path)
            : 0;
    }
}
