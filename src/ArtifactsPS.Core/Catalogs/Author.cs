namespace ArtifactsPS.Catalogs;

/// <summary>Whom a transaction is put down to.</summary>
internal static class Author
{
    public static string Current { get; } = $"{Environment.UserName}@{Environment.MachineName}";
}
