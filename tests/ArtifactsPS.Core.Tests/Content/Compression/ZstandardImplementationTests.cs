using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ArtifactsPS.Core.Tests.Content.Compression;

/// <summary>The native and the managed implementation of Zstandard read each other's frames, and refuse the same ones.</summary>
public sealed class ZstandardImplementationTests
{
    private static readonly byte[] Content =
    [
        .. Enumerable.Range(0, 100_000).SelectMany(i => System.Text.Encoding.ASCII.GetBytes($"line {i % 977}\n")),
    ];

    public enum Implementation
    {
        Native,
        Managed,
    }

    [Fact]
    public void Native_library_is_found_on_common_systems()
    {
        Assert.SkipUnless(
            RuntimeInformation.RuntimeIdentifier is "linux-x64" or "linux-arm64" or "win-x64" or "osx-arm64",
            "The module may have no library for this system."
        );
        Assert.NotNull(NativeZstandard.TryLoad());
    }

    [Theory]
    [InlineData(Implementation.Native, Implementation.Native)]
    [InlineData(Implementation.Native, Implementation.Managed)]
    [InlineData(Implementation.Managed, Implementation.Native)]
    [InlineData(Implementation.Managed, Implementation.Managed)]
    public void Frame_is_read_by_other_implementation(Implementation writer, Implementation reader)
    {
        var frame = new byte[Content.Length];
        var length = Open(writer).TryCompress(Content, frame, ZstandardStrategy.Text);

        Assert.InRange(length ?? 0, 1, Content.Length / 10);
        var read = new byte[Content.Length];
        var bytes = frame.AsSpan(0, length!.Value);
        Assert.Equal((ulong)Content.Length, Open(reader).ContentSize(bytes));
        Assert.Equal((ulong)length, Open(reader).FrameLength(bytes));
        Assert.Equal(Content.Length, Open(reader).Decompress(bytes, read));
        Assert.Equal(Content, read);
    }

    [Theory]
    [InlineData(Implementation.Native)]
    [InlineData(Implementation.Managed)]
    public void Frame_that_does_not_fit_is_null(Implementation implementation)
    {
        var random = RandomNumberGenerator.GetBytes(10_000);
        Assert.Null(Open(implementation).TryCompress(random, new byte[9_687], ZstandardStrategy.Text));
        Assert.NotNull(Open(implementation).TryCompress(Content, new byte[9_687 * 10], ZstandardStrategy.Text));
    }

    [Theory]
    [InlineData(Implementation.Native)]
    [InlineData(Implementation.Managed)]
    public void Damaged_frame_fails_and_next_one_is_read(Implementation implementation)
    {
        var zstandard = Open(implementation);
        var frame = new byte[Content.Length];
        var length = zstandard.TryCompress(Content, frame, ZstandardStrategy.Text)!.Value;
        var read = new byte[Content.Length];

        Assert.Throws<InvalidDataException>(() => zstandard.Decompress(frame.AsSpan(0, length / 2), read));
        Assert.Throws<InvalidDataException>(() => zstandard.Decompress(frame.AsSpan(0, length), read.AsSpan(1)));
        Assert.Null(zstandard.FrameLength(frame.AsSpan(0, length - 1)));
        Assert.Null(zstandard.ContentSize([1, 2, 3, 4, 5, 6]));
        Assert.Equal(Content.Length, zstandard.Decompress(frame.AsSpan(0, length), read));
    }

    [Theory]
    [InlineData(Implementation.Native)]
    [InlineData(Implementation.Managed)]
    public void Strategies_alternate_without_affecting_later_frames(Implementation implementation)
    {
        var zstandard = Open(implementation);
        byte[] binary = [0, .. Content];

        var text = Compress(zstandard, Content, ZstandardStrategy.Text);
        var fast = Compress(zstandard, binary, ZstandardStrategy.For(binary));

        Assert.Equal(text, Compress(zstandard, Content, ZstandardStrategy.For(Content)));
        Assert.Equal(fast, Compress(Open(implementation), binary, ZstandardStrategy.Binary));
        Assert.NotEqual(fast, Compress(zstandard, binary, ZstandardStrategy.Text));
    }

    private static byte[] Compress(IZstandard zstandard, byte[] content, ZstandardStrategy strategy)
    {
        var frame = new byte[content.Length];
        return frame[..zstandard.TryCompress(content, frame, strategy)!.Value];
    }

    private static IZstandard Open(Implementation implementation)
    {
        if (implementation == Implementation.Managed)
            return new ManagedZstandard();
        var native = NativeZstandard.TryLoad();
        Assert.SkipWhen(native is null, "The module has no library for this system.");
        return native;
    }
}
