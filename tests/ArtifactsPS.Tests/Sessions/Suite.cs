using System.Reflection;
using System.Runtime.CompilerServices;

namespace ArtifactsPS.Tests.Sessions;

/// <summary>The module under test and the isolated environment of the tests.</summary>
internal static class Suite
{
    /// <summary>Flavour of the module: <c>net8.0</c> or <c>netstandard2.0</c>.</summary>
    public static string Flavour { get; } = Metadata("ModuleFlavour");

    public static string RepositoryRoot { get; } = Metadata("RepositoryRoot");

    public static string Configuration { get; } = Metadata("Configuration");

    /// <summary>Folder of the staged module, as users install it.</summary>
    public static string ModuleFolder { get; } = Metadata("ModuleFolder");

    public static string ModuleManifest { get; } = Path.Combine(ModuleFolder, "Artifacts.psd1");

    /// <summary>Address of the public repository.</summary>
    public static string RepositoryUrl { get; } = Metadata("RepositoryUrl");

    /// <summary>Folder used instead of the user's own, for registered stores, caches and the default store.</summary>
    public static string UserFolder { get; } = Path.Combine(Path.GetTempPath(), $"artifacts-user-{Guid.NewGuid():N}");

    /// <summary>Returns the folder of a downloaded package, whose version the project names.</summary>
    public static string Package(string name) =>
        Path.Combine(Metadata("PackageRoot"), name.ToLowerInvariant(), Metadata(name + "Version"));

    /// <summary>Separates the tests and their child processes from the user's stores, caches and registrations.</summary>
    [ModuleInitializer]
    internal static void Isolate()
    {
        Environment.SetEnvironmentVariable("ARTIFACTS_TFM", Flavour);
        Environment.SetEnvironmentVariable("ARTIFACTS_CONFIG", Path.Combine(UserFolder, "config"));
        Environment.SetEnvironmentVariable("ARTIFACTS_CACHE", Path.Combine(UserFolder, "cache"));
        Environment.SetEnvironmentVariable("ARTIFACTS_STORE", null);
        Environment.SetEnvironmentVariable("XDG_DATA_HOME", Path.Combine(UserFolder, "data"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => TempFolder.Delete(UserFolder);
    }

    private static string Metadata(string key) =>
        typeof(Suite)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == key)
            .Value!;
}
