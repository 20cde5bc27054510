namespace ArtifactsPS.Tests.Sessions;

/// <summary>Variables of the process's environment that are others until it is disposed. Only for tests that run alone.</summary>
internal sealed class Surroundings : IDisposable
{
    // Whatever the services' own tools would look at, on the machine of whoever runs the tests too.
    private static readonly (string Name, string? Value)[] Nothing =
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
        // Tools that know who has logged in.
        ("PATH", "/nowhere"),
    ];

    private readonly List<(string Name, string? Value)> _before = [];

    private Surroundings(IEnumerable<(string Name, string? Value)> variables)
    {
        foreach (var (name, value) in variables)
        {
            _before.Add((name, Environment.GetEnvironmentVariable(name)));
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    /// <summary>Surroundings that say of no user who it is, but for these.</summary>
    public static Surroundings OfNobody(params (string Name, string? Value)[] variables) =>
        new([.. Nothing, .. variables]);

    public void Dispose()
    {
        _before.Reverse();
        foreach (var (name, value) in _before)
            Environment.SetEnvironmentVariable(name, value);
    }
}
