using System.Globalization;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Tests.Crowd;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Tests.Writer.Crowd;

/// <summary>One of many that use a store at once: does its own kind of thing again and again, until its time is up.</summary>
/// <param name="objects">The store.</param>
/// <param name="time">Stands still while it does something.</param>
/// <param name="seed">Chooses what it does.</param>
internal abstract class CrowdMember(FolderObjectStore objects, CrowdTime time, int seed)
{
    // A session goes on with what it has read for some time.
    private const int DeedsPerSession = 20;

    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    protected Random Random { get; } = new(seed);

    protected FolderObjectStore Objects => objects;

    protected CrowdTime Time => time;

    protected VersionStore Store { get; private set; } = null!;

    /// <summary>Starts one.</summary>
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
            _ => throw new ArgumentException($"'{role}' is no role.", nameof(role)),
        };

    /// <summary>Goes on until a point in time.</summary>
    /// <returns>What came of it, and how often.</returns>
    public async Task<string> RunAsync(DateTime until)
    {
        for (var deeds = 0; DateTime.UtcNow < until; deeds++)
        {
            if (deeds % DeedsPerSession == 0)
                Store = await VersionStore.OpenAsync(objects, default);
            var outcome = await DoAsync();
            _counts[outcome] = _counts.GetValueOrDefault(outcome) + 1;
        }
        return string.Join(", ", _counts.Select(count => FormattableString.Invariant($"{count.Key}: {count.Value}")));
    }

    /// <summary>Does one thing.</summary>
    /// <returns>What came of it.</returns>
    protected abstract Task<string> DoAsync();

    /// <summary>A live version chosen by chance; null when there is none.</summary>
    protected async Task<PublishedVersion?> ChooseAsync(string name)
    {
        var state = await Store.OpenCatalog(name).ReadAsync(default);
        foreach (var (alias, number) in state.Aliases)
            if (state.Find(number) is null)
                throw new InvalidDataException($"{name}:{alias} is v{number}, which is not there.");
        var numbers = state.VersionNumbers.ToList();
        if (numbers.Count == 0)
            return null;
        // The newest half of the time: that is where all meet.
        var chosen = Random.Next(2) == 0 ? numbers[^1] : numbers[Random.Next(numbers.Count)];
        return new PublishedVersion(Store, state, state.Find(chosen)!);
    }

    protected string ChooseName() => CrowdContent.Names[Random.Next(CrowdContent.Names.Length)];

    /// <summary>Something of a version is missing, which may be only if it was deleted since it was found.</summary>
    protected async Task CheckGoneAsync(PublishedVersion version, ObjectMissingException missing)
    {
        if ((await Store.OpenCatalog(version.Name).ReadAsync(default)).Find(version.Record.Number) is not null)
            throw new InvalidDataException($"{version.Reference} is lost.", missing);
    }

    /// <summary>A line that a log has of a version.</summary>
    protected static string Line(PublishedVersion version) =>
        string.Create(CultureInfo.InvariantCulture, $"{version.Name} {version.Record.Number} {version.Record.Digest}");
}
