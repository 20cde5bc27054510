namespace ArtifactsPS.Benchmarks.Measuring;

/// <summary>A process to be run.</summary>
/// <param name="Program">A path, or a name to be found on PATH.</param>
/// <param name="Arguments">Each is passed as it is.</param>
internal sealed record Command(string Program, params string[] Arguments)
{
    /// <summary>Where it runs; the current folder when null.</summary>
    public string? Folder { get; init; }

    /// <summary>Added to this process's own.</summary>
    public IReadOnlyList<(string Name, string Value)> Environment { get; init; } = [];

    /// <summary>A file that the process writes its own idea of the time it took to, in milliseconds, leaving out its start;
    /// null if it doesn't.</summary>
    public string? OwnTimeFile { get; init; }

    /// <summary>Several steps of a shell as one process to be timed.</summary>
    public static Command Shell(string script, params string[] arguments) =>
        new("sh", ["-c", script, "sh", .. arguments]);

    public override string ToString() => $"{Program} {string.Join(' ', Arguments)}";
}
