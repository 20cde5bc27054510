using System.Globalization;
using System.Text;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Distributed;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Maintenance.Cleanup;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Restoring;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Tests.Writer;

/// <summary>Commands of one writer for one artifact.</summary>
internal sealed class WriterCommands(
    PausingObjectStore objects,
    string name,
    string id,
    string contributor,
    RunId? run,
    CancellationToken token
)
{
    public async Task<string> CreateAsync(List<(string Path, string Text)> files)
    {
        await VersionStore.CreateAsync(objects, default);
        return await PublishAsync(files);
    }

    public async Task<string> PublishAsync(List<(string Path, string Text)> files)
    {
        await using var draft = await BeginAsync(files);
        objects.Pass("publish", "");
        return (await Publisher.PublishAsync(draft, [], [], run, default)).Reference;
    }

    public async Task<string> ContributeAsync(List<(string Path, string Text)> files)
    {
        await using var draft = await BeginAsync(files);
        await DraftContributor.ContributeAsync(draft, DistributedId.Parse(id), contributor, run, default);
        return "contributed";
    }

    public async Task<string> CompleteAsync(List<(string Path, string Text)>? files)
    {
        await using var draft = files is null ? null : await BeginAsync(files);
        var store = draft?.Store ?? await OpenAsync();
        var options = new CompletionOptions
        {
            Draft = draft,
            Contributor = contributor,
            RunId = run,
        };
        var completer = new DistributedCompleter(
            new DistributedLog(store, ArtifactName.Parse(name), DistributedId.Parse(id)),
            options
        );
        return (await completer.CompleteAsync(default)).Reference;
    }

    public async Task<string> SetAliasAsync(string version, string alias) =>
        (
            await VersionEditor.SetAliasesAsync(await FindAsync(version), [AliasName.Parse(alias)], run, default)
        ).Reference;

    public async Task<string> DescribeAsync(string version, string description)
    {
        var found = await FindAsync(version);
        var edit = new EditAction(found.Record.Number)
        {
            Description = description,
            AddTags = [TagName.Parse("described")],
        };
        return (await VersionEditor.EditAsync(found, edit, run, default)).Reference;
    }

    public async Task<string> DeleteAsync(string version)
    {
        await VersionEditor.DeleteAsync(await FindAsync(version), evenIfInUse: false, run, default);
        return "deleted";
    }

    public async Task<string> RestoreAsync(string version, string destination)
    {
        var found = await FindAsync(version);
        var results = new ResultList<RestoreResult>();
        var restorer = new FolderRestorer(found, destination, new RestoreOptions(), results, new TransferProgress());
        await restorer.RestoreAsync(default);
        return results.OfType<RestoreResult.Failed>().FirstOrDefault() is { } failed
            ? throw failed.Failure.Exception
            : "restored";
    }

    /// <param name="grace">Grace period; null for the default. Without one, both steps are done at once.</param>
    public async Task<string> OptimizeAsync(bool rewritesPacks, string? grace)
    {
        var options = new CleanupOptions { RewritesPacks = rewritesPacks, RunId = run };
        if (grace is not null)
            options = options with { GracePeriod = TimeSpan.Parse(grace, CultureInfo.InvariantCulture) };
        var optimizer = new StoreOptimizer(await OpenAsync(), options, new TransferProgress());
        foreach (var planned in await optimizer.PlanAsync(token))
            await optimizer.CleanUpAsync(planned.Kind, token);
        if (options.GracePeriod == TimeSpan.Zero)
            await optimizer.CleanUpAsync(StoreCleanupKind.CondemnedObjects, token);
        return "optimized";
    }

    private async Task<PublishedVersion> FindAsync(string version) =>
        await (await OpenAsync()).FindAsync(ArtifactReference.Parse($"{name}:{version}"), default);

    private Task<VersionStore> OpenAsync() => VersionStore.OpenAsync(objects, default);

    private async Task<ArtifactDraft> BeginAsync(List<(string Path, string Text)> files)
    {
        var draft = ArtifactDraft.Begin(await OpenAsync(), ArtifactName.Parse(name), TypeName.Parse("data"), []);
        foreach (var (path, text) in files)
            await draft.AddBytesAsync(EntryPath.Parse(path), Encoding.UTF8.GetBytes(text), replace: false, default);
        return draft;
    }
}
