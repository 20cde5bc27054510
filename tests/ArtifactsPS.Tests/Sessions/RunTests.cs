namespace ArtifactsPS.Tests.Sessions;

/// <summary>
/// Tests that start runs. The environment of the process names the current run, so they belong to
/// <see cref="SerialCollection"/>, and restore the environment.
/// </summary>
public abstract class RunTests : SessionTests
{
    private const string IdVariable = "ARTIFACTS_RUN_ID";
    private const string GroupVariable = "ARTIFACTS_RUN_GROUP";

    /// <summary>Run id and group in the environment, which child processes inherit.</summary>
    protected static (string? Id, string? Group) RunVariables
    {
        get => (Environment.GetEnvironmentVariable(IdVariable), Environment.GetEnvironmentVariable(GroupVariable));
        set
        {
            Environment.SetEnvironmentVariable(IdVariable, value.Id);
            Environment.SetEnvironmentVariable(GroupVariable, value.Group);
        }
    }

    /// <summary>Returns the run that started last.</summary>
    protected PSObject LastRun() => Session.Run("Get-ArtifactRun")[^1];

    protected override void Dispose(bool disposing)
    {
        RunVariables = (null, null);
        base.Dispose(disposing);
    }
}
