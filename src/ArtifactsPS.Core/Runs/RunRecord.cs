using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Runs;

/// <summary>How a run ended.</summary>
public enum RunOutcome
{
    /// <summary>No end is recorded: the run continues, or its process was killed.</summary>
    Running,

    /// <summary>The run succeeded.</summary>
    Succeeded,

    /// <summary>The run failed.</summary>
    Failed,
}

/// <summary>A piece of work that uses artifacts and produces artifacts.</summary>
public sealed record RunRecord
{
    public required RunId Id { get; init; }

    /// <summary>Name for display; need not be unique.</summary>
    public required string Name { get; init; }

    /// <summary>Name of a group of runs; null for none.</summary>
    public string? Group { get; init; }

    /// <summary>Kind of work, for example <c>train</c>.</summary>
    public string? JobType { get; init; }

    /// <summary>Configuration of the run; null for none.</summary>
    public JObject? Config { get; init; }

    public required string User { get; init; }

    public required string Machine { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public string? PowerShellVersion { get; init; }

    public string? ModuleVersion { get; init; }

    /// <summary>Git commit of the folder in which the run was started; null for none.</summary>
    public string? GitCommit { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How the run ended; null if no end is recorded.</summary>
    public RunEnding? Ending { get; init; }

    public RunOutcome Outcome => Ending?.Outcome ?? RunOutcome.Running;

    /// <summary>Reason of a failure; null for none.</summary>
    public string? Message => Ending?.Message;

    /// <summary>Describes a run of this user on this machine that starts now.</summary>
    /// <param name="name">Name for display.</param>
    /// <param name="folder">Folder in which the run works, for its git commit.</param>
    /// <param name="startedAt">The current time.</param>
    public static RunRecord Of(string name, string folder, DateTimeOffset startedAt) =>
        new()
        {
            Id = RunId.New(startedAt),
            Name = name,
            User = Environment.UserName,
            Machine = Environment.MachineName,
            StartedAt = startedAt,
            ModuleVersion = typeof(RunRecord).Assembly.GetName().Version?.ToString(3),
            GitCommit = Runs.GitCommit.Of(folder),
        };

    internal JObject StartToJson() => RecordFields.Write(MapStart, this);

    /// <exception cref="InvalidOperationException">The run has not ended.</exception>
    internal JObject EndToJson() =>
        RecordFields.Write(
            RunEnd.Map,
            new RunEnd(EndedAt ?? throw new InvalidOperationException("The run has not ended."), Ending!)
        );

    /// <exception cref="InvalidDataException">A property is missing or invalid.</exception>
    internal static RunRecord FromJson(JObject start, JObject? end)
    {
        var run = RecordFields.Read<RunRecord>(MapStart, start);
        if (end is null)
            return run;
        var ended = RecordFields.Read<RunEnd>(RunEnd.Map, end);
        return run with { EndedAt = ended.At, Ending = ended.Ending };
    }

    /// <exception cref="InvalidDataException">The JSON is not the end of a run.</exception>
    internal static void CheckEnd(JObject end) => RecordFields.Read<RunEnd>(RunEnd.Map, end);

    private static RunRecord MapStart(RecordFields fields, RunRecord? value) =>
        new()
        {
            Id = fields.Name<RunId>("id", value?.Id, RunId.TryParse),
            Name = fields.Text("name", value?.Name),
            User = fields.Text("user", value?.User),
            Machine = fields.Text("machine", value?.Machine),
            StartedAt = fields.Time("started", value?.StartedAt),
            Group = fields.OptionalText("group", value?.Group),
            JobType = fields.OptionalText("jobType", value?.JobType),
            PowerShellVersion = fields.OptionalText("powershell", value?.PowerShellVersion),
            ModuleVersion = fields.OptionalText("module", value?.ModuleVersion),
            GitCommit = fields.OptionalText("gitCommit", value?.GitCommit),
            Config = fields.OptionalJson("config", value?.Config),
        };

    private sealed record RunEnd(DateTimeOffset At, RunEnding Ending)
    {
        public static RunEnd Map(RecordFields fields, RunEnd? value) =>
            new(fields.Time("ended", value?.At), RunEnding.Map(fields, value?.Ending));
    }
}

/// <summary>A run does not exist.</summary>
/// <param name="nearest">The name that was most likely meant; null if none is similar.</param>
public sealed class ArtifactRunNotFoundException(string id, string store, string? nearest = null)
    : ArtifactsException(
        $"There is no run '{id}' in the store '{store}'.{NearestName.Hint(nearest)} Get-ArtifactRun lists its runs.",
        id
    )
{
    public override string ErrorId => "ArtifactRunNotFound";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}
