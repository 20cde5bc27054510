using System.Collections.Concurrent;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Takes in what is found wrong with a store, as it is found. Safe for concurrent callers.</summary>
/// <param name="location">The store's.</param>
internal sealed class StoreProblems(string location)
{
    private const string RestoreKey = "Restore the key from a copy of the store.";

    public ConcurrentQueue<StoreProblem> Found { get; } = new();

    public void Add(
        StoreProblemKind kind,
        string key,
        string message,
        string remedy = RestoreKey,
        Damage? damage = null,
        ProblemSeverity severity = ProblemSeverity.Error
    ) =>
        Found.Enqueue(
            new StoreProblem
            {
                Severity = severity,
                Kind = kind,
                Key = key,
                Message = message,
                Remedy = remedy,
                Versions = damage?.Versions ?? [],
                Paths = damage?.Paths ?? [],
                PathCount = damage?.PathCount ?? 0,
                Store = location,
            }
        );

    /// <summary>Adds a folder where artifacts are and that is none. What would be in it is needed, perhaps.</summary>
    public void AddUnexpectedFolder(string key, string message) =>
        Add(
            StoreProblemKind.UnexpectedKey,
            key,
            message,
            "Rename it if you know what it was called, or move it out of the store."
        );

    public void AddUnexpected(string key, string message) =>
        Add(
            StoreProblemKind.UnexpectedKey,
            key,
            message,
            "Nothing reads it. Delete it if you know where it came from.",
            severity: ProblemSeverity.Warning
        );
}
