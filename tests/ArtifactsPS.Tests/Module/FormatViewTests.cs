using System.Xml.Linq;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Module;

public sealed class FormatViewTests : SessionTests
{
    private const int MaxColumns = 7;

    private static readonly XDocument Views = XDocument.Load(
        Path.Combine(Suite.ModuleFolder, "module", "Artifacts.Format.ps1xml")
    );

    [Fact]
    public void Every_output_type_has_narrow_table_and_list()
    {
        var types = Session
            .Run("Get-Command -Module Artifacts -CommandType Cmdlet")
            .SelectMany(command => ((CmdletInfo)command.BaseObject).OutputType)
            .Select(type => type.Name)
            .Where(name => name.StartsWith("ArtifactsPS.", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal)
            .ToArray();

        Assert.NotEmpty(types);
        Assert.All(
            types,
            type =>
            {
                var controls = Views
                    .Descendants("View")
                    .Where(view => view.Descendants("TypeName").Any(name => name.Value == type))
                    .ToArray();
                var table = Assert.Single(controls.Elements("TableControl"));
                Assert.InRange(table.Descendants("TableColumnItem").Count(), 2, MaxColumns);
                Assert.Equal(
                    table.Descendants("TableColumnHeader").Count(),
                    table.Descendants("TableColumnItem").Count()
                );
                Assert.Single(controls.Elements("ListControl"));
            }
        );
    }

    [Fact]
    public void List_views_show_every_property()
    {
        Session.Publish("model", "a");
        var samples = Samples();

        Assert.All(
            samples,
            sample =>
            {
                var shown = Views
                    .Descendants("View")
                    .Where(view => view.Descendants("TypeName").Any(name => name.Value == sample.TypeNames[0]))
                    .Descendants("ListItem")
                    .Select(item => item.Element("Label")?.Value ?? item.Element("PropertyName")!.Value);
                // The reference or the path already contains these properties.
                var properties = sample
                    .Properties.Where(property => property.MemberType == PSMemberTypes.Property)
                    .Select(property => property.Name)
                    .Except(["Name", "Version", "VersionNumber", "PSPath"], StringComparer.Ordinal)
                    .Select(property => property == "EntryPath" ? "Path" : property);
                Assert.Empty(properties.Except(shown, StringComparer.Ordinal));
            }
        );
    }

    [Theory]
    [InlineData("Get-Artifact model", "model", "v0", "dataset", "latest", "1.5 KiB")]
    [InlineData("New-ArtifactDraft model", "model", "dataset", "model:v0", "1.5 KiB")]
    [InlineData("Get-ArtifactEntry model", "a.txt", "1.5 KiB")]
    [InlineData("Get-ArtifactStore (Get-Artifact model).Store", "store [1]")]
    [InlineData("Get-ArtifactHistory model", "published v0")]
    [InlineData("Compare-Artifact model (New-ArtifactDraft model | Remove-ArtifactEntry a.txt)", "Removed", "a.txt")]
    [InlineData("Test-Artifact model .", "Missing", "a.txt")]
    public void Table_views_fit_120_columns(string script, params string[] texts)
    {
        Session.PublishTexts("model", ("a.txt", new string('x', 1536)));

        var shown = Session.Show(script);

        Assert.All(texts, text => Assert.Contains(text, shown, StringComparison.Ordinal));
        Assert.Contains("---", shown, StringComparison.Ordinal);
        Assert.All(shown.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 120, line));
    }

    [Fact]
    public void Views_work_in_strict_mode()
    {
        Session.Publish("model", "a");
        Session.PublishTexts("tree", ("a.txt", "x"), ("dir/b", "y"));
        Session.Run(
            """
            Set-StrictMode -Version Latest
            $provider = $ExecutionContext.SessionState.Provider.GetOne('Artifact')
            $drive = [Management.Automation.PSDriveInfo]::new('art', $provider, $args[0], '', $null)
            $null = $ExecutionContext.SessionState.Drive.New($drive, 'Global')
            """,
            Session.Store
        );

        var folder = Session.Show("$ExecutionContext.InvokeProvider.ChildItem.Get('art:/tree/v0', $false)");
        Assert.Matches(
            @"Folder: art:/tree/v0\s+Kind +Size +Details +Name\s[\s-]+file +1 B [0-9a-f]{12} +a\.txt",
            folder
        );
        Assert.Matches(@"\nfolder +- - +dir", folder);
        foreach (var sample in Samples())
            Assert.Contains("---", Session.Show("$args[0]", sample), StringComparison.Ordinal);
    }

    [Fact]
    public void Long_names_are_truncated_to_screen_width()
    {
        Session.Publish(new string('n', 128), "a");

        var lines = Session.Show("Get-Artifact").Split('\n').Where(line => line.Trim().Length > 0).ToArray();

        Assert.All(lines, line => Assert.True(line.TrimEnd().Length <= 120, line));
    }

    [Fact]
    public void Deserialized_version_is_displayed_as_table()
    {
        Session.Publish("model", "a");
        var copy = PSSerializer.Deserialize(PSSerializer.Serialize(Session.One("Get-Artifact model")));

        var shown = Session.Show("$args[0]", copy);

        Assert.Matches("model +v0 +dataset", shown);
    }

    private PSObject[] Samples() =>
        [
            Session.One("Get-Artifact model"),
            Session.One("New-ArtifactDraft model"),
            Session.One("Get-ArtifactEntry model"),
            Session.One("Get-ArtifactStore (Get-Artifact model).Store"),
            Session.One("Get-ArtifactHistory model"),
            Session.One("Compare-Artifact model (New-ArtifactDraft model | Remove-ArtifactEntry a)"),
            Session.One("Test-Artifact model ."),
            Session.One(
                "[IO.File]::WriteAllText(\"$((Get-Artifact model).Store)/artifacts/model/odd\", ''); Test-ArtifactStore"
            ),
        ];
}
