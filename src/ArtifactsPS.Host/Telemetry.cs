using Microsoft.PowerShell.Telemetry;

namespace ArtifactsPS.Host;

/// <summary>Telemetry of PowerShell, which is off here unless the user turns it on.</summary>
internal static class Telemetry
{
    private const string Variable = "POWERSHELL_TELEMETRY_OPTOUT";

    /// <summary>
    /// Turns telemetry off in this process. PowerShell reads the variable once, so it is removed again: child processes keep
    /// their own choice. Preparing telemetry would also take a tenth of the start time.
    /// </summary>
    public static void OptOut()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not null)
            return;
        Environment.SetEnvironmentVariable(Variable, "1");
        _ = ApplicationInsightsTelemetry.CanSendTelemetry;
        Environment.SetEnvironmentVariable(Variable, null);
    }
}
