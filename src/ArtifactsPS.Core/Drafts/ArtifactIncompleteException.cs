using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>A draft lacks content that should have been added.</summary>
public sealed class ArtifactIncompleteException : ArtifactsException
{
    private const int MaxListed = 20;

    private ArtifactIncompleteException(ArtifactName name, string message, IReadOnlyList<ItemFailure> failures)
        : base(message, name.ToString()) => Failures = failures;

    /// <summary>The items that are missing in the draft, and the reasons, oldest first.</summary>
    public IReadOnlyList<ItemFailure> Failures { get; }

    public override string ErrorId => "ArtifactIncomplete";

    public override ErrorKind Kind => ErrorKind.InvalidOperation;

    /// <summary>Something could not be added to the draft.</summary>
    internal static ArtifactIncompleteException OfFailures(ArtifactName name, IReadOnlyList<ItemFailure> failures) =>
        new(
            name,
            $"The draft of '{name}' is incomplete. Nothing was published, because this could not be added: "
                + List(
                    failures.Select(failure => $"'{failure.Item}' ({failure.Exception.Message.TrimEnd('.')})"),
                    failures.Count
                )
                + ". Add it again, or publish without it with -AllowIncomplete.",
            failures
        );

    /// <summary>Content of entries could not be written to the store, and is no longer in memory.</summary>
    internal static ArtifactIncompleteException OfLostContent(ArtifactName name, IReadOnlyList<ItemFailure> entries) =>
        new(
            name,
            $"The draft of '{name}' is incomplete. Nothing was published, because the store failed while the content of "
                + $"these entries was written: {List(entries.Select(entry => $"'{entry.Item}'"), entries.Count)}. "
                + "Add their files again, or remove the entries with Remove-ArtifactEntry.",
            entries
        );

    private static string List(IEnumerable<string> items, int count) =>
        string.Join(", ", items.Take(MaxListed)) + (count > MaxListed ? $" and {count - MaxListed} more" : "");
}

/// <summary>A draft has no entries.</summary>
public sealed class ArtifactEmptyException(ArtifactName name)
    : ArtifactsException(
        $"The draft of '{name}' has no entries. Nothing was published. Add files first, or use -AllowEmpty.",
        name.ToString()
    )
{
    public override string ErrorId => "ArtifactEmpty";

    public override ErrorKind Kind => ErrorKind.InvalidOperation;
}
