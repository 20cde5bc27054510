using System.Globalization;

namespace ArtifactsPS.Core.Tests.Catalogs.Histories;

/// <summary>Call of a history, with its times and result.</summary>
/// <param name="Began">Logical time, which orders the events.</param>
/// <param name="Ended">Logical time of the answer.</param>
/// <param name="Result">Answer of the store. Null if the answer was lost; the call may have taken effect.</param>
internal sealed record CatalogEvent(int Client, CatalogCall Call, int Start, int End, string? Result);

/// <summary>Concurrent calls of several clients to one catalog, with their results.</summary>
internal sealed class CatalogHistory(ModelCatalog before, IReadOnlyList<CatalogEvent> events)
{
    private readonly HashSet<(ulong Done, string State)> _seen = [];

    /// <summary>Whether a sequential order of the calls gives the same results. A call that started after the answer to
    /// another one must follow it.</summary>
    public bool IsLinearizable() => IsLinearizable(before, 0, 0);

    public override string ToString() =>
        $"before: {before.Read()}\n"
        + string.Join(
            '\n',
            events
                .OrderBy(item => item.Start)
                .Select(item =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{item.Start, 4}-{item.End, -4} client {item.Client}: {item.Call} => {item.Result ?? "?"}"
                    )
                )
        );

    private bool IsLinearizable(ModelCatalog model, ulong done, int lastStart)
    {
        var pending = Enumerable.Range(0, events.Count).Where(i => (done & (1UL << i)) == 0).ToList();
        var required = pending.Where(i => events[i].Result is not null).ToList();
        if (required.Count == 0)
            return true;
        if (!_seen.Add((done, $"{lastStart} {model.Read()}")))
            return false;
        var firstEnd = required.Min(i => events[i].End);
        // A call whose answer was lost has taken effect before its end, or never.
        foreach (var i in pending.Where(i => events[i].Start < firstEnd && events[i].End > lastStart))
        {
            var after = model.Copy();
            var result = events[i].Call.ApplyTo(after);
            if (
                (events[i].Result is null || events[i].Result == result)
                && IsLinearizable(after, done | (1UL << i), Math.Max(lastStart, events[i].Start))
            )
                return true;
        }
        return false;
    }
}
