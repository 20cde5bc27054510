using System.CommandLine;
using System.Globalization;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Benchmarks.Writers;

/// <summary><c>growth</c>: publishes versions that differ in one of many files, and measures the growth of the store.</summary>
internal static class GrowthCommand
{
    public static Command Create()
    {
        var entries = new Option<int>("--entries")
        {
            Description = "Number of files.",
            DefaultValueFactory = _ => 1_000_000,
        };
        var rounds = new Option<int>("--rounds")
        {
            Description = "Number of changed versions.",
            DefaultValueFactory = _ => 100,
        };
        var command = new Command("growth", "Measures the growth of a store by versions with one changed file.")
        {
            entries,
            rounds,
        };
        command.SetAction((parsed, token) => RunAsync(parsed.GetValue(entries), parsed.GetValue(rounds), token));
        return command;
    }

    private static async Task<int> RunAsync(int entries, int rounds, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("artifacts-growth-");
        try
        {
            var store = await VersionStore
                .CreateAsync(new FolderObjectStore(folder.FullName), cancellationToken)
                .ConfigureAwait(false);
            var draft = ArtifactDraft.Begin(store, ArtifactName.Parse("data"), TypeName.Parse("data"), []);
            for (var i = 0; i < entries; i++)
                await AddAsync(draft, i, 0, cancellationToken).ConfigureAwait(false);
            var version = await PublishAsync(draft, cancellationToken).ConfigureAwait(false);
            var growth = new List<long>();
            var before = SizeOf(folder);
            for (var round = 1; round <= rounds; round++)
            {
                draft = ArtifactDraft.From(version);
                await AddAsync(draft, round * 7919 % entries, round, cancellationToken).ConfigureAwait(false);
                version = await PublishAsync(draft, cancellationToken).ConfigureAwait(false);
                var after = SizeOf(folder);
                growth.Add(after - before);
                before = after;
            }
            await Console
                .Out.WriteLineAsync(
                    string.Join(' ', growth.Select(bytes => bytes.ToString(CultureInfo.InvariantCulture)))
                )
                .ConfigureAwait(false);
            growth.Sort();
            await Console
                .Out.WriteLineAsync(
                    string.Format(
                        CultureInfo.InvariantCulture,
                        "median {0:n0} bytes, maximum {1:n0} bytes, {2} of {3} rounds above 25,000 bytes",
                        growth[rounds / 2],
                        growth[^1],
                        growth.Count(bytes => bytes > 25_000),
                        rounds
                    )
                )
                .ConfigureAwait(false);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<PublishedVersion> PublishAsync(ArtifactDraft draft, CancellationToken cancellationToken)
    {
        await using (draft.ConfigureAwait(false))
            return await Publisher.PublishAsync(draft, [], [], null, cancellationToken).ConfigureAwait(false);
    }

    private static Task AddAsync(ArtifactDraft draft, int index, int round, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"folder-{index % 1000:D3}/file-{index:D7}.bin");
        var bytes = BitConverter.GetBytes(((long)round << 32) + index);
        return draft.AddBytesAsync(EntryPath.Parse(path), bytes, replace: round > 0, cancellationToken);
    }

    private static long SizeOf(DirectoryInfo folder) =>
        folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
}
