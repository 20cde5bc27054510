using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ArtifactsPS.Tests.Servers;

/// <summary>Microsoft's emulator of Azure Blob Storage, in memory.</summary>
internal sealed class Azurite : IOutageServer
{
    /// <summary>Default account, with its public key.</summary>
    public const string Account = "devstoreaccount1";
    public const string Key =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>A version of the service that the emulator supports.</summary>
    public const string ApiVersion = "2025-11-05";

    /// <summary>Container for the tests.</summary>
    public const string Container = "tests";

    private const string SasVersion = "2020-12-06";

    private static readonly HttpClient Client = new();

    private readonly string _repository;
    private readonly string? _folder;
    private ServerProcess _process = null!;

    private Azurite(string repository, string? folder) => (_repository, _folder) = (repository, folder);

    public int Port { get; } = ServerProcess.FreePort();

    /// <summary>Address of the server, or of a proxy at another port.</summary>
    public string Endpoint(int? port = null) =>
        string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port ?? Port}/{Account}");

    public static string ConnectionString(string endpoint) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={endpoint};";

    /// <summary>Reason why the server is missing; null if it is installed.</summary>
    public static string? Missing(string repository) =>
        !ServerProcess.IsInstalled("node") ? "node is not installed."
        : !File.Exists(MainOf(repository)) ? "Azurite is not installed; in tests/Servers: npm ci"
        : null;

    /// <summary>Starts a server.</summary>
    /// <param name="isDurable">Whether its content survives a restart. Slower.</param>
    public static Task<Azurite> StartAsync(string repository, bool isDurable = false) =>
        ServerProcess.StartOnFreePortAsync(() => StartOnceAsync(repository, isDurable));

    private static async Task<Azurite> StartOnceAsync(string repository, bool isDurable)
    {
        var azurite = new Azurite(repository, isDurable ? Directory.CreateTempSubdirectory("azurite-").FullName : null);
        try
        {
            await azurite.RestartAsync();
            await azurite.CreateContainerAsync(Container);
            return azurite;
        }
        catch
        {
            azurite.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Suspend() => _process.Signal("STOP");

    /// <inheritdoc/>
    public void Resume() => _process.Signal("CONT");

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        // Saves its content.
        _process.Signal("TERM");
        await _process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async Task RestartAsync()
    {
        string[] persistence = _folder is null ? ["--inMemoryPersistence"] : ["--location", _folder];
        _process = ServerProcess.Start(
            "node",
            new Dictionary<string, string>(),
            [
                MainOf(_repository),
                "--blobHost",
                "127.0.0.1",
                "--blobPort",
                Port.ToString(CultureInfo.InvariantCulture),
                "--silent",
                "--disableTelemetry",
                .. persistence,
            ]
        );
        await _process.WaitForPortAsync(Port);
    }

    /// <summary>Creates a container.</summary>
    public Task CreateContainerAsync(string name) => PutContainerAsync(name, access: null);

    /// <summary>Lets everybody read and list a container without credentials.</summary>
    public Task PublishAsync(string container) => PutContainerAsync(container, access: "container");

    /// <summary>Creates or overwrites a blob.</summary>
    public Task PutBlobAsync(string container, string name, byte[] value) =>
        PutAsync($"{container}/{EscapedPath.Of(name)}?", "x-ms-blob-type", "BlockBlob", value);

    /// <summary>Creates a SAS for the account.</summary>
    /// <param name="permissions">One letter for each permission.</param>
    /// <param name="lasts">Lifetime from now; negative for an expired SAS.</param>
    public static string AccountSas(string permissions, TimeSpan lasts)
    {
        var end = TimeOf(lasts);
        var signature = Sign($"{Account}\n{permissions}\nb\nsco\n\n{end}\n\n\n{SasVersion}\n\n");
        return $"sv={SasVersion}&ss=b&srt=sco&sp={permissions}&se={Uri.EscapeDataString(end)}&sig={Uri.EscapeDataString(signature)}";
    }

    /// <summary>Creates a SAS for the container.</summary>
    /// <inheritdoc cref="AccountSas"/>
    public static string ContainerSas(string permissions, TimeSpan lasts)
    {
        var end = TimeOf(lasts);
        var place = $"/blob/{Account}/{Container}";
        var signature = Sign($"{permissions}\n\n{end}\n{place}\n\n\n\n{SasVersion}\nc\n" + new string('\n', 6));
        return $"sv={SasVersion}&sr=c&sp={permissions}&se={Uri.EscapeDataString(end)}&sig={Uri.EscapeDataString(signature)}";
    }

    public void Dispose()
    {
        _process.Dispose();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }

    // Creates a container, or changes who may read it. A SAS allows neither.
    private async Task PutContainerAsync(string name, string? access)
    {
        var date = DateTime.UtcNow.ToString("R", CultureInfo.InvariantCulture);
        var (header, component) = access is null ? ("", "") : ($"x-ms-blob-public-access:{access}\n", "comp:acl\n");
        var signature = Sign(
            $"PUT{new string('\n', 12)}{header}x-ms-date:{date}\nx-ms-version:{ApiVersion}\n"
                + $"/{Account}/{Account}/{name}\n{component}restype:container"
        );
        var query = access is null ? "" : "&comp=acl";
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{Endpoint()}/{name}?restype=container{query}");
        request.Headers.Add("x-ms-date", date);
        request.Headers.Add("x-ms-version", ApiVersion);
        if (access is not null)
            request.Headers.Add("x-ms-blob-public-access", access);
        request.Headers.TryAddWithoutValidation("Authorization", $"SharedKey {Account}:{signature}");
        using var answer = await Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private async Task PutAsync(string what, string header, string value, byte[] body)
    {
        var sas = AccountSas("rwdlacup", TimeSpan.FromHours(1));
        using var request = new HttpRequestMessage(HttpMethod.Put, EscapedPath.UriOf($"{Endpoint()}/{what}&{sas}"));
        request.Headers.Add(header, value);
        request.Headers.Add("x-ms-version", ApiVersion);
        request.Content = new ByteArrayContent(body);
        using var answer = await Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private static string TimeOf(TimeSpan lasts) =>
        (DateTime.UtcNow + lasts).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Sign(string text) =>
        Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Key), Encoding.UTF8.GetBytes(text)));

    private static string MainOf(string repository) =>
        Path.Combine(repository, "tests/Servers/node_modules/azurite/dist/src/blob/main.js");
}
