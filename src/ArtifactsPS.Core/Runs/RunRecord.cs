using System.Globalization;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Runs;

/// <summary>How a run ended.</summary>
public enum RunOutcome
{
    /// <summary>It hasn't, as far as the store knows: it goes on, or its process was killed.</summary>
    Running,

    /// <summary>It did what it was meant to.</summary>
    Succeeded,

    /// <summary>It didn't.</summary>
    Failed,
}

/// <summary>A piece of work that uses artifacts and produces artifacts.</summary>
public sealed record RunRecord
{
    /// <summary>Begins with the time it started, so that runs sort by it.</summary>
    public required string Id { get; init; }

    /// <summary>What it is called; need not be unique.</summary>
    public required string Name { get; init; }

    /// <summary>What it has in common with other runs.</summary>
    public string? Group { get; init; }

    /// <summary>What kind of work it is, for example <c>train</c>.</summary>
    public string? JobType { get; init; }

    /// <summary>What it was started with.</summary>
    public JObject? Config { get; init; }

    public required string User { get; init; }

    public required string Machine { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public string? PowerShellVersion { get; init; }

    public string? ModuleVersion { get; init; }

    /// <summary>Of the folder it was started in.</summary>
    public string? GitCommit { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public RunOutcome Outcome { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Message { get; init; }

    /// <summary>Draws an id.</summary>
    public static string NewId(DateTimeOffset startedAt) =>
        string.Format(
            CultureInfo.InvariantCulture,
            "{0:yyyyMMdd-HHmmssfff}-{1}",
            startedAt.UtcDateTime,
            Guid.NewGuid().ToString("N").Substring(0, 8)
        );

    internal JObject StartToJson()
    {
        var json = new JObject
        {
            ["id"] = Id,
            ["name"] = Name,
            ["user"] = User,
            ["machine"] = Machine,
            ["started"] = Timestamp.Format(StartedAt),
        };
        AddText(json, "group", Group);
        AddText(json, "jobType", JobType);
        AddText(json, "powershell", PowerShellVersion);
        AddText(json, "module", ModuleVersion);
        AddText(json, "gitCommit", GitCommit);
        if (Config is not null)
            json["config"] = Config.DeepClone();
        return json;
    }

    internal JObject EndToJson()
    {
        var json = new JObject
        {
            ["ended"] = Timestamp.Format(EndedAt!.Value),
            ["outcome"] = Outcome == RunOutcome.Failed ? "failed" : "succeeded",
        };
        AddText(json, "message", Message);
        return json;
    }

    /// <exception cref="InvalidDataException">A property is missing or of the wrong kind.</exception>
    internal static RunRecord FromJson(JObject start, JObject? end) =>
        new()
        {
            Id = start.RequiredText("id"),
            Name = start.RequiredText("name"),
            Group = start.OptionalText("group"),
            JobType = start.OptionalText("jobType"),
            Config = start["config"] as JObject,
            User = start.RequiredText("user"),
            Machine = start.RequiredText("machine"),
            StartedAt = Timestamp.Parse(start.RequiredText("started")),
            PowerShellVersion = start.OptionalText("powershell"),
            ModuleVersion = start.OptionalText("module"),
            GitCommit = start.OptionalText("gitCommit"),
            EndedAt = end is null ? null : Timestamp.Parse(end.RequiredText("ended")),
            Outcome =
                end is null ? RunOutcome.Running
                : end.RequiredText("outcome") == "failed" ? RunOutcome.Failed
                : RunOutcome.Succeeded,
            Message = end?.OptionalText("message"),
        };

    /// <exception cref="InvalidDataException">It is no record of a run's end.</exception>
    internal static void CheckEnd(JObject end)
    {
        Timestamp.Parse(end.RequiredText("ended"));
        end.RequiredText("outcome");
    }

    private static void AddText(JObject json, string name, string? text)
    {
        if (text is not null)
            json[name] = text;
    }
}

/// <summary>There is no run of an id.</summary>
public sealed class ArtifactRunNotFoundException(string id, string store)
    : ArtifactsException($"There is no run '{id}' in the store '{store}'. Get-ArtifactRun lists what there is.", id)
{
    public override string ErrorId => "ArtifactRunNotFound";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}

/// <summary>A text that can't be a run's id or a group.</summary>
public sealed class InvalidArtifactRunException(string text, string what, string fault)
    : ArtifactsException($"'{text}' can't be {what}: {fault}.", text)
{
    public override string ErrorId => "InvalidArtifactRun";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
