namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Tests of one artifact in a remote store, and of a machine that reads it.</summary>
public abstract class RemoteCatalogTests : IAsyncLifetime
{
    protected const string Name = "M";

    private protected TestStore Store { get; private set; } = null!;

    private protected GeneratedLog Log { get; private set; } = null!;

    private protected CachingMachine Machine { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Store = await TestStore.CreateAsync();
        Log = await GeneratedLog.OfAsync(Store.Memory, Name);
        Machine = new CachingMachine(Store.Counting);
    }

    public ValueTask DisposeAsync()
    {
        Machine.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Checks that the machine reads an unchanged catalog with three requests.</summary>
    private protected async Task AssertRemembersAsync()
    {
        Store.Counting.Reset();
        Assert.Equal(Log.Text, (await Machine.ReadAsync(Name)).Describe());
        Assert.Equal(3, Store.Counting.Count);
    }
}
