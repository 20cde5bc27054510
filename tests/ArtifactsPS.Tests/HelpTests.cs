using System.Xml.Linq;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests;

[Collection(SerialCollection.Name)] // Examples register stores and set variables of the environment.
public sealed class HelpTests : SessionTests
{
    private static readonly string HelpFile = Path.Combine(
        Suite.ModuleFolder,
        "module",
        "bin",
        Suite.Flavour,
        "en-US",
        "ArtifactsPS.dll-Help.xml"
    );

    public static TheoryData<string> Cmdlets() =>
        [
            .. XDocument
                .Load(HelpFile)
                .Descendants()
                .Where(element => element.Name.LocalName == "details")
                .Select(details => details.Elements().First().Value),
        ];

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Every_example_works(string cmdlet)
    {
        MakeWhatExamplesAreAbout();
        var examples = Session.Texts("(Get-Help $args[0]).Examples.Example | ForEach-Object Code", cmdlet);

        Assert.NotEmpty(examples);
        foreach (var example in examples)
            Session.Run(example);
    }

    [Fact]
    public void Every_cmdlet_is_explained_and_has_an_example()
    {
        var unexplained = Session.Texts(
            """
            foreach ($command in Get-Command -Module Artifacts) {
                $help = Get-Help $command.Name -Full
                if (-not $help.Synopsis -or -not $help.Description.Text -or -not $help.Examples.Example) { $command.Name }
            }
            """
        );

        Assert.Empty(unexplained);
    }

    [Fact]
    public void Every_parameter_is_explained()
    {
        var unexplained = Session.Texts(
            """
            $common = [System.Management.Automation.Cmdlet]::CommonParameters
            foreach ($command in Get-Command -Module Artifacts) {
                $explained = @((Get-Help $command.Name).Parameters.Parameter | Where-Object { $_.Description.Text } |
                    ForEach-Object Name)
                $command.Parameters.Keys | Where-Object { $_ -notin $common -and $_ -notin $explained } |
                    ForEach-Object { "$command -$_" }
            }
            """
        );

        Assert.Empty(unexplained);
    }

    [Fact]
    public void What_is_said_of_a_parameter_is_what_the_engine_knows_of_it()
    {
        var wrong = Session.Texts(
            """
            foreach ($command in Get-Command -Module Artifacts) {
                foreach ($told in (Get-Help $command.Name -Parameter *)) {
                    $parameter = $command.Parameters[$told.Name]
                    $uses = @($parameter.ParameterSets.Values)
                    $type = $parameter.ParameterType
                    if ([Nullable]::GetUnderlyingType($type)) { $type = [Nullable]::GetUnderlyingType($type) }
                    $is = @(
                        $type.Name
                        @($uses | Where-Object IsMandatory).Count -gt 0
                        @($uses | Where-Object { $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName }).Count -gt 0
                        if ($parameter.Aliases) { $parameter.Aliases -join ', ' } else { 'none' }
                    ) -join '; '
                    $says = @(
                        $told.Type.Name
                        [bool]::Parse($told.Required)
                        $told.PipelineInput -ne 'False'
                        $told.Aliases
                    ) -join '; '
                    if ($is -ne $says) { "$command -$($told.Name): $says, and is $is" }
                }
            }
            """
        );

        Assert.Empty(wrong);
    }

