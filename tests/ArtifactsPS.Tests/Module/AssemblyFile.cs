using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Module;

/// <summary>Name, version and references of an assembly, read from its file.</summary>
internal sealed record AssemblyFile(
    string Path,
    string Name,
    Version Version,
    IReadOnlyList<(string Name, Version Version)> References
)
{
    /// <summary>Folder of the module under test that has the cmdlets.</summary>
    public static string ModuleFolder => System.IO.Path.Combine(Suite.ModuleFolder, "module", "bin", Suite.Flavour);

    /// <summary>Versions of the assemblies that the oldest supported runtime of the flavour has, by name.</summary>
    public static IReadOnlyDictionary<string, Version> Framework { get; } =
        ReadAll(
                Suite.Flavour == "netstandard2.0"
                    ? System.IO.Path.Combine(
                        Suite.Package("Microsoft.NETFramework.ReferenceAssemblies.net472"),
                        "build",
                        ".NETFramework",
                        "v4.7.2"
                    )
                    : System.IO.Path.GetDirectoryName(typeof(object).Assembly.Location)!,
                SearchOption.AllDirectories
            )
            .GroupBy(file => file.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(
                files => files.Key,
                files => files.Max(file => file.Version)!,
                StringComparer.OrdinalIgnoreCase
            );

    /// <summary>Whether the runtime provides a reference, whatever the module contains.</summary>
    public static bool IsOfFramework(string name, Version version) =>
        name == "System.Management.Automation" || Framework.TryGetValue(name, out var has) && has >= version;

    public static IEnumerable<AssemblyFile> ReadAll(
        string folder,
        SearchOption search = SearchOption.TopDirectoryOnly
    ) => Directory.EnumerateFiles(folder, "*.dll", search).Select(Read).OfType<AssemblyFile>();

    private static AssemblyFile? Read(string path)
    {
        using var stream = File.OpenRead(path);
        using var image = new PEReader(stream);
        if (!image.HasMetadata || image.GetMetadataReader() is not { IsAssembly: true } metadata)
            return null;
        var definition = metadata.GetAssemblyDefinition();
        var references = metadata.AssemblyReferences.Select(metadata.GetAssemblyReference);
        return new AssemblyFile(
            path,
            metadata.GetString(definition.Name),
            definition.Version,
            [.. references.Select(reference => (metadata.GetString(reference.Name), reference.Version))]
        );
    }
}
