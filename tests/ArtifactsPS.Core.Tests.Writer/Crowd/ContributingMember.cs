using System.Globalization;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Distributed;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Tests.Crowd;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Tests.Writer.Crowd;

/// <summary>Contributes to versions that other members contribute to as well, and sometimes completes one.</summary>
internal sealed class ContributingMember(FolderObjectStore objects, CrowdTime time, int seed, StreamWriter log)
    : CrowdMember(objects, time, seed)
{
    private static readonly TimeSpan PerDistributedVersion = TimeSpan.FromMilliseconds(700);

    private readonly string _contributor = string.Create(CultureInfo.InvariantCulture, $"member{seed}");
    private readonly Dictionary<string, List<string>> _contributed = new(StringComparer.Ordinal);
    private int _files;

    protected override async Task<string> ActAsync()
    {
        using var timeLock = await Time.LockSharedAsync();
        var round = DateTime.UtcNow.Ticks / PerDistributedVersion.Ticks;
        var id = string.Create(CultureInfo.InvariantCulture, $"job-{round}");
        try
        {
            return Random.Next(4) == 0 ? await CompleteAsync(id) : await ContributeAsync(id);
        }
        catch (DistributedArtifactLockedException)
        {
            return "locked";
        }
        catch (DistributedArtifactNotFoundException)
        {
            return "nothing to complete";
        }
        catch (ObjectCleanedUpException)
        {
            return "refused";
        }
    }

    private async Task<string> ContributeAsync(string id)
    {
        await using var draft = ArtifactDraft.Begin(
            Store,
            ArtifactName.Parse(CrowdContent.Joint),
            TypeName.Parse("data"),
            []
        );
        // One path of its own, and one shared with other members.
        var own = string.Create(CultureInfo.InvariantCulture, $"own-{_contributor}-{_files++ % 5}");
        foreach (var (path, variant) in new[] { (own, CrowdContent.Variant(Random)), ("shared", 1) })
            await draft.AddBytesAsync(EntryPath.Parse(path), CrowdContent.Bytes(path, variant), true, default);
        await DraftContributor.ContributeAsync(draft, DistributedId.Parse(id), _contributor, null, default);
        await log.WriteLineAsync($"contributed {id} {own}");
        if (!_contributed.TryGetValue(id, out var paths))
            _contributed.Add(id, paths = []);
        paths.Add(own);
        return "contributed";
    }

    private async Task<string> CompleteAsync(string id)
    {
        var options = new CompletionOptions { Contributor = _contributor };
        var completer = new DistributedCompleter(
            new DistributedLog(Store, ArtifactName.Parse(CrowdContent.Joint), DistributedId.Parse(id)),
            options
        );
        PublishedVersion version;
        try
        {
            version = await completer.CompleteAsync(default);
        }
        catch (Exception e) when (e is ArtifactVersionNotFoundException or ArtifactNotFoundException)
        {
            // The version was completed, then deleted.
            return "completed and deleted";
        }
        await log.WriteLineAsync($"completed {id} {Line(version)}");
        try
        {
            var paths = await CrowdContent.ReadAllAsync(version, default);
            if (
                _contributed.GetValueOrDefault(id)?.Except(paths, StringComparer.Ordinal).FirstOrDefault() is
                { } missing
            )
                throw new InvalidDataException($"{version.Reference} of {id} has no file {missing}.");
        }
        catch (ObjectMissingException e)
        {
            await CheckDeletedAsync(version, e);
            return "completed and deleted";
        }
        return "completed";
    }
}
