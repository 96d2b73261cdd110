using System.Reflection;
using System.Runtime.Loader;

namespace CnnViz.Loader;

/// <summary>
/// Holds the module and its packages apart from the session's: another version of the same package, loaded by another module,
/// does not meet ours. Only a TorchSharp of our version that the session has loaded is shared.
/// </summary>
public sealed class ModuleLoadContext : AssemblyLoadContext
{
    private static readonly Lazy<ModuleLoadContext> s_instance = new(() => new ModuleLoadContext());

    private readonly string _folder = Path.GetDirectoryName(typeof(ModuleLoadContext).Assembly.Location)!;

    private ModuleLoadContext()
        : base("CnnViz")
    {
    }

    /// <summary>The engine: imported as well, so that its types can be named in scripts.</summary>
    public static Assembly Engine => s_instance.Value.LoadOurs("CnnViz.Core.dll");

    /// <summary>The cmdlets.</summary>
    public static Assembly Cmdlets => s_instance.Value.LoadOurs("CnnViz.dll");

    private Assembly LoadOurs(string file) => LoadFromAssemblyPath(Path.Combine(_folder, file));

    /// <inheritdoc />
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (OfSession(assemblyName) is { } shared)
        {
            return shared;
        }

        string path = Path.Combine(_folder, $"{assemblyName.Name}.dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    // A module of the session can be looked into only where both mean the same types. Of another version we have our own.
    private Assembly? OfSession(AssemblyName wanted)
    {
        if (wanted.Name != "TorchSharp")
        {
            return null;
        }

        Version ours = AssemblyName.GetAssemblyName(Path.Combine(_folder, "TorchSharp.dll")).Version!;
        return Default.Assemblies.FirstOrDefault(
            loaded => loaded.GetName() is var name && name.Name == wanted.Name && name.Version?.ToString(3) == ours.ToString(3));
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
