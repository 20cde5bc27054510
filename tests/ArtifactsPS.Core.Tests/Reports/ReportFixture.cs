using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Reports;

/// <summary>A store and its exported report.</summary>
internal sealed class ReportFixture : IDisposable
{
    private ReportFixture(TestStore store) => Store = store;

    public TestStore Store { get; }

    public TemporaryFolder Folder { get; } = new();

    public string PagePath => Folder["report #1.html"];

    public static async Task<ReportFixture> CreateAsync() => new(await TestStore.CreateAsync());

    /// <summary>Exports a report of all artifacts.</summary>
    /// <returns>HTML of the report.</returns>
    public async Task<string> ExportAsync(ReportLimits? limits = null)
    {
        await Store.ReopenAsync();
        var artifacts = await Store.Versions.ReadCatalogsAsync(_ => true, Token).ToListAsync(Token);
        var reader = new ReportReader(limits ?? ReportLimits.Default, new TransferProgress());
        var report = await reader.ReadAsync(Store.Versions, artifacts, Token);
        await ReportExporter.ExportAsync(report, PagePath, replace: true, Token);
        return await File.ReadAllTextAsync(PagePath, Token);
    }

    /// <summary>JSON text of a page, up to the end tag that a browser recognizes.</summary>
    public static string DataTextOf(string page) => page.Split("id=\"data\">")[1].Split("</script")[0];

    public static JObject DataOf(string page) => JObject.Parse(DataTextOf(page));

    public void Dispose() => Folder.Dispose();
}
