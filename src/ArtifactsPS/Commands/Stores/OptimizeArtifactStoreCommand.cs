using System.Management.Automation;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Maintenance.Cleanup;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Stores;

[Cmdlet(VerbsCommon.Optimize, "ArtifactStore", SupportsShouldProcess = true)]
[OutputType(typeof(StoreCleanup))]
public sealed class OptimizeArtifactStoreCommand : WholeStoreCmdlet
{
    [Parameter]
    public TimeSpan GracePeriod { get; set; } = new CleanupOptions().GracePeriod;

    [Parameter]
    public SwitchParameter Repack { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ForItem(Store, () => CleanUp(InvalidGracePeriodException.Check(GracePeriod)));

    private void CleanUp(TimeSpan gracePeriod)
    {
        ProvideCredential(Store);
        var store = Await(token => Stores.OpenAtAsync(Stores.LocationOf(Store), token));
        var options = new CleanupOptions
        {
            GracePeriod = gracePeriod,
            RewritesPacks = Repack,
            IsForced = Force,
            RunId = CurrentRun.Id,
        };
        var progress = new TransferProgress();
        var optimizer = new StoreOptimizer(store, options, progress);
        var activity = $"Cleaning up the store {store.Location}";
        var condemned = false;
        var plan = Await(optimizer.PlanAsync, activity, progress);
        foreach (var kept in optimizer.Unverified)
            WriteWarning(
                $"{kept.Reference} has expired and is kept. It may still be linked as {string.Join(", ", kept.Links)}, which can't be "
                    + "read. Run the command where it can, or delete the version with Remove-Artifact -Force."
            );
        foreach (var planned in plan)
            if (ShouldProcess($"{Describe(planned)} in {store.Location}", ActionOn(planned.Kind)))
            {
                WriteObject(Await(token => optimizer.CleanUpAsync(planned.Kind, token), activity, progress));
                condemned |= planned.Kind == StoreCleanupKind.Objects;
            }
        if (condemned && gracePeriod == TimeSpan.Zero)
            WriteObject(
                Await(token => optimizer.CleanUpAsync(StoreCleanupKind.CondemnedObjects, token), activity, progress)
            );
    }

    private static string ActionOn(StoreCleanupKind kind) =>
        kind switch
        {
            StoreCleanupKind.RewrittenPacks => "Repack needed content",
            StoreCleanupKind.Objects => "Move to the trash",
            StoreCleanupKind.IndexSegments => "Merge",
            StoreCleanupKind.LogRecords => "Compact",
            _ => "Delete",
        };

    private static string Describe(StoreCleanup planned) =>
        planned.Kind switch
        {
            StoreCleanupKind.ExpiredVersions =>
                $"{planned.Count} expired versions ({string.Join(", ", planned.Items)})",
            StoreCleanupKind.RewrittenPacks => $"{planned.Count} packs of which little is needed ({Size(planned)})",
            StoreCleanupKind.Objects => $"{planned.Count} objects that nothing needs ({Size(planned)})",
            StoreCleanupKind.CondemnedObjects => $"{planned.Count} objects in the trash ({Size(planned)})",
            StoreCleanupKind.LogRecords => $"{planned.Count} records and segments of long logs ({Size(planned)})",
            StoreCleanupKind.StagedFiles => $"{planned.Count} files that killed writers left ({Size(planned)})",
            StoreCleanupKind.DamagedObjects => $"{planned.Count} damaged objects moved aside ({Size(planned)})",
            _ => $"{planned.Count} segments of the index ({Size(planned)})",
        };

    private static string Size(StoreCleanup planned) => ByteSize.Format(planned.Bytes);
}

/// <summary>A time span is out of range for a grace period.</summary>
public sealed class InvalidGracePeriodException(TimeSpan span)
    : ArtifactsException(
        $"Invalid grace period {span}. Give a time span from 0 to ten years, such as '1.00:00:00' for a day. "
            + "PowerShell reads a plain number as ticks.",
        span
    )
{
    public override string ErrorId => "InvalidGracePeriod";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(3653);

    internal static TimeSpan Check(TimeSpan span) =>
        span >= TimeSpan.Zero && span <= Longest ? span : throw new InvalidGracePeriodException(span);
}
