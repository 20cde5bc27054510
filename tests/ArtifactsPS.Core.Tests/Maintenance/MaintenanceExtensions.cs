using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance;

/// <summary>Checks, repairs and damages stores.</summary>
internal static class MaintenanceExtensions
{
    public static async Task<List<StoreProblem>> CheckAsync(this IObjectStore store, bool full = false)
    {
        var problems = new ResultList<StoreProblem>();
        var checker = new StoreChecker(store, problems, new TransferProgress());
        await checker.CheckAsync(full, Token);
        return [.. problems];
    }

    /// <summary>Checks a store and repairs the problems.</summary>
    public static async Task<IReadOnlyList<string>> RepairAsync(this IObjectStore store, bool full = true)
    {
        var problems = new ResultList<StoreProblem>();
        var checker = new StoreChecker(store, problems, new TransferProgress());
        await checker.CheckAsync(full, Token);
        return await new StoreRepairer(store, checker, new TransferProgress()).RepairAsync([.. problems], null, Token);
    }

    /// <summary>Key of the object with a file's content.</summary>
    public static async Task<string> ObjectKeyAsync(this PublishedVersion version, string path) =>
        (await version.Manifest.FindAsync(EntryPath.Parse(path), Token))!.Location.Object.Key;

    /// <summary>Key of the object with a version's root page.</summary>
    public static string RootKey(this PublishedVersion version) => version.Record.StoredRoot!.Location.Object.Key;

    public static void FlipBit(this MemoryObjectStore store, string key, long at)
    {
        var bytes = store[key].ToArray();
        bytes[at] ^= 4;
        store[key] = bytes;
    }

    /// <summary>Flips a bit of a file's stored content.</summary>
    public static async Task DamageAsync(this MemoryObjectStore store, PublishedVersion version, string path)
    {
        var entry = await version.Manifest.FindAsync(EntryPath.Parse(path), Token);
        store.FlipBit(entry!.Location.Object.Key, entry.Location.Offset);
    }
}
