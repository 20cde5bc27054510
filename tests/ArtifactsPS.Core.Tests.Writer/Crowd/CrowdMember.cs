using System.Globalization;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Tests.Crowd;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Tests.Writer.Crowd;

/// <summary>One of many processes that use a store at once. It repeats its kind of action until its time is up.</summary>
/// <param name="time">Clock of the store, stopped during an action.</param>
/// <param name="seed">Seed for the choice of actions.</param>
internal abstract class CrowdMember(FolderObjectStore objects, CrowdTime time, int seed)
{
    // The store is opened again after so many actions, as by a new session.
    private const int ActionsPerSession = 20;

    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    protected Random Random { get; } = new(seed);

    protected FolderObjectStore Objects => objects;

    protected CrowdTime Time => time;

    protected VersionStore Store { get; private set; } = null!;

    /// <summary>Creates a member by its role.</summary>
    public static CrowdMember Of(string role, FolderObjectStore objects, CrowdTime time, int seed, StreamWriter log) =>
        role switch
        {
            "publish" => new PublishingMember(objects, time, seed, log),
            "collaborate" => new ContributingMember(objects, time, seed, log),
            "read" => new ReadingMember(objects, time, seed),
            "edit" => new EditingMember(objects, time, seed),
            "delete" => new DeletingMember(objects, time, seed),
            "clean" => new CleaningMember(objects, time, seed),
            "check" => new CheckingMember(objects, time, seed),
            _ => throw new ArgumentException($"Unknown role '{role}'.", nameof(role)),
        };

    /// <summary>Repeats actions until a point in time.</summary>
    /// <returns>Number of actions for each outcome.</returns>
    public async Task<string> RunAsync(DateTime until)
    {
        for (var actions = 0; DateTime.UtcNow < until; actions++)
        {
            if (actions % ActionsPerSession == 0)
                Store = await VersionStore.OpenAsync(objects, default);
            var outcome = await ActAsync();
            _counts[outcome] = _counts.GetValueOrDefault(outcome) + 1;
        }
        return string.Join(", ", _counts.Select(count => FormattableString.Invariant($"{count.Key}: {count.Value}")));
    }

    /// <summary>Runs one action.</summary>
    /// <returns>Outcome in words.</returns>
    protected abstract Task<string> ActAsync();

    /// <summary>Chooses a random live version; null if there is none.</summary>
    protected async Task<PublishedVersion?> ChooseAsync(string name)
    {
        var state = await Store.OpenCatalog(ArtifactName.Parse(name)).ReadAsync(default);
        foreach (var (alias, number) in state.Aliases)
            if (!state.Contains(number))
                throw new InvalidDataException($"{name}:{alias} names v{number}, which doesn't exist.");
        var numbers = state.VersionNumbers.ToList();
        if (numbers.Count == 0)
            return null;
        // Half of the time the newest version, to increase contention.
        var chosen = Random.Next(2) == 0 ? numbers[^1] : numbers[Random.Next(numbers.Count)];
        return new PublishedVersion(Store, state, (await state.FindAsync(chosen, default))!);
    }

    protected string ChooseName() => CrowdContent.Names[Random.Next(CrowdContent.Names.Length)];

    /// <summary>Checks that a version with a missing object has been deleted in the meantime.</summary>
    protected async Task CheckDeletedAsync(PublishedVersion version, ObjectMissingException missing)
    {
        if ((await Store.OpenCatalog(version.Name).ReadAsync(default)).Contains(version.Record.Number))
            throw new InvalidDataException($"{version.Reference} is live, but an object of it is missing.", missing);
    }

    /// <summary>Text for a version in the log.</summary>
    protected static string Line(PublishedVersion version) =>
        string.Create(CultureInfo.InvariantCulture, $"{version.Name} {version.Record.Number} {version.Record.Digest}");
}