    [Fact]
    public void Online_help_is_the_cmdlets_page()
    {
        var addresses = Session.Texts(
            """
            foreach ($command in Get-Command -Module Artifacts) {
                (Get-Help $command.Name).RelatedLinks.NavigationLink.Uri | Where-Object { $_ }
            }
            """
        );
        var pages = Directory.GetFiles(Path.Combine(Suite.RepositoryRoot, "docs", "en-US"), "*.md");

        Assert.Equal(
            pages.Select(Path.GetFileName).Order(StringComparer.Ordinal),
            addresses
                .Where(address => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == "https")
                .Select(address => address.Split('/')[^1])
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Examples_of_the_topic_about_collaboration_run_one_after_another()
    {
        Session.File("mine/raw/1.png");
        Session.File("mine/index.csv");
        var topic = File.ReadAllText(
            Path.Combine(Suite.RepositoryRoot, "docs", "en-US", "about_Artifacts_Collaboration.help.txt")
        );
        // Code stands deeper than text does; what -ConflictAction takes stands as deep.
        var blocks = topic
            .Split("HOW TO")[1]
            .Split("CONTRIBUTORS")[0]
            .Split("\n\n")
            .Where(block => block.StartsWith("        ", StringComparison.Ordinal))
            .ToList();

        Assert.Equal(4, blocks.Count);
        var written = blocks.Select(block => Session.Texts(block)).ToList();

        Assert.Equal(["shard-3"], written[1]);
        Assert.Equal(["scans:v0"], Session.Texts("Get-Artifact scans:nightly"));
        Assert.Equal(
            ["0 1"],
            Session.Texts(
                "Get-DistributedArtifact scans nightly-43 | ForEach-Object { \"$($_.Contributions.FileCount) $($_.Contributions.RemovedCount)\" }"
            )
        );
    }

    [Theory]
    [InlineData("about_Artifacts")]
    [InlineData("about_Artifacts_StoreFormat")]
    [InlineData("about_Artifacts_Collaboration")]
    public void Topics_are_found(string topic)
    {
        var text = Assert.IsType<string>(Session.One("Get-Help $args[0]", topic).BaseObject);

        Assert.StartsWith($"TOPIC\n    {topic}\n", text.ReplaceLineEndings("\n").TrimStart(), StringComparison.Ordinal);
    }

    [Fact]
    public void Links_lead_to_cmdlets_and_topics()
    {
        var broken = Session.Texts(
            """
            foreach ($command in Get-Command -Module Artifacts) {
                (Get-Help $command.Name).RelatedLinks.NavigationLink | Where-Object { -not $_.Uri } | ForEach-Object LinkText | Where-Object {
                    -not (Get-Command $_ -ErrorAction Ignore) -and -not (Get-Help $_ -ErrorAction Ignore)
                }
            }
            """
        );

        Assert.Empty(broken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Session.Try("Get-ArtifactStore * -WarningAction Ignore | Unregister-ArtifactStore");
            Environment.SetEnvironmentVariable("ARTIFACTS_RUN_ID", null);
            Environment.SetEnvironmentVariable("ARTIFACTS_RUN_GROUP", null);
        }
        base.Dispose(disposing);
    }

    // mnist:prod is v1, mnist:candidate and latest are v2; what is in the folder release is app:v0.
    private void MakeWhatExamplesAreAbout()
    {
        foreach (var name in new[] { "test.csv", "notes.tmp", "raw/0.png", "raw/1.png" })
            Session.File($"data/{name}", name);
        Session.File("data/train.csv", new string('9', 2000));
        Session.File("model/weights.bin");
        Session.File("model/config.json", "{}");
        Session.File("release/app");
        Session.File("docs/index.md");
        foreach (var (digit, publish) in new[] { (1, ""), (4, "-Alias prod -Tag nightly"), (7, "-Alias candidate") })
        {
            Session.File("data/labels.csv", $"image,digit\n0,{digit}\n");
            Session.Run(
                "New-Artifact mnist dataset -Metadata @{ source = 'yann' } | Add-ArtifactDirectory ./data"
                    + $" | Publish-Artifact {publish}"
            );
        }
        Session.Run(
            """
            Invoke-ArtifactRun -Name train {
                Use-Artifact mnist:prod
                New-Artifact resnet model | Add-ArtifactDirectory ./model | Publish-Artifact -Alias best -Tag nightly
            }
            New-Artifact app release | Add-ArtifactDirectory ./release | Publish-Artifact
            New-ArtifactStore ./store | Register-ArtifactStore team
            New-ArtifactStore ./archive
            foreach ($number in 0, 1) {
                New-Artifact scans dataset | Add-ArtifactFile "./data/raw/$number.png" |
                    Set-DistributedArtifact -DistributedId nightly-42 -Contributor "shard-$number"
            }
            # Not part of the bare engine.
            if (-not (Get-Command Get-ChildItem -ErrorAction Ignore)) {
                function Get-ChildItem($Path, [switch] $Recurse, [switch] $File) {
                    [IO.DirectoryInfo]::new("$PWD/$Path").EnumerateFiles('*', 'AllDirectories')
                }
                function Set-Content($Path, [string[]] $Value) { [IO.File]::WriteAllLines("$PWD/$Path", $Value) }
                function Select-Object([string[]] $Property, [Parameter(ValueFromPipeline)] $InputObject) {
                    process {
                        $selected = [ordered]@{}
                        foreach ($name in $Property) { $selected[$name] = $InputObject.$name }
                        [pscustomobject] $selected
                    }
                }
            }
            """
        );
    }
}
