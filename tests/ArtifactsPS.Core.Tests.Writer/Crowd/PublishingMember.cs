using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Tests.Crowd;
using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Tests.Writer.Crowd;

/// <summary>Publishes new drafts, and drafts from versions that other members may be deleting.</summary>
internal sealed class PublishingMember(FolderObjectStore objects, CrowdTime time, int seed, StreamWriter log)
    : CrowdMember(objects, time, seed)
{
    private static readonly string[] Aliases = ["prod", "beta", "old"];

    protected override async Task<string> ActAsync()
    {
        using var timeLock = await Time.LockSharedAsync();
        var name =
            Random.Next(12) == 0 ? CrowdContent.Large
            : Random.Next(4) == 0 ? CrowdContent.Wide
            : CrowdContent.Narrow;
        var version = name != CrowdContent.Wide && Random.Next(2) == 0 ? null : await ChooseAsync(name);
        if (version is null && name == CrowdContent.Wide)
            return "no base version";
        try
        {
            await using var draft = version is null
                ? ArtifactDraft.Begin(Store, ArtifactName.Parse(name), TypeName.Parse("data"), [])
                : ArtifactDraft.From(version);
            for (var i = Random.Next(4); i >= 0; i--)
                await AddAsync(draft, CrowdContent.PathIn(name, Random));
            AliasName[] aliases = Random.Next(4) == 0 ? [AliasName.Parse(Aliases[Random.Next(Aliases.Length)])] : [];
            var published = await Publisher.PublishAsync(draft, aliases, [], null, default);
            await log.WriteLineAsync("published " + Line(published));
            return published.Deduplicated ? "published again" : "published";
        }
        catch (ObjectCleanedUpException)
        {
            // Expected: clean-up removed content that the draft relied on.
            return "refused";
        }
        catch (ObjectMissingException e) when (version is not null)
        {
            await CheckDeletedAsync(version, e);
            return "refused";
        }
    }

    private async Task AddAsync(ArtifactDraft draft, string path)
    {
        var bytes = CrowdContent.Bytes(path, CrowdContent.Variant(Random));
        if (bytes.Length < ContentWriter.LargeFileSize)
        {
            await draft.AddBytesAsync(EntryPath.Parse(path), bytes, replace: true, default);
            return;
        }
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, bytes);
            await draft.AddFileAsync(EntryPath.Parse(path), file, replace: true, new TransferProgress(), default);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
