namespace ArtifactsPS.Tests;

/// <summary>Scripts that create what examples in the help need.</summary>
internal static class HelpExamples
{
    private const string Net = """
        foreach ($number in 0..3) {
            [IO.File]::WriteAllText("$PWD/model/weights.bin", "$number")
            New-Artifact net model | Add-ArtifactFile ./model/weights.bin | Publish-Artifact
        }
        Set-Artifact net:v3 -AddTag reviewed
        Set-ArtifactAlias net:v3 staging, prod
        """;
    private const string App = """
        foreach ($number in 1..3) {
            Invoke-ArtifactRun -Name build {
                [IO.File]::WriteAllText("$PWD/release/app", "$number")
                New-Artifact app release | Add-ArtifactDirectory ./release | Publish-Artifact -Alias prod
            }
        }
        """;
    private const string It = "function It($Name, [scriptblock] $Test) { & $Test }";
    private static readonly Dictionary<string, string[]> Preparations = new(StringComparer.Ordinal)
    {
        ["Add-ArtifactReference"] =
        [
            Net,
            "Register-ArtifactReferenceHandler s3 -Force -Probe { @{ Size = 1 } } -Open { [byte[]]::new(1) }",
        ],
        ["Register-ArtifactReferenceHandler"] =
        [
            """
                function Invoke-WebRequest($Uri, $Method) { @{ Headers = @{ 'Content-Length' = 3; ETag = '"1"' } } }
                """,
        ],
        ["Get-ArtifactReferenceHandler"] =
        [
            "Register-ArtifactReferenceHandler hf -Probe { @{ Size = 1 } } -Open { [byte[]]::new(1) }",
        ],
        ["Unregister-ArtifactReferenceHandler"] =
        [
            "Register-ArtifactReferenceHandler hf -Probe { @{ Size = 1 } } -Open { [byte[]]::new(1) }",
        ],
        ["Protect-ArtifactAlias"] = [Net],
        ["Add-ArtifactLink"] = [Net],
        ["Remove-ArtifactLink"] = [Net, "'net:v2', 'net:v3' | Add-ArtifactLink -Collection churn"],
        ["Rename-Artifact"] = [Net],
        ["Get-ArtifactAliasRule"] = [Net, "Protect-ArtifactAlias prod, stable -Name net* -NoDelete"],
        ["Unprotect-ArtifactAlias"] = [Net, "Protect-ArtifactAlias prod, stable -Name net* -NoDelete"],
        ["Get-ArtifactSignature"] = [Net, "Set-ArtifactSignature net:v3 -KeyPath ./release.pem", "function cosign { }"],
        ["Export-ArtifactSignature"] =
        [
            Net,
            "Set-ArtifactSignature net:v3 -KeyPath ./release.pem",
            "function cosign { }",
        ],
        ["Set-ArtifactSignature"] =
        [
            Net,
            """
                Set-ArtifactSignature net:v3 -KeyPath ./release.pem
                Export-ArtifactSignature net:v3 ./model.sig
                if (-not (Get-Command Get-PfxCertificate -ErrorAction Ignore)) {
                    function Get-PfxCertificate($Path) {
                        [Security.Cryptography.X509Certificates.X509Certificate2]::new("$PWD/$Path")
                    }
                }
                """,
        ],
        ["Export-ArtifactChecksum"] =
        [
            App,
            "if (-not (Get-Command Set-Location -ErrorAction Ignore)) { function Set-Location { } }",
            "function sha256sum { }",
        ],
        ["Add-ArtifactEvidence"] =
        [
            App,
            "function Invoke-Pester($Path, [switch] $PassThru) { [pscustomobject]@{ PassedCount = 1; FailedCount = 0 } }",
        ],
        ["Get-ArtifactEvidence"] =
        [
            App,
            "Add-ArtifactEvidence app:prod -Path ./results/tests.xml",
            "if (-not (Get-Command ConvertFrom-Json -ErrorAction Ignore)) { filter ConvertFrom-Json { $_ } }",
        ],
        ["Assert-ArtifactFolder"] = [It, App, "Save-Artifact app:prod ./app"],
        ["Assert-ArtifactContent"] =
        [
            It,
            App,
            "New-Artifact app-rebuilt release | Add-ArtifactDirectory ./release | Publish-Artifact",
        ],
        ["Assert-ArtifactSignature"] = [It, App, "Set-ArtifactSignature app:prod -KeyPath ./release.pem"],
    };

    /// <summary>Scripts to run before the examples of a cmdlet.</summary>
    public static IReadOnlyList<string> PreparationOf(string cmdlet) => Preparations.GetValueOrDefault(cmdlet, []);
}
