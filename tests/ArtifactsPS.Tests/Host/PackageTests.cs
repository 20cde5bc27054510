using System.IO.Compression;
using System.Xml.Linq;
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

    [Fact]
    public void The_package_holds_what_is_staged_and_says_what_repositories_ask_for()
    {
        DotNet.Pack("src/ArtifactsPS.Package", _folder.Path);
        using var package = ZipFile.OpenRead(Directory.GetFiles(_folder.Path, "Artifacts.*.nupkg").Single());
        string[] beside = ["Artifacts.psd1", "CHANGELOG.md", "LICENSE", "README.md"];
        var staged = FilesOf(Path.Combine(Suite.RepositoryRoot, "module"))
            .Select(file => "module/" + file.Replace('\\', '/'))
            .Concat(beside)
            .Order(StringComparer.Ordinal)
            .ToList();

        Assert.Equal(
            staged,
            package.Entries.Select(entry => entry.FullName).Where(IsOfTheModule).Order(StringComparer.Ordinal)
        );
        Assert.Equal(staged, FilesOf(Suite.ModuleFolder).Select(file => file.Replace('\\', '/')));
        // Nothing but modules' files: binaries with what is needed to read their faults, which of them stores load and under
        // what licence, help, and what the manifest names.
        Assert.All(
            staged.Except(beside, StringComparer.Ordinal),
            file =>
                Assert.Matches(
                    @"^module/(Artifacts\.(psm1|Format\.ps1xml|Types\.ps1xml)|bin/(net8\.0|netstandard2\.0)/((stores/\w+/(runtimes/[\w-]+/lib/[\w.]+/)?)?[\w.]+\.(dll|pdb)|stores/\w+/([\w.]+\.deps\.json|LICENSES\.txt)|en-US/[\w.-]+(\.help\.txt|-Help\.xml)))$",
                    file
                )
        );

        using var stream = package.GetEntry("Artifacts.nuspec")!.Open();
        var metadata = XDocument.Load(stream).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        string Of(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        var manifest = File.ReadAllText(Suite.ModuleManifest);
        Assert.Equal("Artifacts", Of("id"));
        Assert.Contains($"ModuleVersion        = '{Of("version")}'", manifest, StringComparison.Ordinal);
        Assert.Contains($"Description          = '{Of("description")}'", manifest, StringComparison.Ordinal);
        Assert.Contains($"ProjectUri   = '{Of("projectUrl")}'", manifest, StringComparison.Ordinal);
        Assert.Equal(Suite.RepositoryUrl, Of("projectUrl"));
        Assert.Equal("MIT", Of("license"));
        Assert.Equal("README.md", Of("readme"));
        Assert.Contains("PSModule", Of("tags"), StringComparison.Ordinal);
        Assert.StartsWith("### Added", Of("releaseNotes"), StringComparison.Ordinal);
        Assert.Contains("Export-ArtifactReport", Of("releaseNotes"), StringComparison.Ordinal);
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
