using System.Diagnostics;
using System.Reflection;
using ArtifactsPS.Core.Manifests;

namespace ArtifactsPS.Benchmarks;

/// <summary>Finds the Host that was built with this program and checks that its module is optimized.</summary>
internal static class HostLocator
{
    private const string Manifest = "Artifacts.psd1";

    /// <summary>The path of the module's manifest in the checkout that this program was built in.</summary>
    public static string Module => Path.Combine(RootOf(AppContext.BaseDirectory), Manifest);

    /// <summary>The path of <c>artifacts.dll</c> in the checkout that this program was built in.</summary>
    public static string Default
    {
        get
        {
            var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            var root = RootOf(output.FullName);
            // Same bin/<configuration>/<framework> as this program.
            return Path.Combine(
                root,
                "src",
                "ArtifactsPS.Host",
                "bin",
                output.Parent!.Name,
                output.Name,
                "artifacts.dll"
            );
        }
    }

    /// <exception cref="InvalidOperationException">The Host is missing, or its module is a debug build.</exception>
    public static void Check(string host)
    {
        if (!File.Exists(host))
            throw new InvalidOperationException($"The Host '{host}' doesn't exist. Build the solution first.");
        var core = Path.Combine(
            RootOf(Path.GetDirectoryName(host)!),
            "module",
            "bin",
            "net8.0",
            "ArtifactsPS.Core.dll"
        );
        if (IsUnoptimized(core))
            throw new InvalidOperationException($"'{core}' is a debug build. Build with -c Release.");
    }

    private static bool IsUnoptimized(string assembly) =>
        Assembly.LoadFile(assembly).GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true };

    private static string RootOf(string folder)
    {
        for (var current = new DirectoryInfo(folder); current is not null; current = current.Parent)
            if (File.Exists(Path.Combine(current.FullName, Manifest)))
                return current.FullName;
        throw new InvalidOperationException($"Neither '{folder}' nor a folder above it contains {Manifest}.");
    }
}
