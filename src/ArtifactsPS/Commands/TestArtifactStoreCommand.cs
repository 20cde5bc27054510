using System.Management.Automation;
using ArtifactsPS.Maintenance;
using ArtifactsPS.Stores;

namespace ArtifactsPS.Commands;

/// <summary>
/// Checks a store: every transaction, every manifest page, and that every object is there whole that a version or an open
/// contribution needs. Writes what is wrong, which versions and files it touches, and what to do; nothing if all is right.
/// </summary>
/// <example>
/// <code>Test-ArtifactStore</code>
/// Checks the default store without reading the content of files. Nothing is written if it is sound.
/// </example>
/// <example>
/// <code>Test-ArtifactStore ./store -Full | ForEach-Object Versions</code>
/// Reads all bytes of a store, and shows which versions are touched by what is wrong.
/// </example>
/// <example>
/// <code>
/// if (-not (Test-ArtifactStore -Full -Quiet)) { throw 'The store is damaged.' }
/// </code>
/// Stops a script if anything is wrong.
/// </example>
/// <seealso cref="RepairArtifactStoreCommand"/>
/// <seealso cref="TestArtifactCommand"/>
/// <seealso cref="GetArtifactStoreCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "ArtifactStore")]
[OutputType(typeof(StoreProblem))]
[OutputType(typeof(bool))]
public sealed class TestArtifactStoreCommand : StoreCheckCmdlet
{
    /// <summary>Writes only whether all is right.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override void Process(IObjectStore store)
    {
        var isRight = true;
        var checker = Check(
            store,
            problem =>
            {
                isRight = false;
                if (!Quiet)
                    WriteObject(problem);
            }
        );
        WriteVerbose(
            $"{checker.UnneededObjects} objects, {ByteSize.Format(checker.UnneededBytes)}, are needed by nothing."
        );
        if (Quiet)
            WriteObject(isRight);
    }
}
