using System.Text;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Hostile;

/// <summary>Damaged and malicious Zstandard frames of pages.</summary>
[Collection(nameof(MemoryTests))]
public sealed class HostilePageFrameTests : IAsyncLifetime
{
    private HostileVersion _hostile = null!;

    public async ValueTask InitializeAsync() => _hostile = await HostileVersion.CreateAsync();

    public ValueTask DisposeAsync()
    {
        _hostile.Dispose();
        return default;
    }

    [Fact]
    public async Task Damaged_frame_of_page_causes_only_documented_errors()
    {
        var frame = Frames.Compress(Encoding.UTF8.GetBytes(_hostile.Entries));
        Assert.True(
            await Fuzzing.SucceedsAsync(
                () => _hostile.UseAsync(_hostile.StoreFrame(frame, _hostile.Entries)),
                "the undamaged frame"
            )
        );
        await Fuzzing.ForEachAsync(
            200,
            random => _hostile.UseAsync(_hostile.StoreFrame(new Mutator(random).Mutate(frame), _hostile.Entries))
        );
    }

    [Theory]
    [InlineData("another size")]
    [InlineData("no size")]
    [InlineData("64 MiB and a byte")]
    [InlineData("truncated")]
    [InlineData("two frames")]
    [InlineData("skippable frame")]
    [InlineData("dictionary")]
    public async Task Hostile_frame_of_page_is_refused(string fault)
    {
        var json = Encoding.UTF8.GetBytes(_hostile.Entries);
        var frame = fault switch
        {
            "another size" => Frames.Compress([.. json, (byte)' ']),
            "no size" => Frames.Raw(json, size: null),
            "64 MiB and a byte" => Frames.Raw(json, ZstandardFrame.MaxContentSize + 1),
            "truncated" => Frames.Compress(json)[..^1],
            "two frames" => [.. Frames.Compress(json), .. Frames.Compress(json)],
            "skippable frame" => [.. Frames.Compress(json), .. Frames.Skippable(10)],
            _ => Frames.Raw(json, json.Length, dictionary: 7),
        };
        var page = _hostile.StoreFrame(frame, _hostile.Entries);
        var before = GC.GetTotalAllocatedBytes();
        await Assert.ThrowsAsync<ObjectCorruptException>(() => _hostile.UseAsync(page));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 32 << 20);
    }
}
