using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Drafts.Ignoring;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Drafts;

[Cmdlet(
    VerbsCommon.Add,
    "ArtifactDirectory",
    DefaultParameterSetName = PathParameter.Path,
    SupportsShouldProcess = true
)]
[OutputType(typeof(Artifact))]
public sealed class AddArtifactDirectoryCommand : FileCmdlet
{
    private string _prefix = "";

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Include { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Exclude { get; set; } = [];

    [Parameter]
    public SwitchParameter NoIgnore { get; set; }

    [Parameter]
    public SwitchParameter SkipBrokenLink { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Destination is null)
            return;
        try
        {
            _prefix = EntryPath.Parse(Destination.TrimEnd('/')) + "/";
        }
        catch (InvalidEntryPathException e)
        {
            ThrowInvalidParameter(e, Destination);
        }
    }

    private protected override void Add(FileAdder adder, string item, string path, bool isMatch)
    {
        if (!Directory.Exists(path))
        {
            if (isMatch && File.Exists(path))
                return;
            throw File.Exists(path)
                ? new IOException($"'{item}' is a file. Add-ArtifactFile adds files.")
                : new DirectoryNotFoundException($"The folder '{path}' does not exist.");
        }
        if (!ShouldProcess(path, $"Add to {Artifact.Name}" + (_prefix.Length > 0 ? $" below {_prefix}" : "")))
            return;
        var ignored = Sink<IgnoredPath>(WriteIgnored);
        var excluded = Sink<(string, string)>(WriteExcluded);
        var include = new FilePatterns(Include, path, SessionState.Path);
        var exclude = new FilePatterns(Exclude, path, SessionState.Path);
        var stores = Sink<(string Folder, string Store)>(WriteStore);
        var scanner = new FolderScanner(path)
        {
            Stores = StoreFolders.OfUser(Artifact.Draft.Store.Location),
            OnStore = (folder, store) => stores.Add((folder, store)),
            SkipsBrokenLinks = SkipBrokenLink,
            OnBrokenLink = path => excluded.Add((path, nameof(SkipBrokenLink))),
            IsExcluded = exclude.Match,
            OnExcluded = path => excluded.Add((path, nameof(Exclude))),
            IsIncluded = path => Include.Length == 0 || include.Match(path),
            OnNotIncluded = path => excluded.Add((path, nameof(Include))),
            ReadsIgnoreFiles = !NoIgnore,
            OnIgnored = ignored.Add,
        };
        AwaitAdding(() => adder.AddAsync(scanner, _prefix, item));
        WarnOf(include, nameof(Include), path);
        WarnOf(exclude, nameof(Exclude), path);
    }

    private void WarnOf(FilePatterns patterns, string parameter, string folder)
    {
        foreach (var pattern in patterns.Unmatchable)
            WriteWarning(
                $"'{pattern}' of -{parameter} can't match a file of '{folder}'. Give names, or paths of files in the folder."
            );
    }

    // The draft's own store often is in the folder, for example that of a project.
    private void WriteStore((string Folder, string Store) found)
    {
        var message =
            $"Left out '{found.Folder}', because it is in the artifact store '{found.Store}'. A store is never added.";
        if (found.Store == Artifact.Draft.Store.Location)
            WriteVerbose(message);
        else
            WriteWarning(message);
    }

    private void WriteExcluded((string Path, string Parameter) excluded) =>
        WriteVerbose($"Left out '{excluded.Path}', because of -{excluded.Parameter}.");

    private void WriteIgnored(IgnoredPath ignored) =>
        WriteVerbose($"Left out '{ignored.Path}', because of line {ignored.Line} of '{ignored.File}'.");
}
