namespace ArtifactsPS.Tests.Servers;

/// <summary>Paths of URIs that are sent as they are, also with dots and doubled slashes.</summary>
internal static class EscapedPath
{
    /// <summary>Escapes all of a key but its slashes.</summary>
    public static string Of(string key) => string.Join('/', key.Split('/').Select(Uri.EscapeDataString));

    /// <summary>Creates a URI whose path isn't normalized.</summary>
    public static Uri UriOf(string text) =>
        new(text, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
}
