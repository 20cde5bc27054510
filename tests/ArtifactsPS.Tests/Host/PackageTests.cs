using System.IO.Compression;
using System.Xml.Linq;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Host;

/// <summary>The module package that `dotnet pack` creates.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Module_installed_from_its_package_is_imported_by_name()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There, modules are always installed in the user's own folder.");
        DotNet.Pack("src/ArtifactsPS.Package", _folder.Path);
        // PSResourceGet installs there, and PowerShell searches below XDG_DATA_HOME.
        var data = Path.Combine(_folder.Path, ".local", "share");

        var run = ShellProcess.Run(
            "pwsh",
            [
                "-c",
                $$"""
                $ErrorActionPreference = 'Stop'
                Register-PSResourceRepository built '{{_folder.Path}}' -Trusted
                Install-PSResource Artifacts -Repository built
                Import-Module Artifacts
                (Get-Module Artifacts).ExportedCmdlets.Count -gt 20
                (Get-Command New-Artifact).Module.ModuleBase
                (Get-Help Publish-Artifact).Synopsis
                """,
            ],
            "",
            ("HOME", _folder.Path),
            ("XDG_DATA_HOME", Directory.CreateDirectory(data).FullName)
        );

        Assert.Equal("", run.Errors);
        Assert.Equal("True", run.Lines[0]);
        var installed = Path.Combine(data, "powershell", "Modules", "Artifacts");
        Assert.StartsWith(installed, run.Lines[1], StringComparison.Ordinal);
        Assert.StartsWith("Publishes", run.Lines[2], StringComparison.Ordinal);
        var built = Directory.GetDirectories(Path.Combine(_folder.Path, "Artifacts")).Single();
        Assert.Equal(FilesOf(built), FilesOf(run.Lines[1]).Where(IsOfTheModule));
    }

    [Fact]
    public void Package_contains_staged_files_and_metadata()
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
            package
                .Entries.Select(entry => entry.FullName)
                .Where(file => IsOfTheModule(file) && !IsMachineCode(file))
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            staged,
            FilesOf(Suite.ModuleFolder).Select(file => file.Replace('\\', '/')).Where(file => !IsMachineCode(file))
        );
        // Only files of the module: those that the manifest names, binaries with symbols, help, native libraries, and
        // dependency lists and licences.
        Assert.All(
            staged.Except(beside, StringComparer.Ordinal),
            file =>
                Assert.Matches(
                    @"^module/(Artifacts\.(psm1|Format\.ps1xml|Types\.ps1xml)|bin/(net8\.0|netstandard2\.0)/((stores/\w+/(runtimes/[\w-]+/lib/[\w.]+/)?)?[\w.]+\.(dll|pdb)|stores/\w+/([\w.]+\.deps\.json|store\.json|LICENSES\.txt)|runtimes/(LICENSE\.txt|(win|linux|osx)-(x64|x86|arm64)/native/libzstd\.(dll|so|dylib))|en-US/[\w.-]+(\.help\.txt|-Help\.xml)))$",
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

    private static IEnumerable<string> FilesOf(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file))
            .Order(StringComparer.Ordinal);

    // Only packages of the Release build have it.
    private static bool IsMachineCode(string file) =>
        file.StartsWith("module/bin/net8.0/net10.0-", StringComparison.Ordinal);

    // A package also contains files of the package format.
    private static bool IsOfTheModule(string file) =>
        file.StartsWith("module", StringComparison.Ordinal)
        || file is "Artifacts.psd1" or "README.md" or "CHANGELOG.md" or "LICENSE";
}
