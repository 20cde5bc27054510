using ArtifactsPS.Core.Catalogs;

namespace ArtifactsPS.Output;

/// <summary>One transaction of an artifact's log.</summary>
public sealed class ArtifactTransaction
{
    internal ArtifactTransaction(CatalogTransaction transaction, string store)
    {
        Artifact = transaction.Name.ToString();
        Number = transaction.Number;
        At = transaction.At.LocalDateTime;
        By = transaction.By;
        Actions = [.. transaction.Actions.Select(action => action.Summary)];
        RunId = transaction.RunId?.ToString();
        Store = store;
    }

    public string Artifact { get; }

    /// <summary>Number of the transaction, starting at 1.</summary>
    public long Number { get; }

    /// <summary>Local time.</summary>
    public DateTime At { get; }

    /// <summary>user@machine.</summary>
    public string By { get; }

    /// <summary>Descriptions of the changes, oldest first.</summary>
    public string[] Actions { get; }

    public string? RunId { get; }

    /// <summary>The store's location.</summary>
    public string Store { get; }

    /// <inheritdoc cref="ItemPath"/>
    public string PSPath => ItemPath.OfNone("transaction", Artifact);

    /// <inheritdoc/>
    public override string ToString() => $"{Artifact} {Number}: {string.Join("; ", Actions)}";
}
