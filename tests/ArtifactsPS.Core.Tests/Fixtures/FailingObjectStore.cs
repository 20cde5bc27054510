namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>In which way a store's medium fails.</summary>
public enum StoreFault
{
    /// <summary>An I/O error, or no access: nothing happens.</summary>
    Unavailable,

    /// <summary>There is no room: nothing happens.</summary>
    Full,

    /// <summary>The user stops the command, or its time is up: nothing happens.</summary>
    Cancelled,

    /// <summary>A key is created or deleted, and the answer that it was is lost.</summary>
    AnswerLost,

    /// <summary>A value can be opened, and read only in part.</summary>
    Torn,
}

/// <summary>A store whose medium fails at one operation, and from then on works again.</summary>
internal sealed class FailingObjectStore(IObjectStore inner, StoreFault fault = StoreFault.Unavailable)
    : StoreDecorator(inner)
{
    private int _left = int.MaxValue;
    private string? _kind;

    /// <summary>Whether the failure has happened.</summary>
    public bool HasFailed => Volatile.Read(ref _left) <= 0;

    /// <summary>Fails at the operation of a number, counted from 1 and from now on.</summary>
    /// <param name="operation">The number.</param>
    /// <param name="kind">What alone is counted: <c>create</c>, <c>read</c>, …; null for all.</param>
    public void FailAt(int operation, string? kind = null) => (_left, _kind) = (operation, kind);

    protected override void Before(string operation, string key)
    {
        if (fault is StoreFault.Unavailable or StoreFault.Full or StoreFault.Cancelled && IsTurn(operation))
            throw Failure(operation);
    }

    protected override void After(string operation, string key)
    {
        if (fault is StoreFault.AnswerLost && IsTurn(operation))
            throw Failure(operation);
    }

    protected override Stream Opened(Stream stream) =>
        fault is StoreFault.Torn && IsTurn("read") ? new TornStream(stream, Failure("read")) : stream;

    private bool IsTurn(string operation) =>
        (_kind is null || _kind == operation) && Interlocked.Decrement(ref _left) == 0;

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
