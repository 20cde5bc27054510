using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance;

/// <summary>Versions of one large file. The second and later versions store it in chunks.</summary>
internal static class LargeFiles
{
    public static byte[] Bytes(int change)
    {
        var bytes = new byte[ContentWriter.LargeFileSize + 1000];
        new Random(17).NextBytes(bytes);
        bytes[bytes.Length / 2] = (byte)change;
        return bytes;
    }

    public static async Task PublishAsync(TestStore store, TemporaryFolder folder, int changes)
    {
        for (var change = 0; change <= changes; change++)
        {
            await using var draft = store.Begin();
            await draft.AddFileAsync("large", folder.Write("large", Bytes(change)));
            await draft.AddTextAsync("small", "small");
            await draft.PublishAsync();
        }
    }

    public static async Task<ManifestEntry> EntryAsync(this PublishedVersion version, string path) =>
        (await version.Manifest.FindAsync(EntryPath.Parse(path), Token))!;
}
