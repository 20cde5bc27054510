using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Attestations;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Restoring;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsData.Save, "Artifact", DefaultParameterSetName = PathParameter.Path, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class SaveArtifactCommand : SignedArtifactCmdlet
{
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    [Parameter(ParameterSetName = PathParameter.Path)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(EntryPathCompleter))]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = PathParameter.LiteralPath, ValueFromPipelineByPropertyName = true)]
    [Alias("LP", "EntryPath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EntryPathCompleter))]
    public string[] LiteralPath { get; set; } = [];

    [Parameter]
    public SwitchParameter Clean { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public SwitchParameter SkipReferences { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? AllowHost { get; set; }

    private protected override void Process(PublishedVersion version)
    {
        var destination = FileSystemPath.Resolve(SessionState.Path, Destination);
        var action = Clean
            ? $"Restore {version.Reference}, and remove files that aren't in it"
            : $"Restore {version.Reference}";
        // The overloads that say why the answer is no take whole sentences.
        var description = $"Performing the operation \"{action}\" on target \"{destination}\".";
        var mayRestore = ShouldProcess(description, description, caption: null, out var reason);
        if (!mayRestore && reason != ShouldProcessReason.WhatIf)
            return;
        CheckSignature(version);
        var options = new RestoreOptions
        {
            Selectors = [.. EntryPatterns.FilesAndFolders(Path, LiteralPath)],
            Clean = Clean,
            Force = Force,
            NoClobber = NoClobber,
            References = new ReferencedContent(OpenReferences(AllowHost, version.Store.Location, TimeLimit)),
            SkipsReferences = SkipReferences,
            ListsRestored = PassThru,
        };
        var progress = new TransferProgress();
        var results = Sink<RestoreResult>(mayRestore ? Write : WriteWhatIf);
        var restorer = new FolderRestorer(version, destination, options, results, progress);
        if (mayRestore)
        {
            Await(restorer.RestoreAsync, $"Restoring {version.Reference}", progress);
            var files = progress.Files == 1 ? "1 file" : $"{progress.Files} files";
            WriteVerbose($"Restored {files} of {version.Reference} to '{destination}'.");
        }
        else
            Await(restorer.PreviewAsync);
    }

    private void Write(RestoreResult result)
    {
        switch (result)
        {
            case RestoreResult.Failed failed:
                WriteFailure(failed.Failure);
                break;
            case RestoreResult.Restored file:
                WriteFile(file.Path);
                break;
            case RestoreResult.Replaced replaced:
                WriteVerbose($"Replaced '{replaced.Path}', which differed from the version.");
                break;
            case RestoreResult.Removed removed:
                WriteVerbose($"Removed '{removed.Path}', which isn't in the version.");
                break;
            case RestoreResult.Skipped { Entry: var reference }:
                if (!SkipReferences)
                    WriteWarning(
                        $"'{reference.Path}' refers to '{reference.Uri}' and was not restored: nothing can read targets of "
                            + "this scheme. Register-ArtifactReferenceHandler registers a handler for it."
                    );
                break;
        }
    }

    // With -WhatIf, each call writes the file and the action.
    private void WriteWhatIf(RestoreResult result)
    {
        switch (result)
        {
            case RestoreResult.Failed failed:
                WriteFailure(failed.Failure);
                break;
            case RestoreResult.Replaced replaced:
                ShouldProcess(replaced.Path, "Replace");
                break;
            case RestoreResult.Removed removed:
                ShouldProcess(removed.Path, "Remove");
                break;
        }
    }
}
