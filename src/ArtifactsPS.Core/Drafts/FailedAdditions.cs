namespace ArtifactsPS.Core.Drafts;

/// <summary>Kind of content that is added to a draft.</summary>
public enum AdditionKind
{
    /// <summary>A file, or the files of a folder.</summary>
    File,

    /// <summary>A URI, or references to the files of a folder.</summary>
    Reference,

    /// <summary>Objects under the path of an entry.</summary>
    Object,
}

/// <summary>Origin of content that is added to a draft. The same addition has the same source when it is repeated.</summary>
/// <param name="Path">Full path of the file or folder, the URI, or the path of the entry.</param>
public readonly record struct AdditionSource(AdditionKind Kind, string Path)
{
    /// <summary>Whether the source is a given one, or lies in it if that is a folder.</summary>
    public bool IsAtOrBelow(AdditionSource other)
    {
        var start = other.Path.TrimEnd('/', '\\');
        return Kind == other.Kind
            && (
                string.Equals(Path, other.Path, StringComparison.Ordinal)
                || Path.StartsWith(start, StringComparison.Ordinal)
                    && (Path.Length == start.Length || Path[start.Length] is '/' or '\\')
            );
    }
}

/// <summary>
/// Additions to a draft that failed or were not finished. An addition that is repeated successfully clears its failure. Safe for
/// concurrent callers.
/// </summary>
public sealed class FailedAdditions
{
    private readonly object _lock = new();
    private readonly Dictionary<AdditionSource, (long Order, ItemFailure Failure)> _failed = [];
    private readonly Dictionary<AdditionSource, (long Order, ItemFailure Failure)> _unfinished = [];
    private long _order;
    private volatile bool _any;

    /// <summary>Returns the failures, oldest first.</summary>
    public IReadOnlyList<ItemFailure> ToList()
    {
        lock (_lock)
            return
            [
                .. _failed.Values.Concat(_unfinished.Values).OrderBy(item => item.Order).Select(item => item.Failure),
            ];
    }

    /// <summary>Records the failure of an addition, in place of an earlier one.</summary>
    public void Add(AdditionSource source, ItemFailure failure)
    {
        lock (_lock)
        {
            _failed[source] = (++_order, failure);
            _any = true;
        }
    }

    /// <summary>Clears the failure of an addition that has succeeded.</summary>
    public void Clear(AdditionSource source)
    {
        // Nearly always nothing has failed, and this is called for each of many files.
        if (!_any)
            return;
        lock (_lock)
        {
            _failed.Remove(source);
            _any = _failed.Count > 0;
        }
    }

    /// <summary>Begins an addition of one file or folder, or of several. It counts as failed until <see cref="End"/> is
    /// called.</summary>
    /// <param name="source">The first source.</param>
    /// <param name="item">The item given by the user.</param>
    /// <returns>Order of the addition.</returns>
    public long Begin(AdditionSource source, object item)
    {
        lock (_lock)
        {
            _unfinished[source] = (
                ++_order,
                new ItemFailure(item, new OperationCanceledException("Adding was not finished."))
            );
            return _order;
        }
    }

    /// <summary>Ends an addition, and clears all failures at or below its source that are older.</summary>
    /// <param name="order">Order of the addition; 0 if nothing was added, and no failure is cleared.</param>
    public void End(AdditionSource source, long order)
    {
        lock (_lock)
        {
            _unfinished.Remove(source);
            foreach (
                var old in _failed
                    .Where(item => item.Value.Order < order && item.Key.IsAtOrBelow(source))
                    .Select(item => item.Key)
                    .ToList()
            )
                _failed.Remove(old);
            _any = _failed.Count > 0;
        }
    }
}
