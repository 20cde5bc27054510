using System.Diagnostics;
using System.Runtime;

namespace ArtifactsPS.Host;

/// <summary>The list of methods that the console host of PowerShell records for the next start, to compile them on another core.</summary>
internal static class StartupProfile
{
    /// <summary>
    /// Turns the recording off in a Host with machine code. Each process would write 14,000 methods at its end, for the next command,
    /// which is often another one. It takes an eighth of the processor time of a start.
    /// </summary>
    [Conditional("HAS_MACHINE_CODE")]
    public static void OptOut() =>
        // The first folder is valid for the whole process. In a folder that doesn't exist, the list is neither read nor written.
        ProfileOptimization.SetProfileRoot(Path.Combine(AppContext.BaseDirectory, "no-profile"));
}
