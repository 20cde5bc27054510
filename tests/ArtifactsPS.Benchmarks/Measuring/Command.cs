namespace ArtifactsPS.Benchmarks.Measuring;

/// <summary>A process to run.</summary>
/// <param name="Program">A path, or the name of a program on PATH.</param>
/// <param name="Arguments">Passed without interpretation by a shell.</param>
internal sealed record Command(string Program, params string[] Arguments)
{
    /// <summary>Working folder; null for the current one.</summary>
    public string? Folder { get; init; }

    /// <summary>Variables added to this process's environment.</summary>
    public IReadOnlyList<(string Name, string Value)> Environment { get; init; } = [];

    /// <summary>File in which the process records its own time in milliseconds, without its start; null if it records
    /// none.</summary>
    public string? OwnTimeFile { get; init; }

    /// <summary>Several steps of a shell script, timed as one process.</summary>
    public static Command Shell(string script, params string[] arguments) =>
        new("sh", ["-c", script, "sh", .. arguments]);

    public override string ToString() => $"{Program} {string.Join(' ', Arguments)}";
}
