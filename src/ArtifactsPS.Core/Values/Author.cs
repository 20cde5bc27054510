namespace ArtifactsPS.Core.Values;

/// <summary>Whom a transaction is put down to.</summary>
public static class Author
{
    /// <summary>user@machine.</summary>
    public static string Current { get; } = $"{Environment.UserName}@{Environment.MachineName}";
}
