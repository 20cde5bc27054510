namespace ArtifactsPS.Core.Values;

/// <summary>Author that is recorded for transactions.</summary>
public static class Author
{
    /// <summary>Current user and machine, as <c>user@machine</c>.</summary>
    public static string Current { get; } = $"{Environment.UserName}@{Environment.MachineName}";
}
