using PuppeteerSharp;
using PuppeteerSharp.Media;

namespace ArtifactsPS.Core.Tests.Reports;

/// <summary>A headless Chromium that is on the PATH, with a page that keeps what it complained of and asked for.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Programs = ["chromium", "chromium-browser", "google-chrome", "chrome", "msedge"];

    private readonly IBrowser _browser;

    private Browser(IBrowser browser, IPage page)
    {
        (_browser, Page) = (browser, page);
        page.Console += (_, line) => Complaints.Add(line.Message.Text);
        page.PageError += (_, error) => Complaints.Add(error.Message);
        page.Request += (_, request) => Requests.Add(request.Request.Url);
    }

    public IPage Page { get; }

    /// <summary>What the page wrote to its console, and its errors.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>The addresses that the page and what is in it were loaded from.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Starts a browser; skips the test where there is none.</summary>
    public static async Task<Browser> StartAsync()
    {
        var program = FindOnPath();
        Assert.SkipWhen(program is null, $"None of {string.Join(", ", Programs)} is on the PATH.");
        var browser = await Puppeteer.LaunchAsync(
            new LaunchOptions
            {
                ExecutablePath = program,
                Headless = true,
                // The sandbox isn't there for root and in most containers; what is shown is the test's own page.
                Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
                DefaultViewport = new ViewPortOptions { Width = 1280, Height = 900 },
            }
        );
        return new Browser(browser, await browser.NewPageAsync());
    }

    /// <summary>Opens a file as a user does who double-clicks it.</summary>
    public Task OpenAsync(string path, string fragment = "") =>
        Page.GoToAsync(AddressOf(path) + fragment, WaitUntilNavigation.Load);

    public Task PreferAsync(string scheme) =>
        Page.EmulateMediaFeaturesAsync([
            new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = scheme },
        ]);

    public Task<T> ValueAsync<T>(string script) => Page.EvaluateExpressionAsync<T>(script);

    /// <summary>Waits until an expression is true.</summary>
    public Task UntilAsync(string script) => Page.WaitForExpressionAsync(script);

    public async ValueTask DisposeAsync()
    {
        await _browser.CloseAsync();
        await _browser.DisposeAsync();
    }

    // System.Uri takes %41 in a path for an A.
    private static string AddressOf(string path) =>
        "file:///" + string.Join('/', path.Replace('\\', '/').TrimStart('/').Split('/').Select(Uri.EscapeDataString));

    private static string? FindOnPath()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var end = OperatingSystem.IsWindows() ? ".exe" : "";
        return Programs
            .SelectMany(program => folders.Select(folder => Path.Combine(folder, program + end)))
            .FirstOrDefault(File.Exists);
    }
}
