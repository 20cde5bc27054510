using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Runs;

/// <summary>Reads the inputs and outputs of a run.</summary>
internal static class RunReader
{
    public static async Task<ArtifactRun> ReadAsync(
        VersionStore store,
        RunRecord run,
        CancellationToken cancellationToken
    )
    {
        var links = new RunLinks(store);
        var inputs = links.VersionsOfAsync(run.Id, RunRole.Input, cancellationToken);
        var outputs = links.VersionsOfAsync(run.Id, RunRole.Output, cancellationToken);
        return new ArtifactRun(
            run,
            store.Location,
            await inputs.ConfigureAwait(false),
            await outputs.ConfigureAwait(false)
        );
    }
}
