using System.Diagnostics;
using System.Reflection;
using ArtifactsPS.Core.Manifests;

namespace ArtifactsPS.Benchmarks;

/// <summary>Finds the Host that was built with this program, and makes sure that it is worth measuring.</summary>
internal static class HostLocator
{
    private const string Manifest = "Artifacts.psd1";

    /// <summary>The path of <c>artifacts.dll</c> in the checkout that this program was built in.</summary>
    public static string Default
    {
        get
        {
            var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            var root = RootOf(output.FullName);
            // bin/<configuration>/<framework>, as here.
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

    /// <exception cref="InvalidOperationException">The module beside a Host is missing, or not optimized.</exception>
    public static void Check(string host)
    {
        if (!File.Exists(host))
            throw new InvalidOperationException($"There is no Host '{host}'. Build the solution first.");
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
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, Manifest)))
                return at.FullName;
        throw new InvalidOperationException($"There is no {Manifest} at or above '{folder}'.");
    }
}
