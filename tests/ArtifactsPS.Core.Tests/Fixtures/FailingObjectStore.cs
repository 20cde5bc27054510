namespace ArtifactsPS.Tests;

/// <summary>A store whose medium fails at one operation, and from then on works again.</summary>
/// <param name="inner">The store.</param>
/// <param name="losesAnswers">Whether what fails is not the creation of a key, but the answer that it was created.</param>
internal sealed class FailingObjectStore(IObjectStore inner, bool losesAnswers = false) : StoreDecorator(inner)
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
        if (!losesAnswers)
            Count(operation);
    }

    protected override void After(string operation, string key)
    {
        if (losesAnswers)
            Count(operation);
    }

    private void Count(string operation)
    {
        if ((_kind is null || _kind == operation) && Interlocked.Decrement(ref _left) == 0)
            throw new StoreUnavailableException(Location, $"the medium failed at '{operation}'.");
    }
}
