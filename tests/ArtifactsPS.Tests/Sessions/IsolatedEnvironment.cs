namespace ArtifactsPS.Tests.Sessions;

/// <summary>Changes variables of the process's environment until it is disposed. Only for tests of <see cref="SerialCollection"/>.</summary>
internal sealed class IsolatedEnvironment : IDisposable
{
    // All variables that the SDKs of the services read credentials from.
    private static readonly (string Name, string? Value)[] NoCredentials =
    [
        ("AWS_ACCESS_KEY_ID", null),
        ("AWS_SECRET_ACCESS_KEY", null),
        ("AWS_SESSION_TOKEN", null),
        ("AWS_PROFILE", null),
        ("AWS_REGION", null),
        ("AWS_DEFAULT_REGION", null),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", null),
        ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", null),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", null),
        ("AWS_EC2_METADATA_DISABLED", null),
        ("AWS_CONFIG_FILE", "/nowhere/config"),
        ("AWS_SHARED_CREDENTIALS_FILE", "/nowhere/credentials"),
        ("AZURE_STORAGE_CONNECTION_STRING", null),
        ("AZURE_STORAGE_SAS_TOKEN", null),
        ("AZURE_CLIENT_ID", null),
        ("AZURE_TENANT_ID", null),
        ("AZURE_TOKEN_CREDENTIALS", null),
        ("IDENTITY_ENDPOINT", null),
        ("MSI_ENDPOINT", null),
        // The SDKs also ask command-line tools for the logged-in user.
        ("PATH", "/nowhere"),
    ];

    private readonly List<(string Name, string? Value)> _before = [];

    private IsolatedEnvironment(IEnumerable<(string Name, string? Value)> variables)
    {
        foreach (var (name, value) in variables)
        {
            _before.Add((name, Environment.GetEnvironmentVariable(name)));
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    /// <summary>Removes all credentials from the environment and sets the given variables.</summary>
    public static IsolatedEnvironment WithoutCredentials(params (string Name, string? Value)[] variables) =>
        new([.. NoCredentials, .. variables]);

    public void Dispose()
    {
        _before.Reverse();
        foreach (var (name, value) in _before)
            Environment.SetEnvironmentVariable(name, value);
    }
}
