using System.Runtime.InteropServices;

namespace ArtifactsPS.Benchmarks.Reports;

/// <summary>Describes the machine of a measurement.</summary>
internal static class Machine
{
    /// <summary>Describes the machine in one line.</summary>
    /// <param name="folder">Folder whose file system is included.</param>
    public static string Describe(string folder) =>
        string.Join(
            ", ",
            $"{ValueOf("/proc/cpuinfo", "model name", ':')} with {Environment.ProcessorCount} cores",
            $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB of memory",
            new DriveInfo(folder).DriveFormat,
            $"{ValueOf("/etc/os-release", "PRETTY_NAME", '=').Trim('"')} (Linux {Environment.OSVersion.Version.ToString(2)})",
            RuntimeInformation.FrameworkDescription
        );

    private static string ValueOf(string file, string name, char separator) =>
        File.ReadLines(file)
            .Select(line => line.Split(separator, 2))
            .FirstOrDefault(pair => pair.Length == 2 && pair[0].Trim() == name)
            ?[1].Trim()
        ?? "unknown";
}
