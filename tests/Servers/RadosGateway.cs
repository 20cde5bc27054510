using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ArtifactsPS.Tests.Servers;

/// <summary>Ceph's S3 gateway with a cluster of one node, in memory.</summary>
internal sealed class RadosGateway : IOutageServer
{
    public const string AccessKey = "testkey";
    public const string SecretKey = "test5ecret+/Qn4";

    /// <summary>Bucket for the tests.</summary>
    public const string Bucket = "tests";

    private static readonly string[] Programs =
    [
        "ceph-mon",
        "ceph-osd",
        "radosgw",
        "ceph",
        "radosgw-admin",
        "monmaptool",
    ];

    private static readonly HttpClient Client = new();

    private readonly string _folder = Directory.CreateTempSubdirectory("rgw-").FullName;
    private readonly Dictionary<string, string> _environment;
    private readonly List<ServerProcess> _processes = [];
    private ServerProcess _gateway = null!;

    private RadosGateway() =>
        _environment = new(StringComparer.Ordinal) { ["CEPH_CONF"] = Path.Combine(_folder, "ceph.conf") };

    public int Port { get; } = ServerProcess.FreePort();

    /// <summary>Reason why the server is missing; null if it is installed.</summary>
    public static string? Missing =>
        Array.Find(Programs, program => !ServerProcess.IsInstalled(program)) is { } missing
            ? $"{missing} is not installed (packages ceph-mon, ceph-osd, radosgw, ceph-common)."
            : null;

    public static Task<RadosGateway> StartAsync() => ServerProcess.StartOnFreePortAsync(StartOnceAsync);

    private static async Task<RadosGateway> StartOnceAsync()
    {
        var gateway = new RadosGateway();
        try
        {
            await gateway.StartClusterAsync();
            await gateway.MakeBucketAsync(Bucket);
            return gateway;
        }
        catch
        {
            gateway.Dispose();
            throw;
        }
    }

    /// <summary>Creates a bucket.</summary>
    public Task MakeBucketAsync(string name) => PutAsync(name, "", "");

    /// <summary>Switches the versioning of a bucket on.</summary>
    public Task EnableVersioningAsync(string bucket) =>
        PutAsync(bucket, "?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");

    /// <summary>Creates or overwrites an object.</summary>
    /// <returns>Version id of the object; null without versioning.</returns>
    public Task<string?> PutObjectAsync(string bucket, string key, byte[] value) =>
        SendAsync(HttpMethod.Put, bucket, EscapedPath.Of(key), value);

    /// <summary>Deletes an object.</summary>
    public Task DeleteObjectAsync(string bucket, string key) =>
        SendAsync(HttpMethod.Delete, bucket, EscapedPath.Of(key), []);

    /// <summary>Lets everybody read and list a bucket without credentials.</summary>
    public Task PublishAsync(string bucket) =>
        PutAsync(
            bucket,
            "?policy",
            $$"""
            {"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Principal": "*",
                "Action": ["s3:GetObject", "s3:ListBucket"],
                "Resource": ["arn:aws:s3:::{{bucket}}", "arn:aws:s3:::{{bucket}}/*"]
            }]}
            """
        );

    /// <summary>Limits the number of keys of a bucket.</summary>
    public async Task SetQuotaAsync(string bucket, int keys)
    {
        var scope = new[] { "--quota-scope=bucket", $"--bucket={bucket}" };
        var limit = string.Create(CultureInfo.InvariantCulture, $"--max-objects={keys}");
        await RunAsync("radosgw-admin", ["quota", "set", .. scope, limit]);
        await RunAsync("radosgw-admin", ["quota", "enable", .. scope]);
    }

    /// <summary>Creates a user with some permissions in a bucket only.</summary>
    /// <param name="name">Name and access key.</param>
    /// <param name="secret">Secret access key.</param>
    /// <param name="bucket">Name of the bucket.</param>
    /// <param name="actions">Allowed actions, for example <c>s3:GetObject</c>.</param>
    public async Task MakeUserAsync(string name, string secret, string bucket, params string[] actions)
    {
        await RunAsync(
            "radosgw-admin",
            "user",
            "create",
            $"--uid={name}",
            $"--display-name={name}",
            $"--access-key={name}",
            $"--secret-key={secret}"
        );
        var policy = $$"""
            {"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam:::user/{{name}}"]},
                "Action": ["{{string.Join("\", \"", actions)}}"],
                "Resource": ["arn:aws:s3:::{{bucket}}", "arn:aws:s3:::{{bucket}}/*"]
            }]}
            """;
        await PutAsync(bucket, "?policy", policy);
    }

