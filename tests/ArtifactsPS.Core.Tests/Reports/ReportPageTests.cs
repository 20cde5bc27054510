using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Reports;

public sealed class ReportPageTests : IAsyncLifetime
{
    private const string Hostile = "</script><img src=x onerror=alert(1)><!--<script>";

    private ReportFixture _report = null!;

    public async ValueTask InitializeAsync() => _report = await ReportFixture.CreateAsync();

    public ValueTask DisposeAsync()
    {
        _report.Dispose();
        return default;
    }

    [Fact]
    public async Task Page_is_small_and_loads_nothing()
    {
        await _report.Store.PublishAsync("m", ("a", "a"));

        var page = await _report.ExportAsync();

        Assert.InRange(page.Length, 1, 1_000_000);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("<(link|img|iframe|script[^>]+src)", page.Split("<script>")[0]);
        Assert.DoesNotContain("unsafe-", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_includes_licences_of_its_libraries()
    {
        var page = await _report.ExportAsync();

        foreach (var library in new[] { "chart.js", "@kurkle/color", "d3-hierarchy", "@dagrejs/dagre" })
            Assert.Contains($"== {library} ", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_text_is_escaped_in_data()
    {
        await PublishHostileAsync();

        var page = await _report.ExportAsync();

        Assert.DoesNotContain("onerror=alert(1)>", page, StringComparison.Ordinal);
        var data = ReportFixture.DataTextOf(page);
        Assert.DoesNotMatch("[<>&']", data);
        var version = JObject.Parse(data)["artifacts"]![0]!["versions"]![0]!;
        Assert.Equal(Hostile, (string?)version["description"]);
        Assert.Equal(Hostile, (string?)version["metadata"]![Hostile]);
    }

    [Fact]
    public async Task Browser_shows_page_without_errors_or_requests()
    {
        await PublishHostileAsync();
        await _report.Store.PublishAsync("second", ("a/b.txt", "text"));
        await _report.ExportAsync();
        await using var browser = await Browser.StartAsync();

        foreach (var scheme in new[] { "light", "dark" })
        {
            await browser.SetColorSchemeAsync(scheme);
            await browser.OpenAsync(_report.PagePath);
            await browser.WaitUntilAsync("shownCharts.length === 2");
            Assert.Equal(0, await browser.ValueAsync<int>("document.images.length"));
            Assert.Contains(
                Hostile,
                await browser.ValueAsync<string>("document.body.innerText"),
                StringComparison.Ordinal
            );
        }

        Assert.Empty(browser.ConsoleMessages);
        Assert.All(browser.Requests, address => Assert.StartsWith("file:", address, StringComparison.Ordinal));
        Assert.Equal(2, browser.Requests.Count);
    }

    [Fact]
    public async Task Browser_shows_light_and_dark_scheme()
    {
        await _report.Store.PublishAsync("m", ("a", "a"));
        await _report.ExportAsync();
        await using var browser = await Browser.StartAsync();
        var backgrounds = new List<string>();

        foreach (var scheme in new[] { "light", "dark" })
        {
            await browser.SetColorSchemeAsync(scheme);
            await browser.OpenAsync(_report.PagePath);
            backgrounds.Add(await browser.ValueAsync<string>("getComputedStyle(document.body).backgroundColor"));
        }

        Assert.Equal(["rgb(246, 247, 249)", "rgb(18, 22, 28)"], backgrounds);
    }

    [Fact]
    public async Task Entries_are_filtered_and_sorted_by_keyboard()
    {
        await _report.Store.PublishAsync("m", ("a/one.txt", "1"), ("a/two.txt", "22"), ("b/one.csv", "333"));
        await _report.ExportAsync();
        await using var browser = await Browser.StartAsync();
        await browser.OpenAsync(_report.PagePath);
        var paths = "[...document.querySelectorAll('#entries tbody .path')].map(cell => cell.textContent).join()";
        Assert.Equal("b/one.csv,a/two.txt,a/one.txt", await browser.ValueAsync<string>(paths));

        await TabToAsync(browser, "entry-filter");
        await browser.Page.Keyboard.TypeAsync("ONE a/");
        Assert.Equal("a/one.txt", await browser.ValueAsync<string>(paths));
        Assert.Equal("1 entry, 1 B", await browser.ValueAsync<string>("document.querySelector('output').value"));

        for (var i = 0; i < "ONE a/".Length; i++)
            await browser.Page.Keyboard.PressAsync("Backspace");
        await browser.Page.Keyboard.PressAsync("Tab"); // The scrollable table.
        await browser.Page.Keyboard.PressAsync("Tab"); // The table's first heading.
        await browser.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("a/one.txt,a/two.txt,b/one.csv", await browser.ValueAsync<string>(paths));
        Assert.Empty(browser.ConsoleMessages);
    }

    [Fact]
    public async Task Treemap_folder_opens_by_keyboard()
    {
        await _report.Store.PublishAsync("m", ("a/sub/one.txt", "1"), ("a/two.txt", "22"));
        await _report.ExportAsync();
        await using var browser = await Browser.StartAsync();
        await browser.OpenAsync(_report.PagePath);

        await browser.Page.FocusAsync("#treemap .tile");
        await browser.Page.Keyboard.PressAsync("Enter");

        Assert.Equal(
            "a/sub/: 1 B, 1 file; opens the folder|a/two.txt: 2 B",
            await browser.ValueAsync<string>(
                "[...document.querySelectorAll('#treemap .tile')].map(tile => tile.getAttribute('aria-label')).sort().join('|')"
            )
        );
        Assert.Equal("a/", await browser.ValueAsync<string>("document.activeElement.textContent"));
    }

    [Fact]
    public async Task Every_interactive_element_has_label()
    {
        await _report.Store.PublishAsync("m", ("a/b.txt", "1"));
        await _report.Store.PublishAsync("n", ("a/b.txt", "1"));
        await _report.ExportAsync();
        await using var browser = await Browser.StartAsync();
        await browser.OpenAsync(_report.PagePath);

        Assert.Equal(
            "",
            await browser.ValueAsync<string>(
                """
                [...document.querySelectorAll('a, button, input, summary, canvas, svg, [tabindex]')]
                    .filter(item => item.id !== 'content')
                    .filter(item => !item.getAttribute('aria-label') && !item.textContent.trim() && !item.labels?.length)
                    .map(item => item.outerHTML).join()
                """
            )
        );
    }

    private static async Task TabToAsync(Browser browser, string id)
    {
        for (var i = 0; i < 40 && await browser.ValueAsync<string>("document.activeElement.id") != id; i++)
            await browser.Page.Keyboard.PressAsync("Tab");
        Assert.Equal(id, await browser.ValueAsync<string>("document.activeElement.id"));
    }

    private async Task PublishHostileAsync()
    {
        await using var draft = _report.Store.Begin("m");
        draft.Description = Hostile;
        draft.Metadata = new JObject { [Hostile] = Hostile, ["__proto__"] = "x" };
        await draft.AddTextAsync(Hostile, "text");
        // An alias can't contain a slash.
        await draft.PublishAsync("<img src=x onerror=alert(1)>");
    }
}
