using System.Reflection;
#if NET
using System.Runtime.Loader;
using ArtifactsPS.Core.FileSystem;
#endif

namespace ArtifactsPS.Core.Storage.Kinds;

/// <summary>Loads an assembly with the packages beside it, apart from the session's assemblies. Core is the running
/// one.</summary>
internal static class StoreAssembly
{
    private static readonly Assembly Core = typeof(StoreAssembly).Assembly;

#if NET
    public static Assembly Load(string path) =>
        new Context(path).LoadFromAssemblyPath(ModuleFolder.CompiledPathOf(path));

    private sealed class Context(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        // Null leaves assemblies that aren't beside it to the framework.
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == Core.GetName().Name ? Core
            : _resolver.ResolveAssemblyToPath(assemblyName) is { } found
                ? LoadFromAssemblyPath(ModuleFolder.CompiledPathOf(found))
            : null;

        protected override IntPtr LoadUnmanagedDll(string unmanagedDllName) =>
            _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } found
                ? LoadUnmanagedDllFromPath(found)
                : IntPtr.Zero;
    }
#else
    public static Assembly Load(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        AppDomain.CurrentDomain.AssemblyResolve += (_, request) => Resolve(folder, request);
        // LoadFile keeps it apart from an assembly of the same name that the session has already loaded.
        return Assembly.LoadFile(path);
    }

    // Answers only assemblies from that folder: the rest of the session must not get its packages.
    private static Assembly? Resolve(string folder, ResolveEventArgs request)
    {
        if (
            request.RequestingAssembly is not { IsDynamic: false } asking
            || !string.Equals(Path.GetDirectoryName(asking.Location), folder, StringComparison.OrdinalIgnoreCase)
        )
            return null;
        var name = new AssemblyName(request.Name);
        if (name.Name == Core.GetName().Name)
            return Core;
        if (OfModule(name) is { } shared)
            return shared;
        var found = Path.Combine(folder, name.Name + ".dll");
        return File.Exists(found) ? Assembly.LoadFile(found) : null;
    }

    // Types such as IAsyncEnumerable, ValueTask and Memory pass between Core and a store. On .NET Framework they are in packages,
    // and a second copy would have other types.
    private static Assembly? OfModule(AssemblyName name)
    {
        var file = Path.Combine(Path.GetDirectoryName(Core.Location)!, name.Name + ".dll");
        return File.Exists(file) && AssemblyName.GetAssemblyName(file).Version >= name.Version
            ? Assembly.LoadFrom(file)
            : null;
    }
#endif
}
