using System.Management.Automation;
using ArtifactsPS.Content;
using ArtifactsPS.Maintenance;

namespace ArtifactsPS.Commands;

/// <summary>
/// Frees the room that nobody needs: deletes versions whose time is over, objects that no version and no open contribution
/// needs, and what killed processes left. Others may publish meanwhile. A version with an alias besides <c>latest</c> stays
/// however old it is. Writes what went, and how many bytes.
/// </summary>
/// <example>
/// <code>Optimize-ArtifactStore -WhatIf</code>
/// Shows what would go from the default store, and how many bytes.
/// </example>
/// <example>
/// <code>
/// Get-Artifact mnist -Tag nightly | Set-Artifact -ExpiresAfter 90.00:00
/// Optimize-ArtifactStore ./store
/// </code>
/// Lets versions expire; a clean-up after that time deletes them.
/// </example>
/// <example>
/// <code>Optimize-ArtifactStore -Repack</code>
/// Also stores anew what is needed of packs of which most is not. The old packs go with a later clean-up.
/// </example>
/// <seealso cref="TestArtifactStoreCommand"/>
/// <seealso cref="SetArtifactCommand"/>
/// <seealso cref="RemoveArtifactCommand"/>
[Cmdlet(VerbsCommon.Optimize, "ArtifactStore", SupportsShouldProcess = true)]
[OutputType(typeof(StoreCleanup))]
public sealed class OptimizeArtifactStoreCommand : WholeStoreCmdlet
{
    /// <summary>What was stored within it stays, since somebody may be about to publish it: 24 hours if left out. With less
    /// than two hours nobody else may write to the store meanwhile.</summary>
    [Parameter]
    public TimeSpan GracePeriod { get; set; } = new CleanupOptions().GracePeriod;

    /// <summary>Stores anew what is needed of packs of which less than half is.</summary>
    [Parameter]
    public SwitchParameter Repack { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ForItem(
            Store,
            () =>
            {
                var span = InvalidGracePeriodException.Check(GracePeriod);
                if (span < CleanupOptions.ShortestSafeGracePeriod)
                    WriteWarning(
                        $"With a grace period of {span}, what others are about to publish may be deleted. "
                            + "Make sure that nobody else writes to the store."
                    );
                CleanUp(span);
            }
        );

    private void CleanUp(TimeSpan gracePeriod)
    {
        var store = Await(token => Stores.OpenAtAsync(Stores.LocationOf(Store), token));
        var options = new CleanupOptions
        {
            GracePeriod = gracePeriod,
            RewritesPacks = Repack,
            RunId = CurrentRun.Id,
        };
        var progress = new TransferProgress();
        var optimizer = new StoreOptimizer(store, options, progress);
        var activity = $"Cleaning up the store {store.Location}";
        foreach (var planned in Await(optimizer.PlanAsync, activity, progress))
            if (ShouldProcess($"{Describe(planned)} in {store.Location}", ActionOn(planned.Kind)))
                WriteObject(Await(token => optimizer.CleanUpAsync(planned.Kind, token), activity, progress));
    }

    private static string ActionOn(StoreCleanupKind kind) =>
        kind == StoreCleanupKind.RewrittenPacks ? "Store anew what is needed" : "Delete";

    private static string Describe(StoreCleanup planned) =>
        planned.Kind switch
        {
            StoreCleanupKind.ExpiredVersions =>
                $"{planned.Count} versions whose time is over ({string.Join(", ", planned.Items)})",
            StoreCleanupKind.RewrittenPacks => $"{planned.Count} packs of which little is needed ({Size(planned)})",
            StoreCleanupKind.Objects => $"{planned.Count} objects that nothing needs ({Size(planned)})",
            StoreCleanupKind.StagedFiles => $"{planned.Count} files that killed writers left ({Size(planned)})",
            StoreCleanupKind.DamagedObjects => $"{planned.Count} damaged objects moved aside ({Size(planned)})",
            _ => $"{planned.Count} announcements of killed clean-ups",
        };

    private static string Size(StoreCleanup planned) => ByteSize.Format(planned.Bytes);
}

/// <summary>A time span that can't be a grace period.</summary>
public sealed class InvalidGracePeriodException(TimeSpan span)
    : ArtifactsException(
        $"{span} can't be a grace period: give a time span from 0 to ten years, such as '1.00:00:00' for a day. "
            + "A plain number is taken for ticks by PowerShell.",
        span
    )
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3653);

    internal static TimeSpan Check(TimeSpan span) =>
        span >= TimeSpan.Zero && span <= Longest ? span : throw new InvalidGracePeriodException(span);
}
