using System.Globalization;

namespace ArtifactsPS.Benchmarks.Requests;

/// <summary>Number of requests of each kind, and bytes sent and received. Safe for concurrent use.</summary>
internal sealed class RequestCount
{
    private const double Megabyte = 1e6;

    private long _puts;
    private long _gets;
    private long _heads;
    private long _lists;
    private long _deletes;
    private long _sent;
    private long _received;

    public void Put(long bytes)
    {
        Interlocked.Increment(ref _puts);
        Interlocked.Add(ref _sent, bytes);
    }

    public void Get(long bytes)
    {
        Interlocked.Increment(ref _gets);
        Interlocked.Add(ref _received, bytes);
    }

    public void Head() => Interlocked.Increment(ref _heads);

    public void List() => Interlocked.Increment(ref _lists);

    public void Delete() => Interlocked.Increment(ref _deletes);

    /// <summary>Formats the counts as a row of a Markdown table and resets them.</summary>
    /// <param name="work">Text of the first column.</param>
    public string TakeRow(string work) =>
        string.Format(
            CultureInfo.InvariantCulture,
            "| {0} | {1} | {2} | {3} | {4} | {5} | {6:0.00} | {7:0.00} |",
            work,
            Interlocked.Exchange(ref _puts, 0),
            Interlocked.Exchange(ref _gets, 0),
            Interlocked.Exchange(ref _heads, 0),
            Interlocked.Exchange(ref _lists, 0),
            Interlocked.Exchange(ref _deletes, 0),
            Interlocked.Exchange(ref _sent, 0) / Megabyte,
            Interlocked.Exchange(ref _received, 0) / Megabyte
        );
}
