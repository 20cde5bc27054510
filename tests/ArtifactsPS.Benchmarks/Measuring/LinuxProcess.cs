using System.Globalization;
using System.Runtime.InteropServices;

namespace ArtifactsPS.Benchmarks.Measuring;

/// <summary>Facts about processes that Linux reports and .NET doesn't.</summary>
internal static partial class LinuxProcess
{
    private const int Children = -1;

    /// <summary>Processor time on all cores of all ended child processes.</summary>
    public static unsafe TimeSpan ProcessorTimeOfChildren()
    {
        // struct rusage begins with two struct timeval; its size is 144 on 64-bit systems.
        var usage = stackalloc long[32];
        _ = getrusage(Children, usage);
        return TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds(usage[1] + usage[3]);
    }

    /// <summary>Writes all pending data of the system to its disks.</summary>
    public static void FlushAll() => sync();

    /// <summary>Largest resident set of a process since it started its program, in bytes; 0 after it has ended.</summary>
    public static long PeakMemoryOf(int process) => SizeIn($"/proc/{process}/status", "VmHWM:");

    /// <summary>Memory that nothing uses, not even a cache of files, in bytes.</summary>
    public static long FreeMemory() => SizeIn("/proc/meminfo", "MemFree:");

    /// <summary>Child processes started by the first thread of a process.</summary>
    public static IEnumerable<int> ChildrenOf(int process) =>
        Lines($"/proc/{process}/task/{process}/children")
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture));

    // 0 if the file or the line is missing.
    private static long SizeIn(string file, string name)
    {
        foreach (var line in Lines(file))
            if (line.StartsWith(name, StringComparison.Ordinal))
                return long.Parse(line.AsSpan(name.Length).TrimStart().TrimEnd(" kB"), CultureInfo.InvariantCulture)
                    * 1024;
        return 0;
    }

    // A process may end at any time, even between its file being opened and read.
    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (IOException)
        {
            return [];
        }
    }

    [LibraryImport("libc")]
    private static unsafe partial int getrusage(int who, long* usage);

    [LibraryImport("libc")]
    private static partial void sync();
}
