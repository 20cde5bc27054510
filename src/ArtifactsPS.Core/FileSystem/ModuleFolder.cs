namespace ArtifactsPS.Core.FileSystem;

/// <summary>Folder of the module's portable assemblies, with the folders that belong to them: kinds of store, native libraries.
/// Machine code for one system is in a folder of its own below, and shares them.</summary>
internal static class ModuleFolder
{
    /// <summary>Path of a folder of this module.</summary>
    public static string PathOf(string name) =>
        PathOf(Path.GetDirectoryName(typeof(ModuleFolder).Assembly.Location) ?? "", name);

    /// <summary>Path of a folder of the module.</summary>
    /// <param name="assemblies">Folder of the loaded assemblies, portable or not.</param>
    internal static string PathOf(string assemblies, string name)
    {
        // A folder beside machine code has only the compiled files of the folder above.
        var shared = Path.Combine(assemblies, "..", name);
        return Directory.Exists(shared) ? shared : Path.Combine(assemblies, name);
    }

    /// <summary>Path of an assembly of a kind of store in machine code; the portable one if there is no machine code for
    /// this system.</summary>
    /// <param name="path">Path of the portable assembly.</param>
    public static string CompiledPathOf(string path) =>
        CompiledPathOf(Path.GetDirectoryName(typeof(ModuleFolder).Assembly.Location) ?? "", path);

    /// <summary>Path of an assembly of a kind of store, in machine code if it exists.</summary>
    /// <param name="assemblies">Folder of the loaded assemblies, portable or not.</param>
    internal static string CompiledPathOf(string assemblies, string path)
    {
        var kind = Path.GetFileName(Path.GetDirectoryName(path))!;
        var compiled = Path.Combine(assemblies, "stores", kind, Path.GetFileName(path));
        return File.Exists(compiled) ? compiled : path;
    }
}
