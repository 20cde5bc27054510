using ArtifactsPS.Core.Concurrency;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Describes the problems of a store. Thread-safe.</summary>
/// <param name="location">Location of the store.</param>
/// <param name="found">Receives the problems. Adding blocks while it is behind.</param>
internal sealed class StoreProblems(string location, IResultSink<StoreProblem> found)
{
    private const string RestoreKey = "Restore the key from a copy of the store.";

    public void Add(
        StoreProblemKind kind,
        string key,
        string message,
        string remedy = RestoreKey,
        Damage? damage = null,
        ProblemSeverity severity = ProblemSeverity.Error
    ) =>
        found.Add(
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

    /// <summary>Adds a folder with an invalid name of an artifact. Its content may be needed.</summary>
    public void AddUnexpectedFolder(string key, string message) =>
        Add(
            StoreProblemKind.UnexpectedKey,
            key,
            message,
            "Rename the folder to its original name, or move it out of the store."
        );

    public void AddUnexpected(string key, string message) =>
        Add(
            StoreProblemKind.UnexpectedKey,
            key,
            message,
            "The module does not read it. Delete it if you know its origin.",
            severity: ProblemSeverity.Warning
        );
}
