<#
.SYNOPSIS
    Releases an application: build, publish, test, attach the evidence, sign, promote under a rule, and roll back.
.DESCRIPTION
    Shows a pipeline in which nobody can promote a version that was not tested and signed, not even by mistake. A rule protects
    the alias `prod`. The first release meets it. The second has failing tests, and the store refuses to promote it. The third is
    promoted, found to be bad, and `prod` moves back. What is deployed is verified against the public key.

    The script works in a temporary folder, which it reports at the end and does not delete. It requires PowerShell 7 and
    Pester 5 or 6.
.EXAMPLE
    ./examples/release.ps1
#>
$ErrorActionPreference = 'Stop'
if (-not (Get-Module Artifacts)) {
    Import-Module ([IO.Path]::Combine([IO.Path]::GetDirectoryName($PSScriptRoot), 'Artifacts.psd1'))
}
if (-not (Get-Module Pester)) { Import-Module Pester -MinimumVersion 5.0 }

$work = [IO.Path]::Combine([IO.Path]::GetTempPath(), "artifacts-release-$([Guid]::NewGuid().ToString('N').Substring(0, 8))")
$store = [IO.Path]::Combine($work, 'store')
$null = New-ArtifactStore -Location $store
# Makes all commands below use this store.
$PSDefaultParameterValues = @{ '*-Artifact*:Store' = $store }

function Write-Step([string] $Text) { "`n== $Text" | Out-Host }

# The key of the release job. In a real pipeline, it is a secret of the CI service, and only its public part is in the repository.
$pair = [Security.Cryptography.ECDsa]::Create([Security.Cryptography.ECCurve]::CreateFromValue('1.2.840.10045.3.1.7'))
$privateKey, $publicKey = [IO.Path]::Combine($work, 'release.pem'), [IO.Path]::Combine($work, 'release.pub')
[IO.File]::WriteAllText($privateKey, $pair.ExportECPrivateKeyPem())
[IO.File]::WriteAllText($publicKey, $pair.ExportSubjectPublicKeyInfoPem())
$keyId = [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($pair.ExportSubjectPublicKeyInfo())).ToLowerInvariant()

# Builds a release in a run, which records where the version comes from.
function Publish-Release([string] $Number, [string] $Greeting) {
    $output = [IO.Path]::Combine($work, "build-$Number")
    $null = [IO.Directory]::CreateDirectory($output)
    [IO.File]::WriteAllText([IO.Path]::Combine($output, 'app.ps1'), "param(`$Name) ""$Greeting, `$Name""`n")
    [IO.File]::WriteAllText([IO.Path]::Combine($output, 'version.txt'), "$Number`n")
    $null = Start-ArtifactRun -Name "build-$Number" -JobType build
    try { New-Artifact app release | Add-ArtifactDirectory $output | Publish-Artifact -Alias candidate }
    finally { $null = Stop-ArtifactRun }
}

# Tests what was published, not what was built, and attaches the signed result to the version.
function Test-Release($Version) {
    $folder = [IO.Path]::Combine($work, "test-$($Version.Version)")
    $Version | Save-Artifact -Destination $folder
    $container = New-PesterContainer -Data @{ Folder = $folder; Version = $Version } -ScriptBlock {
        param($Folder, $Version)
        Describe 'app' {
            It 'is the published version' { $Folder | Should-BeArtifact $Version }
            It 'greets' { & ([IO.Path]::Combine($Folder, 'app.ps1')) Ann | Should -Be 'Hello, Ann' }
        }
    }
    Invoke-Pester -Container $container -Output None -PassThru |
        Add-ArtifactEvidence $Version.Reference -KeyPath $privateKey
}

# Moves the alias. The rule decides.
function Set-Production($Version) {
    try { $null = Set-ArtifactAlias $Version prod }
    catch { "$($_.FullyQualifiedErrorId.Split(',')[0]): $($_.Exception.Message)" | Out-Host }
    "prod is $((Get-Artifact app:prod).Reference)" | Out-Host
}

Write-Step 'Protect prod: only tested versions that the release job has signed'
$null = Protect-ArtifactAlias prod app -RequireEvidence Test -RequireSignature $keyId

Write-Step 'Release 1.0: build, publish, test, sign, promote'
$first = Publish-Release '1.0' 'Hello'
Test-Release $first | Out-Host
Set-ArtifactSignature $first -KeyPath $privateKey | Out-Host
Set-Production $first

Write-Step 'Release 1.1: the tests fail, and the rule refuses it'
$second = Publish-Release '1.1' 'Hallo'
Test-Release $second | Out-Host
$null = Set-ArtifactSignature $second -KeyPath $privateKey
Set-Production $second

Write-Step 'Release 1.2: promoted, then found to be bad'
$third = Publish-Release '1.2' 'Hello'
$null = Test-Release $third
$null = Set-ArtifactSignature $third -KeyPath $privateKey
Set-Production $third

Write-Step 'Roll back: the alias moves, and the old release still meets the rule'
Set-Production $first

Write-Step 'Deploy: nothing is restored without a valid signature'
$target = [IO.Path]::Combine($work, 'deployed')
Save-Artifact app:prod $target -RequireSignature -TrustedKey $publicKey
"deployed $([IO.File]::ReadAllText([IO.Path]::Combine($target, 'version.txt')).Trim()): $(& ([IO.Path]::Combine($target, 'app.ps1')) World)" | Out-Host

Write-Step 'Show the evidence of what is deployed'
Get-ArtifactEvidence app:prod -TrustedKey $publicKey | Out-Host
Get-ArtifactHistory app | Out-Host

"The results are in $work. Delete the folder when you no longer need it." | Out-Host
