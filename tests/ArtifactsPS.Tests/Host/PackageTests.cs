using System.IO.Compression;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Host;

/// <summary>What `dotnet pack` makes for others to install.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_package_and_the_folder_hold_a_module_that_works_where_it_is_put()
    {
        DotNet.Pack("src/ArtifactsPS.Package", _folder.Path);
        var folder = Directory.GetDirectories(Path.Combine(_folder.Path, "Artifacts")).Single();
        var package = Directory.GetFiles(_folder.Path, "Artifacts.*.nupkg").Single();
        var unpacked = Path.Combine(_folder.Path, "elsewhere [1]", "Artifacts", Path.GetFileName(folder));
        ZipFile.ExtractToDirectory(package, unpacked);

        foreach (var module in new[] { folder, unpacked })
        {
            var manifest = Path.Combine(module, "Artifacts.psd1");
            var run = HostProcess.Run(
                "-NoModule",
                "-c",
                $$"""
                Import-Module '{{WildcardEscaped(manifest)}}'
                (Get-Module Artifacts).ExportedCmdlets.Count
                (Get-Command New-Artifact).Module.ModuleBase
                (Get-Help Publish-Artifact).Synopsis
                """
            );
            Assert.Equal("", run.Errors);
            var lines = run.Output.Split('\n');
            Assert.True(int.Parse(lines[0], System.Globalization.CultureInfo.InvariantCulture) > 20, run.Output);
            Assert.StartsWith(module, lines[1], StringComparison.Ordinal);
            Assert.StartsWith("Publishes", lines[2], StringComparison.Ordinal);
        }
        Assert.Equal(FilesOf(folder), FilesOf(unpacked).Where(IsOfTheModule));
    }

    // Import-Module takes brackets for a wildcard.
    private static string WildcardEscaped(string path) =>
        path.Replace("[", "`[", StringComparison.Ordinal).Replace("]", "`]", StringComparison.Ordinal);

    private static IEnumerable<string> FilesOf(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file))
            .Order(StringComparer.Ordinal);

    // A package has some files of its own besides.
    private static bool IsOfTheModule(string file) =>
        file.StartsWith("module", StringComparison.Ordinal)
        || file is "Artifacts.psd1" or "README.md" or "CHANGELOG.md" or "LICENSE";
}
