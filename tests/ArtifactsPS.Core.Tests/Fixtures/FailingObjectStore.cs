namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Failure of a store's medium.</summary>
public enum StoreFault
{
    /// <summary>I/O error or no access. The operation is not carried out.</summary>
    Unavailable,

    /// <summary>The medium is full. The operation is not carried out.</summary>
    Full,

    /// <summary>The command is cancelled. The operation is not carried out.</summary>
    Cancelled,

    /// <summary>The operation is carried out, and its answer is lost.</summary>
    AnswerLost,

    /// <summary>Reading a value fails after its first byte.</summary>
    Torn,
}

/// <summary>A store whose medium fails once.</summary>
internal sealed class FailingObjectStore(IObjectStore inner, StoreFault fault = StoreFault.Unavailable)
    : StoreDecorator(inner)
{
    private int _left = int.MaxValue;
    private string? _kind;
    private string _prefix = "";

    /// <summary>Whether the failure has happened.</summary>
    public bool HasFailed => Volatile.Read(ref _left) <= 0;

    /// <summary>Makes an operation fail.</summary>
    /// <param name="operation">Number of the operation, from 1, counted from this call.</param>
    /// <param name="kind">Kind of operation to count, such as <c>create</c> or <c>read</c>; null for all.</param>
    /// <param name="prefix">Start of the keys whose operations count.</param>
    public void FailAt(int operation, string? kind = null, string prefix = "") =>
        (_left, _kind, _prefix) = (operation, kind, prefix);

    protected override void Before(string operation, string key)
    {
        if (fault is StoreFault.Unavailable or StoreFault.Full or StoreFault.Cancelled && IsTurn(operation, key))
            throw Failure(operation);
    }

    protected override void After(string operation, string key)
    {
        if (fault is StoreFault.AnswerLost && IsTurn(operation, key))
            throw Failure(operation);
    }

    protected override Stream Opened(Stream stream) =>
        fault is StoreFault.Torn && IsTurn("read", _prefix) ? new TornStream(stream, Failure("read")) : stream;

    private bool IsTurn(string operation, string key) =>
        (_kind is null || _kind == operation)
        && key.StartsWith(_prefix, StringComparison.Ordinal)
        && Interlocked.Decrement(ref _left) == 0;

    private Exception Failure(string operation) =>
        fault switch
        {
            StoreFault.Full => new StoreFullException(Location),
            StoreFault.Cancelled => new OperationCanceledException(),
            _ => new StoreUnavailableException(Location, $"the medium failed at '{operation}'."),
        };

    private sealed class TornStream(Stream inner, Exception failure) : MemoryStream
    {
        private bool _begun;

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_begun)
                throw failure;
            _begun = true;
            return inner.Read(buffer, offset, Math.Min(count, 1));
        }

        public override Task<int> ReadAsync(
            byte[] buffer,
            int offset,
            int count,
            CancellationToken cancellationToken
        ) => Task.FromResult(Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var bytes = new byte[buffer.Length];
            var read = Read(bytes, 0, bytes.Length);
            bytes.AsSpan(0, read).CopyTo(buffer.Span);
            return await Task.FromResult(read);
        }

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            var bytes = new byte[bufferSize];
            for (int read; (read = Read(bytes, 0, bytes.Length)) > 0; )
                await destination.WriteAsync(bytes.AsMemory(0, read), cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
