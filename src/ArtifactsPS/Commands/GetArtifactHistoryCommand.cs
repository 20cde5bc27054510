using System.Management.Automation;
using ArtifactsPS.Catalogs;
using ArtifactsPS.Completion;

namespace ArtifactsPS.Commands;

/// <summary>
/// Shows who did what to an artifact and when, the first first: publishing, aliases, tags, edits, deletions. Given a
/// version, only what concerns it.
/// </summary>
/// <example>
/// <code>Get-ArtifactHistory mnist</code>
/// Lists all that was done to <c>mnist</c>.
/// </example>
/// <example>
/// <code>Get-ArtifactHistory mnist:v1</code>
/// Lists what was done to one version, even if it is deleted.
/// </example>
/// <example>
/// <code>Get-ArtifactHistory mnist | Where-Object { $_.Actions -like '*prod*' }</code>
/// Finds out who moved the alias <c>prod</c>, and when.
/// </example>
/// <seealso cref="GetArtifactCommand"/>
/// <seealso cref="CompareArtifactCommand"/>
[Cmdlet(VerbsCommon.Get, "ArtifactHistory")]
[OutputType(typeof(ArtifactTransaction))]
public sealed class GetArtifactHistoryCommand : StoreCmdlet
{
    /// <summary>An artifact (<c>mnist</c>), a version of it (<c>mnist:v3</c>, <c>mnist:prod</c>), or a version object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument Name { get; set; } = null!;

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Name.Item, Write);

    private void Write()
    {
        var reference = ArtifactReference.Parse(Name.Text);
        var store = OpenStoreOf(Name);
        // A version that was deleted still has its history.
        int? version = reference.IsNameOnly ? null : reference.Version ?? Find(Name).Record.Number;
        var (exists, any) = (false, false);
        foreach (var transaction in Stream(store.OpenCatalog(reference.Name).HistoryAsync))
        {
            exists = true;
            if (version is { } number && !transaction.Actions.Any(action => action.Concerns(number)))
                continue;
            any = true;
            WriteObject(new ArtifactTransaction(transaction, store.Location));
        }
        if (!exists)
            throw new ArtifactNotFoundException(reference.Name, store.Location);
        if (!any)
            throw new ArtifactVersionNotFoundException(reference.ToString(), reference.Name, store.Location);
    }
}
