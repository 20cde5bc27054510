using ArtifactsPS.Binding;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Drafts.Ignoring;
using ArtifactsPS.Core.Storage.Folder;

namespace ArtifactsPS.Commands.Drafts;

/// <summary>Selects the files of folders to add to a draft, and reports the paths that are left out.</summary>
/// <param name="cmdlet">The cmdlet that writes the reports.</param>
/// <param name="store">Location of the draft's store.</param>
internal sealed class FolderSelection(AsyncPSCmdlet cmdlet, string store)
{
    public string[] Include { get; init; } = [];

    public string[] Exclude { get; init; } = [];

    public bool SkipsBrokenLinks { get; init; }

    public bool ReadsIgnoreFiles { get; init; } = true;

    /// <summary>Recognizes stores, which are never added.</summary>
    public StoreFolders Stores { get; } = StoreFolders.OfUser(store);

    /// <summary>Runs the scan of a folder, then warns of patterns that can't match.</summary>
    /// <param name="folder">Full path of the folder.</param>
    public void Scan(string folder, Action<FolderScanner> scan)
    {
        var session = cmdlet.SessionState.Path;
        var (include, exclude) = (
            new FilePatterns(Include, folder, session),
            new FilePatterns(Exclude, folder, session)
        );
        var stores = cmdlet.Sink<(string Folder, string Store)>(WriteStore);
        var excluded = cmdlet.Sink<(string Path, string Parameter)>(WriteExcluded);
        var ignored = cmdlet.Sink<IgnoredPath>(WriteIgnored);
        scan(
            new FolderScanner(folder)
            {
                Stores = Stores,
                OnStore = (path, found) => stores.Add((path, found)),
                SkipsBrokenLinks = SkipsBrokenLinks,
                OnBrokenLink = path => excluded.Add((path, nameof(AddArtifactDirectoryCommand.SkipBrokenLink))),
                IsExcluded = exclude.Match,
                OnExcluded = path => excluded.Add((path, nameof(Exclude))),
                IsIncluded = path => Include.Length == 0 || include.Match(path),
                OnNotIncluded = path => excluded.Add((path, nameof(Include))),
                ReadsIgnoreFiles = ReadsIgnoreFiles,
                OnIgnored = ignored.Add,
            }
        );
        WarnOf(include, nameof(Include), folder);
        WarnOf(exclude, nameof(Exclude), folder);
    }

    private void WarnOf(FilePatterns patterns, string parameter, string folder)
    {
        foreach (var pattern in patterns.Unmatchable)
            cmdlet.WriteWarning(
                $"'{pattern}' of -{parameter} can't match a file of '{folder}'. Give names, or paths of files in the folder."
            );
    }

    // The draft's own store often is in the folder, for example that of a project.
    private void WriteStore((string Folder, string Store) found)
    {
        var message =
            $"Left out '{found.Folder}', because it is in the artifact store '{found.Store}'. A store is never added.";
        if (found.Store == store)
            cmdlet.WriteVerbose(message);
        else
            cmdlet.WriteWarning(message);
    }

    private void WriteExcluded((string Path, string Parameter) excluded) =>
        cmdlet.WriteVerbose($"Left out '{excluded.Path}', because of -{excluded.Parameter}.");

    private void WriteIgnored(IgnoredPath ignored) =>
        cmdlet.WriteVerbose($"Left out '{ignored.Path}', because of line {ignored.Line} of '{ignored.File}'.");
}
