using System.Globalization;

namespace ArtifactsPS.Core.Tests.Catalogs.Histories;

/// <summary>One call of a history, as it went.</summary>
/// <param name="Client">Who called.</param>
/// <param name="Call">What was asked.</param>
/// <param name="Began">When, on a clock that only says what came before what.</param>
/// <param name="Ended">When it was answered.</param>
/// <param name="Result">The answer; null where it was lost, and the call may have taken effect or not.</param>
internal sealed record CatalogEvent(int Client, CatalogCall Call, int Began, int Ended, string? Result);

/// <summary>What several clients asked of a catalog at once, and what each was told.</summary>
internal sealed class CatalogHistory(ModelCatalog before, IReadOnlyList<CatalogEvent> events)
{
    private readonly HashSet<(ulong Done, string State)> _seen = [];

    /// <summary>Whether there is an order in which the calls could have been made one after the other, with the same
    /// answers: one in which no call comes before one that was answered before it was made.</summary>
    public bool IsLinearizable() => IsLinearizable(before, 0, 0);

    public override string ToString() =>
        $"before: {before.Read()}\n"
        + string.Join(
            '\n',
            events
                .OrderBy(item => item.Began)
                .Select(item =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{item.Began, 4}-{item.Ended, -4} client {item.Client}: {item.Call} => {item.Result ?? "?"}"
                    )
                )
        );

    private bool IsLinearizable(ModelCatalog model, ulong done, int lastBegan)
    {
        var pending = Enumerable.Range(0, events.Count).Where(i => (done & (1UL << i)) == 0).ToList();
        var required = pending.Where(i => events[i].Result is not null).ToList();
        if (required.Count == 0)
            return true;
        if (!_seen.Add((done, $"{lastBegan} {model.Read()}")))
            return false;
        var firstEnd = required.Min(i => events[i].Ended);
        // Whose answer was lost has taken effect by the time it was told so, or never.
        foreach (var i in pending.Where(i => events[i].Began < firstEnd && events[i].Ended > lastBegan))
        {
            var after = model.Copy();
            var result = events[i].Call.ApplyTo(after);
            if (
                (events[i].Result is null || events[i].Result == result)
                && IsLinearizable(after, done | (1UL << i), Math.Max(lastBegan, events[i].Began))
            )
                return true;
        }
        return false;
    }
}
