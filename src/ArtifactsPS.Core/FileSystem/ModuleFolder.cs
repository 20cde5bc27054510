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
        var beside = Path.Combine(assemblies, name);
        return Directory.Exists(beside) ? beside : Path.Combine(assemblies, "..", name);
    }
}
