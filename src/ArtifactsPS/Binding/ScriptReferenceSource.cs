using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Language;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Storage.Remote;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Binding;

/// <summary>
/// Targets that the script blocks of a handler describe and open.
/// <para>Core calls from threads of the pool, which have no runspace. The script blocks run on the pipeline thread of the command, one at
/// a time: there they see the functions, variables and modules of the session. This can't deadlock: a command that waits for Core
/// runs what its queue has, and script blocks wait for nothing of Core. A command that a script block calls has a queue of its
/// own.</para>
/// </summary>
internal sealed class ScriptReferenceSource(ArtifactReferenceHandler handler, IPipelineThread pipeline)
    : IReferenceSource
{
    /// <inheritdoc/>
    public Task<TargetProperties?> ProbeAsync(string uri, string? versionId, CancellationToken cancellationToken) =>
        pipeline.RunAsync(
            () => Run(handler.Probe, nameof(handler.Probe), [uri, versionId], ScriptResult.ToProperties),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<TargetRead?> OpenAsync(
        string uri,
        string? versionId,
        long offset,
        CancellationToken cancellationToken
    ) =>
        pipeline.RunAsync(
            () =>
                Run(
                    handler.Open,
                    nameof(handler.Open),
                    [uri, versionId, offset],
                    output => ScriptResult.ToRead(output, ParametersOf(handler.Open) > 2 ? offset : 0)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<TargetPage?> ListAsync(string uri, TargetListing listing, CancellationToken cancellationToken) =>
        Task.FromResult<TargetPage?>(null);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The script blocks have no resources.
    }

    private T? Run<T>(ScriptBlock script, string parameter, object?[] arguments, Func<Collection<PSObject>, T?> convert)
        where T : class
    {
        try
        {
            // An error ends the script block: what it outputs after one is not reliable.
            var stop = new PSVariable("ErrorActionPreference", ActionPreference.Stop);
            var taken = arguments.Take(Math.Max(1, ParametersOf(script))).ToArray();
            return convert(script.InvokeWithContext(functionsToDefine: null, [stop], taken));
        }
        catch (PipelineStoppedException)
        {
            throw;
        }
        catch (Exception e) when (ScriptFailure.Of(e) is var failure)
        {
            if (failure.IsMissing)
                return null;
            var what = $"the script block of -{parameter} of the handler for '{handler.Scheme}:'";
            throw failure.IsDenied
                ? new TargetDeniedException($"{what} was denied access. {failure.Message}")
                : new BucketException(
                    failure.IsTransient ? BucketFailure.Unanswered : BucketFailure.Refused,
                    $"{what} failed. {failure.Message}",
                    failure.Network
                );
        }
    }

    // A script block without further parameters doesn't use the version and the offset. With [CmdletBinding()] it would fail.
    private static int ParametersOf(ScriptBlock script) =>
        (script.Ast as ScriptBlockAst)?.ParamBlock?.Parameters.Count ?? 0;
}
