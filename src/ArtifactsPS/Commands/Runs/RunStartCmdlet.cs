using System.Collections;
using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Runs;

namespace ArtifactsPS.Commands.Runs;

/// <summary>Base of cmdlets that start a run.</summary>
public abstract class RunStartCmdlet : StoreCmdlet
{
    private const string DefaultName = "run";

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GroupCompleter))]
    public string? Group { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JobType { get; set; }

    [Parameter]
    [MetadataArgumentTransformation]
    public IDictionary? Config { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] ExcludeConfig { get; set; } = [];

    /// <summary>Records the start of a run, and makes it the current run.</summary>
    private protected RunRecord Start()
    {
        var store = OpenStore();
        var folder = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        var run = RunRecord.Of(Name ?? ScriptName() ?? DefaultName, folder, DateTimeOffset.UtcNow) with
        {
            Group = Group is null ? CurrentRun.Group : RunJournal.CheckGroup(Group),
            JobType = JobType,
            Config = Config is null ? null : MetadataConverter.ToJson(Config, ExclusionOf(ExcludeConfig)),
            PowerShellVersion = (SessionState.PSVariable.GetValue("PSVersionTable") as IDictionary)?[
                "PSVersion"
            ]?.ToString(),
        };
        Await(token => new RunJournal(store).StartAsync(run, token));
        CurrentRun.Enter(run.Id, run.Group, store.Location);
        return run;
    }

    private static Func<string, bool> ExclusionOf(string[] patterns)
    {
        var excluded = patterns.Select(NamePattern.Of).ToList();
        return key => excluded.Exists(pattern => pattern.IsMatch(key));
    }

    private string? ScriptName() =>
        MyInvocation.ScriptName is { Length: > 0 } script ? Path.GetFileNameWithoutExtension(script) : null;
}