    /// <summary>Address of the server, or of a proxy at another port.</summary>
    public string Endpoint(int? port = null) =>
        string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port ?? Port}");

    /// <inheritdoc/>
    public void Suspend() => _gateway.Signal("STOP");

    /// <inheritdoc/>
    public void Resume() => _gateway.Signal("CONT");

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        _gateway.Signal("KILL");
        await _gateway.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async Task RestartAsync()
    {
        _gateway = Start("radosgw", "-n", "client.rgw", "-f");
        await _gateway.WaitForPortAsync(Port);
    }

    public void Dispose()
    {
        _processes.Reverse();
        foreach (var process in _processes)
            process.Dispose();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private Task PutAsync(string bucket, string what, string body) =>
        SendAsync(HttpMethod.Put, bucket, what, Encoding.UTF8.GetBytes(body));

    private async Task<string?> SendAsync(HttpMethod method, string bucket, string what, byte[] body)
    {
        // Signs the request itself: tests of lazy loading must not load an SDK.
        var date = DateTime.UtcNow.ToString("R", CultureInfo.InvariantCulture);
        var signature = HMACSHA1.HashData(
            Encoding.UTF8.GetBytes(SecretKey),
            Encoding.UTF8.GetBytes($"{method}\n\n\n{date}\n/{bucket}/{what}")
        );
        using var request = new HttpRequestMessage(method, EscapedPath.UriOf($"{Endpoint()}/{bucket}/{what}"));
        request.Content = new ByteArrayContent(body);
        request.Headers.TryAddWithoutValidation("Date", date);
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS {AccessKey}:{Convert.ToBase64String(signature)}"
        );
        using var answer = await Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return answer.Headers.TryGetValues("x-amz-version-id", out var versions) ? versions.Single() : null;
    }

    private async Task StartClusterAsync()
    {
        var id = Guid.NewGuid().ToString();
        var disk = Guid.NewGuid().ToString();
        var monitor = ServerProcess.FreePort();
        foreach (var folder in new[] { "run", "log", "osd" })
            Directory.CreateDirectory(Path.Combine(_folder, folder));
        await File.WriteAllTextAsync(_environment["CEPH_CONF"], Configuration(id, monitor));

        var map = Path.Combine(_folder, "monmap");
        var address = string.Create(CultureInfo.InvariantCulture, $"[v1:127.0.0.1:{monitor}/0]");
        await RunAsync("monmaptool", "--create", "--fsid", id, "--addv", "a", address, map);
        await RunAsync("ceph-mon", "--mkfs", "-i", "a", "--monmap", map, "--mon-data", Path.Combine(_folder, "mon"));
        await Start("ceph-mon", "-i", "a", "-f").WaitForPortAsync(monitor);
        await AskAsync("osd", "new", disk, "0");
        await AskAsync("osd", "crush", "add", "osd.0", "1.0", "host=localhost", "root=default");
        await RunAsync("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", disk);
        await Start("ceph-osd", "-i", "0", "-f")
            .WaitForAsync(async () => (await AskAsync("osd", "stat")).Contains("1 up", StringComparison.Ordinal));
        _gateway = Start("radosgw", "-n", "client.rgw", "-f");
        await RunAsync(
            "radosgw-admin",
            "user",
            "create",
            "--uid=test",
            "--display-name=test",
            $"--access-key={AccessKey}",
            $"--secret-key={SecretKey}"
        );
        await _gateway.WaitForPortAsync(Port);
    }

    // A monitor that has just started refuses some commands.
    private async Task<string> AskAsync(params string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        while (true)
            try
            {
                return await RunAsync("ceph", arguments);
            }
            catch (InvalidOperationException) when (watch.Elapsed < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(100);
            }
    }

    private ServerProcess Start(string program, params string[] arguments)
    {
        var process = ServerProcess.Start(program, _environment, arguments);
        _processes.Add(process);
        return process;
    }

    private Task<string> RunAsync(string program, params string[] arguments) =>
        ServerProcess.RunAsync(program, _environment, arguments);

    private string Configuration(string id, int monitor) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            [global]
            fsid = {id}
            mon host = v1:127.0.0.1:{monitor}/0
            mon initial members = a
            public addr = 127.0.0.1
            cluster addr = 127.0.0.1
            ms bind msgr2 = false
            auth cluster required = none
            auth service required = none
            auth client required = none
            run dir = {_folder}/run
            log file = {_folder}/log/$name.log
            admin socket = {_folder}/run/$name.asok
            osd pool default size = 1
            osd pool default min size = 1
            osd pool default pg num = 4
            osd pool default pgp num = 4
            osd pool default pg autoscale mode = off
            osd crush chooseleaf type = 0
            mon allow pool size one = true
            mon max pg per osd = 1000
            paxos propose interval = 0.02
            paxos min wait = 0.01
            osd class update on start = false
            osd crush update on start = false
            osd objectstore = memstore
            memstore device bytes = 4294967296
            mon data avail crit = 1
            mon data avail warn = 1
            [mon.a]
            mon data = {_folder}/mon
            mon addr = 127.0.0.1:{monitor}
            [osd.0]
            osd data = {_folder}/osd
            [client.rgw]
            rgw frontends = beast endpoint=127.0.0.1:{Port}
            rgw thread pool size = 64
            rgw run sync thread = false
            rgw enable gc threads = false

            """
        );
}
