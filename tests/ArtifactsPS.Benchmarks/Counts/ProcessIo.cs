using System.Globalization;

namespace ArtifactsPS.Benchmarks.Counts;

/// <summary>Counters of this process in <c>/proc/self/io</c>; see proc_pid_io(5).</summary>
internal readonly record struct ProcessIo(long BytesRead, long BytesWritten, long ReadCalls, long WriteCalls)
{
    public static ProcessIo Read()
    {
        var counters = File.ReadLines("/proc/self/io")
            .Select(line => line.Split(": "))
            .ToDictionary(
                parts => parts[0],
                parts => long.Parse(parts[1], CultureInfo.InvariantCulture),
                StringComparer.Ordinal
            );
        return new ProcessIo(counters["rchar"], counters["wchar"], counters["syscr"], counters["syscw"]);
    }
}
