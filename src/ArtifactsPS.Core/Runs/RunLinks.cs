using System.Globalization;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Runs;

/// <summary>What a run has to do with a version.</summary>
public enum RunRole
{
    /// <summary>The run used the version.</summary>
    Input,

    /// <summary>The run made the version, or the same content again.</summary>
    Output,
}

/// <summary>A version that a run used or made.</summary>
/// <param name="Name">The artifact.</param>
/// <param name="Version">The version's number.</param>
public readonly record struct VersionLink(string Name, int Version)
{
    /// <summary><c>name:v3</c>.</summary>
    public string Reference => ArtifactReference.To(Name, Version).ToString();
}

/// <summary>
/// Which runs used and made which versions, kept from both sides, so that neither all runs nor all versions need be read
/// to walk from one to the other. A link is a key that is written once:
/// <c>runs/&lt;run&gt;/inputs/&lt;name&gt;/&lt;version&gt;.json</c> and <c>artifacts/&lt;name&gt;/runs/&lt;version&gt;/inputs/&lt;run&gt;.json</c>,
/// and likewise <c>outputs</c>.
/// </summary>
public sealed class RunLinks(VersionStore store)
{
    private const string Ending = ".json";

    /// <summary>Links a run and a version; if they are already, nothing happens.</summary>
    public async Task AddAsync(
        string runId,
        PublishedVersion version,
        RunRole role,
        CancellationToken cancellationToken
    )
    {
        var number = version.Record.Number;
        var record = SealedRecord.Encode(
            new JObject
            {
                ["run"] = runId,
                ["name"] = version.Name,
                ["version"] = number,
                ["digest"] = version.Record.Digest.Hex,
                ["at"] = Timestamp.Format(Timestamp.Now()),
            }
        );
        await Task.WhenAll(
                store.Objects.TryCreateAsync(
                    $"{OfRun(runId, role)}{Names.KeyOf(version.Name)}/{number}{Ending}",
                    record,
                    cancellationToken
                ),
                store.Objects.TryCreateAsync(
                    $"{OfVersion(version.Name, number, role)}{Names.KeyOf(runId)}{Ending}",
                    record,
                    cancellationToken
                )
            )
            .ConfigureAwait(false);
    }

    /// <summary>The versions that a run used or made, sorted.</summary>
    public async Task<IReadOnlyList<VersionLink>> VersionsOfAsync(
        string runId,
        RunRole role,
        CancellationToken cancellationToken
    )
    {
        var found = new List<VersionLink>();
        var folder = OfRun(runId, role);
        foreach (var key in await ListAsync(folder, cancellationToken).ConfigureAwait(false))
            if (key.IndexOf('/') is > 0 and var slash && TryParse(key.Substring(slash + 1), out var number))
                found.Add(new VersionLink(key.Substring(0, slash), number));
        return [.. found.OrderBy(link => link.Name, StringComparer.Ordinal).ThenBy(link => link.Version)];
    }

    /// <summary>The ids of the runs that used or made a version, sorted.</summary>
    public async Task<IReadOnlyList<string>> RunsOfAsync(
        VersionLink version,
        RunRole role,
        CancellationToken cancellationToken
    )
    {
        var folder = OfVersion(version.Name, version.Version, role);
        var ids = await ListAsync(folder, cancellationToken).ConfigureAwait(false);
        return [.. ids.OrderBy(id => id, StringComparer.Ordinal)];
    }

    // Without the folder and the ending.
    private async Task<List<string>> ListAsync(string folder, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        await foreach (var key in store.Objects.ListAsync(folder, cancellationToken).ConfigureAwait(false))
            if (key.Key.EndsWith(Ending, StringComparison.Ordinal))
                found.Add(key.Key.Substring(folder.Length, key.Key.Length - folder.Length - Ending.Length));
        return found;
    }

    private static bool TryParse(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string OfRun(string runId, RunRole role) => $"{StoreLayout.RunFolder(runId)}{FolderOf(role)}/";

    private static string OfVersion(string name, int version, RunRole role) =>
        $"{StoreLayout.RunLinksFolder(name, version)}{FolderOf(role)}/";

    private static string FolderOf(RunRole role) => role == RunRole.Input ? "inputs" : "outputs";
}
