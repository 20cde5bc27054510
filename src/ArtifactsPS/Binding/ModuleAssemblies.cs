#if !NET
using System.Reflection;
using System.Runtime.CompilerServices;

namespace ArtifactsPS.Binding;

/// <summary>
/// Finds assemblies of the module's folder for each other. Windows PowerShell binds an assembly only to the exact version that
/// the other was built with, and reads no binding redirects of a module. ZstdSharp was built with earlier versions
/// than the module contains. Other assemblies of the session are not affected.
/// </summary>
internal static class ModuleAssemblies
{
    private static readonly string Folder = Path.GetDirectoryName(typeof(ModuleAssemblies).Assembly.Location)!;

    // Before any other code of this assembly, so that no package is missed.
#pragma warning disable CA2255 // This assembly is a plug-in of PowerShell, which calls nothing earlier.
    [ModuleInitializer]
    internal static void Register() =>
        AppDomain.CurrentDomain.AssemblyResolve += (_, request) =>
            Find(request.RequestingAssembly, request.Name) is { } file ? Assembly.LoadFrom(file) : null;
#pragma warning restore CA2255

    /// <summary>Finds the file of an assembly of the module's folder for another one of it.</summary>
    /// <param name="requesting">Assembly that needs it; null if unknown.</param>
    /// <param name="fullName">Name, with a version of at most that of the file.</param>
    /// <returns>Null if others are to find it.</returns>
    internal static string? Find(Assembly? requesting, string fullName)
    {
        if (
            requesting is not { IsDynamic: false }
            || !string.Equals(Path.GetDirectoryName(requesting.Location), Folder, StringComparison.OrdinalIgnoreCase)
        )
            return null;
        var name = new AssemblyName(fullName);
        var file = Path.Combine(Folder, name.Name + ".dll");
        return File.Exists(file) && AssemblyName.GetAssemblyName(file).Version >= name.Version ? file : null;
    }
}
#endif
