using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Host;

/// <summary>A folder that nobody made for a test: thousands of files of all sizes, in many folders.</summary>
public sealed class SdkFolderTests : SessionTests
{
    [Fact]
    public void The_SDK_is_the_same_byte_for_byte_after_it_was_published_and_restored()
    {
        Assert.SkipWhen(DotNet.Sdk is null, "There is only a runtime here.");
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

#pragma warning disable CA1416 // Asked only where it is known.
    private static bool IsExecutable(string file) => File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute);
#pragma warning restore CA1416
}
