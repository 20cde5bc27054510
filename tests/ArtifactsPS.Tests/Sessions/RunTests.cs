namespace ArtifactsPS.Tests.Sessions;

/// <summary>
/// Tests that start runs. The environment of the process says which run goes on, so they belong to
/// <see cref="AloneCollection"/>, and leave the environment as it was.
/// </summary>
public abstract class RunTests : SessionTests
{
    private const string IdVariable = "ARTIFACTS_RUN_ID";
    private const string GroupVariable = "ARTIFACTS_RUN_GROUP";

    /// <summary>The run and the group that the environment names, as child processes see it.</summary>
    protected static (string? Id, string? Group) Surroundings
    {
        get => (Environment.GetEnvironmentVariable(IdVariable), Environment.GetEnvironmentVariable(GroupVariable));
        set
        {
            Environment.SetEnvironmentVariable(IdVariable, value.Id);
            Environment.SetEnvironmentVariable(GroupVariable, value.Group);
        }
    }

    /// <summary>The run that was started last.</summary>
    protected PSObject LastRun() => Session.Run("Get-ArtifactRun")[^1];

    protected override void Dispose(bool disposing)
    {
        Surroundings = (null, null);
        base.Dispose(disposing);
    }
}
