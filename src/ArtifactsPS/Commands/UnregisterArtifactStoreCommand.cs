using System.Management.Automation;
using ArtifactsPS.Completion;
using ArtifactsPS.Stores;

namespace ArtifactsPS.Commands;

/// <summary>Forgets a store's name. The store itself and all in it stay as they are.</summary>
/// <example>
/// <code>Unregister-ArtifactStore team</code>
/// The name can be given to another store; <c>Register-ArtifactStore</c> brings this one back.
/// </example>
/// <example>
/// <code>Get-ArtifactStore test-* | Unregister-ArtifactStore</code>
/// Forgets all names that begin with <c>test-</c>.
/// </example>
/// <seealso cref="RegisterArtifactStoreCommand"/>
[Cmdlet(VerbsLifecycle.Unregister, "ArtifactStore", SupportsShouldProcess = true)]
public sealed class UnregisterArtifactStoreCommand : AsyncPSCmdlet
{
    /// <summary>The names of registered stores.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StoreCompleter))]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
            ForItem(
                name,
                () =>
                {
                    if (ShouldProcess(name, "Forget the artifact store"))
                        StoreRegistry.OfUser().Remove(name);
                }
            );
    }
}
