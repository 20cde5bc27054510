using System.Runtime.InteropServices;

namespace ArtifactsPS.Core.Tests.FileSystem;

public sealed class FullDiskCodeTests
{
    [Theory]
    [InlineData("LINUX", "28,122")]
    [InlineData("OSX", "28,69")]
    [InlineData("WINDOWS", "-2147024857,-2147024784,-2147024582,-2147023601")]
    public void Full_disk_and_quota_are_recognized(string system, string codes)
    {
        int[] all = [0, 5, 27, 28, 69, 122, 112, -2147024891, -2147024857, -2147024784, -2147024582, -2147023601];
        var full = all.Where(code => FullDisk.IsFull(code, OSPlatform.Create(system)));
        Assert.Equal(codes, string.Join(',', full));
    }

    [Fact]
    public void Quota_of_this_system_makes_a_store_full()
    {
        var quota =
            OperatingSystem.IsWindows() ? unchecked((int)0x8007050F)
            : OperatingSystem.IsMacOS() ? 69
            : 122;
        var failure = StoreFailure.From(new IOException("quota", quota), "store");
        Assert.Equal("StoreFull", failure.ErrorId);
        Assert.Equal("StoreUnavailable", StoreFailure.From(new IOException("other", 5), "store").ErrorId);
    }
}
