using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Host;

/// <summary>Round trip of a real folder: the .NET SDK, with thousands of files of all sizes.</summary>
public sealed class SdkFolderTests : SessionTests
{
    [Fact]
    public void Restored_SDK_folder_equals_published_one()
    {
        Assert.SkipWhen(DotNet.Sdk is null, "Only a runtime is installed.");
        var sdk = DotNet.Sdk!;

        var version = Session.One(
            "New-Artifact sdk toolchain | Add-ArtifactDirectory -LiteralPath $args[0] | Publish-Artifact",
            sdk
        );
        Session.Run("Save-Artifact sdk restored");

        var restored = Path.Combine(Session.Folder, "restored");
        var files = Files(sdk);
        Assert.Equal(files, Files(restored));
        Assert.Equal(files.Length, version.Get<long>("FileCount"));
        Assert.All(files, file => AssertSame(Path.Combine(sdk, file), Path.Combine(restored, file)));
    }

    private static string[] Files(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder, file))
                .Order(StringComparer.Ordinal),
        ];

    private static void AssertSame(string original, string restored)
    {
        Assert.True(File.ReadAllBytes(original).AsSpan().SequenceEqual(File.ReadAllBytes(restored)), restored);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(IsExecutable(original), IsExecutable(restored));
    }

#pragma warning disable CA1416 // Not called on Windows.
    private static bool IsExecutable(string file) => File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute);
#pragma warning restore CA1416
}
