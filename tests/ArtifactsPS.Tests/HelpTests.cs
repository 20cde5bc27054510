using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests;

[Collection(SerialCollection.Name)] // The examples register stores and set environment variables.
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
    public void Examples_of_cmdlet_run_without_error(string cmdlet)
    {
        CreateContentForExamples();
        var examples = Session.Texts("(Get-Help $args[0]).Examples.Example | ForEach-Object Code", cmdlet);

        Assert.NotEmpty(examples);
        Session.Run("$ConfirmPreference = 'None'");
        foreach (var script in HelpExamples.PreparationOf(cmdlet))
            Session.Run(script);
        foreach (var example in examples)
        {
            // Each example restores the version.
            if (cmdlet == "Restore-Artifact")
                Session.Run("Get-Artifact mnist -AllVersions | Where-Object Version -eq v3 | Remove-Artifact -Force");
            Session.Run(example);
        }
    }

    private void CreateKeys()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Session.File("release.pem", key.ExportPkcs8PrivateKeyPem());
        Session.File("ci.pem", key.ExportPkcs8PrivateKeyPem());
        Session.File("release.pub", key.ExportSubjectPublicKeyInfoPem());
        var request = new CertificateRequest("CN=Release", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true)
        );
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
        File.WriteAllBytes(Path.Combine(Session.Folder, "release.pfx"), certificate.Export(X509ContentType.Pfx));
    }

    [Fact]
    public void Help_of_every_cmdlet_has_texts_and_an_example()
    {
        var incomplete = Session.Texts(
            """
            foreach ($command in Get-Command -Module Artifacts -CommandType Cmdlet) {
                $help = Get-Help $command.Name -Full
                if (-not $help.Synopsis -or -not $help.Description.Text -or -not $help.Examples.Example) { $command.Name }
            }
            """
        );

        Assert.Empty(incomplete);
    }

    [Fact]
    public void Description_is_longer_than_synopsis_and_different()
    {
        var repeating = Session.Texts(
            """
            foreach ($command in Get-Command -Module Artifacts -CommandType Cmdlet) {
                $help = Get-Help $command.Name -Full
                $synopsis = $help.Synopsis.Trim()
                $description = (@($help.Description.Text) -join ' ').Trim()
                if ($description.Length -le $synopsis.Length) { "$command`: DESCRIPTION is not longer than SYNOPSIS" }
                if ($description.Contains($synopsis.TrimEnd('.'))) { "$command`: DESCRIPTION repeats SYNOPSIS" }
            }
            """
        );

        Assert.Empty(repeating);
    }

    [Fact]
    public void Every_parameter_has_a_description()
    {
        var undescribed = Session.Texts(
            """
            $common = [System.Management.Automation.Cmdlet]::CommonParameters
            foreach ($command in Get-Command -Module Artifacts -CommandType Cmdlet) {
                $described = @((Get-Help $command.Name).Parameters.Parameter | Where-Object { $_.Description.Text } |
                    ForEach-Object Name)
                $command.Parameters.Keys | Where-Object { $_ -notin $common -and $_ -notin $described } |
                    ForEach-Object { "$command -$_" }
            }
            """
        );

        Assert.Empty(undescribed);
    }

    [Fact]
    public void Parameter_facts_in_help_match_the_cmdlets()
    {
        var wrong = Session.Texts(
            """
            foreach ($command in Get-Command -Module Artifacts -CommandType Cmdlet) {
                foreach ($documented in (Get-Help $command.Name -Parameter *)) {
                    $parameter = $command.Parameters[$documented.Name]
                    $uses = @($parameter.ParameterSets.Values)
                    $type = $parameter.ParameterType
                    if ([Nullable]::GetUnderlyingType($type)) { $type = [Nullable]::GetUnderlyingType($type) }
                    $actual = @(
                        $type.Name
                        @($uses | Where-Object IsMandatory).Count -gt 0
                        @($uses | Where-Object { $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName }).Count -gt 0
                        if ($parameter.Aliases) { $parameter.Aliases -join ', ' } else { 'none' }
                    ) -join '; '
                    $stated = @(
                        $documented.Type.Name
                        [bool]::Parse($documented.Required)
                        $documented.PipelineInput -ne 'False'
                        $documented.Aliases
                    ) -join '; '
                    if ($actual -ne $stated) { "$command -$($documented.Name): help states $stated, cmdlet has $actual" }
                }
            }
            """
        );

        Assert.Empty(wrong);
    }

    [Fact]
    public void Online_links_match_the_pages_in_docs()
    {
        var addresses = Session.Texts(
            """
            foreach ($command in Get-Command -Module Artifacts -CommandType Cmdlet) {
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
    public void Examples_of_collaboration_topic_run_in_sequence()
    {
        Session.File("mine/raw/1.png");
        Session.File("mine/index.csv");
        var topic = File.ReadAllText(
            Path.Combine(Suite.RepositoryRoot, "docs", "en-US", "about_Artifacts_Collaboration.help.txt")
        );
        // Code has a deeper indentation than text. The values of -ConflictAction have the same, so CONFLICTS is cut off.
        var blocks = topic
            .Split("HOW TO")[1]
            .Split("CONTRIBUTORS")[0]
            .Split("\n\n")
            .Where(block => block.StartsWith("        ", StringComparison.Ordinal))
            .ToList();

        Assert.Equal(4, blocks.Count);
        var outputs = blocks.Select(block => Session.Texts(block)).ToList();

        Assert.Equal(["shard-3"], outputs[1]);
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
    [InlineData("about_Artifacts_Signatures")]
    [InlineData("about_Artifacts_StoreFormat")]
    [InlineData("about_Artifacts_Collaboration")]
    [InlineData("about_Artifacts_References")]
    public void Topic_is_available_through_Get_Help(string topic)
    {
        var text = Assert.IsType<string>(Session.One("Get-Help $args[0]", topic).BaseObject);

        Assert.StartsWith($"TOPIC\n    {topic}\n", text.ReplaceLineEndings("\n").TrimStart(), StringComparison.Ordinal);
    }

    [Fact]
    public void Related_links_refer_to_existing_cmdlets_and_topics()
    {
        var broken = Session.Texts(
            """
            foreach ($command in Get-Command -Module Artifacts -CommandType Cmdlet) {
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

    // mnist:prod is v1; mnist:candidate and latest are v2; app:v0 has the files of the folder release.
    private void CreateContentForExamples()
    {
        foreach (var name in new[] { "test.csv", "notes.tmp", "raw/0.png", "raw/1.png" })
            Session.File($"data/{name}", name);
        Session.File("data/train.csv", new string('9', 2000));
        Session.File("model/weights.bin");
        Session.File("model/config.json", "{}");
        Session.File("release/app");
        Session.File("docs/index.md");
        Session.File("photos/1.jpg");
        Session.File(
            "results/tests.xml",
            "<testsuites tests=\"1\" failures=\"0\"><testsuite name=\"all\" tests=\"1\"><testcase name=\"one\"/></testsuite></testsuites>"
        );
        CreateKeys();
        foreach (
            var (digit, publish) in new[] { (1, ""), (4, "-Alias prod -Tag nightly"), (7, "-Alias candidate"), (8, "") }
        )
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
            # The engine alone does not have these cmdlets.
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
