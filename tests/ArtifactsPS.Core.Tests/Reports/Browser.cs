using PuppeteerSharp;
using PuppeteerSharp.Media;

namespace ArtifactsPS.Core.Tests.Reports;

/// <summary>Headless Chromium from the PATH, with a page whose console messages and requests are recorded.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Programs = ["chromium", "chromium-browser", "google-chrome", "chrome", "msedge"];

    private readonly IBrowser _browser;

    private Browser(IBrowser browser, IPage page)
    {
        (_browser, Page) = (browser, page);
        page.Console += (_, line) => ConsoleMessages.Add(line.Message.Text);
        page.PageError += (_, error) => ConsoleMessages.Add(error.Message);
        page.Request += (_, request) => Requests.Add(request.Request.Url);
    }

    public IPage Page { get; }

    /// <summary>Console messages and errors of the page, oldest first.</summary>
    public List<string> ConsoleMessages { get; } = [];

    /// <summary>Addresses of all requests, oldest first.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Starts a browser. Skips the test if none is installed.</summary>
    public static async Task<Browser> StartAsync()
    {
        var program = FindOnPath();
        Assert.SkipWhen(program is null, $"None of {string.Join(", ", Programs)} is on the PATH.");
        var browser = await Puppeteer.LaunchAsync(
            new LaunchOptions
            {
                ExecutablePath = program,
                Headless = true,
                // The sandbox isn't available to root and in most containers. Only the test's own page is opened.
                Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
                DefaultViewport = new ViewPortOptions { Width = 1280, Height = 900 },
            }
        );
        return new Browser(browser, await browser.NewPageAsync());
    }

    /// <summary>Opens a local file.</summary>
    public Task OpenAsync(string path, string fragment = "") =>
        Page.GoToAsync(AddressOf(path) + fragment, WaitUntilNavigation.Load);

    public Task SetColorSchemeAsync(string scheme) =>
        Page.EmulateMediaFeaturesAsync([
            new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = scheme },
        ]);

    public Task<T> ValueAsync<T>(string script) => Page.EvaluateExpressionAsync<T>(script);

    public Task WaitUntilAsync(string script) => Page.WaitForExpressionAsync(script);

    public async ValueTask DisposeAsync()
    {
        await _browser.CloseAsync();
        await _browser.DisposeAsync();
    }

    // System.Uri decodes %41 in a path to A, so the path is escaped here.
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
