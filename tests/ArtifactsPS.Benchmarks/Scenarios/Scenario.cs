using ArtifactsPS.Benchmarks.Measuring;
using ArtifactsPS.Benchmarks.Peers;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Benchmarks.Scenarios;

/// <summary>A piece of work to be timed.</summary>
/// <param name="Name">What the user calls it.</param>
/// <param name="Title">What the table says.</param>
/// <param name="Begin">Brings a program to the state that it begins from.</param>
/// <param name="Command">What is timed; null where the program has no such thing.</param>
internal sealed record Scenario(string Name, string Title, Action<Subject> Begin, Func<Peer, Command?> Command)
{
    /// <summary>Whether the store grows by it.</summary>
    public bool Publishes { get; init; }

    /// <summary>Whether all files must be in the destination afterwards.</summary>
    public bool Restores { get; init; }

    /// <summary>In the order in which they are measured: the ones that change the data set come last.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("start", "Start, and do nothing", subject => subject.BeginPublished(), peer => peer.Start()),
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
        new("verify", "Verify all that is stored", subject => subject.BeginRead(), peer => peer.Verify()),
        new("content", "One file's content", subject => subject.BeginRead(), peer => peer.ReadFile()),
        new("change", "Publish one changed file", subject => subject.BeginChanged(), peer => peer.PublishChange())
        {
            Publishes = true,
        },
        new("compare", "Compare two versions", subject => subject.BeginTwoVersions(), peer => peer.Compare()),
    ];
}
