using System.Globalization;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Runs;

/// <summary>Role of a version in a run.</summary>
public enum RunRole
{
    /// <summary>The run used the version.</summary>
    Input,

    /// <summary>The run published the version, or published equal content again.</summary>
    Output,
}

/// <summary>A version that a run used or produced.</summary>
public readonly record struct VersionLink(ArtifactName Name, int Version)
{
    /// <summary><c>name:v3</c>.</summary>
    public string Reference => ArtifactReference.To(Name, Version).ToString();
}

/// <summary>A stored link between a run and a version.</summary>
internal sealed record RunLinkRecord(RunId RunId, ArtifactName Name, int Version, Digest Digest, DateTimeOffset At)
{
    public static RunLinkRecord Map(RecordFields fields, RunLinkRecord? value) =>
        new(
            fields.Name<RunId>("run", value?.RunId, Values.RunId.TryParse),
            fields.Name<ArtifactName>("name", value?.Name, ArtifactName.TryParse),
            fields.Int32("version", value?.Version),
            fields.Digest("digest", value?.Digest),
            fields.Time("at", value?.At)
        );
}

/// <summary>
/// Links between runs and versions, stored for both, so that a link can be followed in either direction without reading
/// all runs or versions. A link is a key that is written once:
/// <c>runs/&lt;run&gt;/inputs/&lt;name&gt;/&lt;version&gt;.json</c> and <c>artifacts/&lt;key&gt;/runs/&lt;version&gt;/inputs/&lt;run&gt;.json</c>,
/// and likewise <c>outputs</c>.
/// </summary>
public sealed class RunLinks(VersionStore store)
{
    private const string Extension = ".json";

    /// <summary>Records that a run used a version. If the version is a link, the run used the versions in the store that it links, too.</summary>
    public async Task AddInputAsync(RunId runId, PublishedVersion version, CancellationToken cancellationToken)
    {
        await AddAsync(runId, version, RunRole.Input, cancellationToken).ConfigureAwait(false);
        var sources = LinkChain.ReadInStoreAsync(store, version.Record, cancellationToken);
        await foreach (var (_, source) in sources.ConfigureAwait(false))
            await AddAsync(
                    runId,
                    source.Artifact,
                    new VersionLink(source.Name, source.Version),
                    version.Record.Digest,
                    RunRole.Input,
                    cancellationToken
                )
                .ConfigureAwait(false);
    }

    /// <summary>Links a run and a version. An existing link is left unchanged.</summary>
    public Task AddAsync(RunId runId, PublishedVersion version, RunRole role, CancellationToken cancellationToken) =>
        AddAsync(
            runId,
            version.Key,
            new VersionLink(version.Name, version.Record.Number),
            version.Record.Digest,
            role,
            cancellationToken
        );

    private async Task AddAsync(
        RunId runId,
        ArtifactKey artifact,
        VersionLink version,
        Digest digest,
        RunRole role,
        CancellationToken cancellationToken
    )
    {
        var record = SealedRecord.Encode(
            RecordFields.Write(
                RunLinkRecord.Map,
                new RunLinkRecord(runId, version.Name, version.Version, digest, Timestamp.Now())
            )
        );
        await Task.WhenAll(
                store.Objects.TryCreateAsync(
                    $"{OfRun(runId, role)}{version.Name.Key}/{version.Version}{Extension}",
                    record,
                    cancellationToken
                ),
                store.Objects.TryCreateAsync(
                    $"{OfVersion(artifact, version.Version, role)}{runId.Key}{Extension}",
                    record,
                    cancellationToken
                )
            )
            .ConfigureAwait(false);
    }

    /// <summary>Lists the versions that a run used or produced, sorted.</summary>
    public async Task<IReadOnlyList<VersionLink>> VersionsOfAsync(
        RunId runId,
        RunRole role,
        CancellationToken cancellationToken
    )
    {
        var found = new List<VersionLink>();
        var folder = OfRun(runId, role);
        foreach (var key in await ListAsync(folder, cancellationToken).ConfigureAwait(false))
            if (
                key.IndexOf('/') is > 0 and var slash
                && ArtifactName.TryParseKey(key.Substring(0, slash), out var name)
                && TryParse(key.Substring(slash + 1), out var number)
            )
                found.Add(new VersionLink(name, number));
        return [.. found.OrderBy(link => link.Name.Key, StringComparer.Ordinal).ThenBy(link => link.Version)];
    }

    /// <summary>Reads the versions that a run used, with their digests, sorted.</summary>
    /// <exception cref="ObjectCorruptException">A link is damaged.</exception>
    internal async Task<IReadOnlyList<(VersionLink Version, Digest Digest)>> InputsOfAsync(
        RunId runId,
        CancellationToken cancellationToken
    )
    {
        var found = new List<(VersionLink, Digest)>();
        foreach (var link in await VersionsOfAsync(runId, RunRole.Input, cancellationToken).ConfigureAwait(false))
        {
            var key = $"{OfRun(runId, RunRole.Input)}{link.Name.Key}/{link.Version}{Extension}";
            var record = await SealedRecord.ReadAsync(store.Objects, key, cancellationToken).ConfigureAwait(false);
            if (record is null)
                continue;
            try
            {
                var stored = RecordFields.Read<RunLinkRecord>(RunLinkRecord.Map, record.ToJson());
                found.Add((new VersionLink(stored.Name, link.Version), stored.Digest));
            }
            catch (InvalidDataException e)
            {
                throw new ObjectCorruptException(store.Location, key, e.Message);
            }
        }
        return found;
    }

    /// <summary>Lists the ids of the runs that used or produced a version, sorted.</summary>
    public async Task<IReadOnlyList<RunId>> RunsOfAsync(
        ArtifactKey artifact,
        int version,
        RunRole role,
        CancellationToken cancellationToken
    )
    {
        var folder = OfVersion(artifact, version, role);
        var ids = await ListAsync(folder, cancellationToken).ConfigureAwait(false);
        return
        [
            .. ids.OrderBy(id => id, StringComparer.Ordinal)
                .Select(text => RunId.TryParseKey(text, out var id) ? id : null)
                .OfType<RunId>(),
        ];
    }

    // Keys without the folder and the extension.
    private async Task<List<string>> ListAsync(string folder, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        await foreach (var key in store.Objects.ListAsync(folder, cancellationToken).ConfigureAwait(false))
            if (key.Key.EndsWith(Extension, StringComparison.Ordinal))
                found.Add(key.Key.Substring(folder.Length, key.Key.Length - folder.Length - Extension.Length));
        return found;
    }

    private static bool TryParse(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string OfRun(RunId runId, RunRole role) => $"{StoreLayout.RunFolder(runId)}{FolderOf(role)}/";

    private static string OfVersion(ArtifactKey artifact, int version, RunRole role) =>
        $"{StoreLayout.RunLinksFolder(artifact, version)}{FolderOf(role)}/";

    private static string FolderOf(RunRole role) => role == RunRole.Input ? "inputs" : "outputs";
}
