using ArtifactsPS.Benchmarks.Measuring;
using ArtifactsPS.Benchmarks.Peers;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Benchmarks.Scenarios;

/// <summary>Work to measure.</summary>
/// <param name="Name">Name in options.</param>
/// <param name="Title">Title in reports.</param>
/// <param name="Begin">Prepares the starting state; not timed.</param>
/// <param name="Command">Command to time; null if the program doesn't support it.</param>
internal sealed record Scenario(string Name, string Title, Action<Subject> Begin, Func<Peer, Command?> Command)
{
    /// <summary>Whether the work adds to the store.</summary>
    public bool Publishes { get; init; }

    /// <summary>Whether the destination must contain all files afterwards.</summary>
    public bool Restores { get; init; }

    /// <summary>All scenarios, in the order of measurement. Scenarios that change the data set come last.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("start", "Start and exit", subject => subject.BeginPublished(), peer => peer.Start()),
        new("publish", "First publish", subject => subject.BeginEmpty(), peer => peer.Publish()) { Publishes = true },
        new(
            "listed",
            "First publish, from a pipeline of files",
            subject => subject.BeginEmpty(),
            peer => peer.PublishListed()
        )
        {
            Publishes = true,
        },
        new(
            "together",
            "First publish by eight processes",
            subject => subject.BeginEmpty(),
            peer => peer.PublishTogether()
        )
        {
            Publishes = true,
        },
        new("again", "Publish again, unchanged", subject => subject.BeginPublished(), peer => peer.PublishAgain())
        {
            Publishes = true,
        },
        new("restore", "Restore", subject => subject.BeginToRestore(), peer => peer.Restore()) { Restores = true },
        new(
            "restore-again",
            "Restore again, unchanged",
            subject => subject.BeginRestored(),
            peer => peer.RestoreAgain()
        )
        {
            Restores = true,
        },
        new("verify", "Verify the store", subject => subject.BeginRead(), peer => peer.Verify()),
        new("content", "Read one file", subject => subject.BeginRead(), peer => peer.ReadFile()),
        new("change", "Publish one changed file", subject => subject.BeginChanged(), peer => peer.PublishChange())
        {
            Publishes = true,
        },
        new("compare", "Compare two versions", subject => subject.BeginTwoVersions(), peer => peer.Compare()),
    ];
}
