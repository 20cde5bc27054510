<#
.SYNOPSIS
    Releases builds of several platforms as one version: build, verify, promote, and roll back.
.DESCRIPTION
    Shows a pipeline with a build matrix. A job for each platform contributes its files to one version, and a last job
    completes it. The alias `prod` moves only after the version was restored and verified. A second release is found to be
    bad, and `prod` moves back.

    The jobs run one after another here. They share only the store and the id of the release. The script works in a
    temporary folder, which it reports at the end and does not delete. It runs in pwsh, Windows PowerShell and the Host.
.EXAMPLE
    dotnet run --project src/ArtifactsPS.Host -- examples/matrix-release.ps1
.EXAMPLE
    ./examples/matrix-release.ps1 -Platform linux-x64, win-x64
#>
param(
    # The platforms. Each one is a job.
    [string[]] $Platform = ('linux-x64', 'osx-arm64', 'win-x64')
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module Artifacts)) {
    Import-Module ([IO.Path]::Combine([IO.Path]::GetDirectoryName($PSScriptRoot), 'Artifacts.psd1'))
}

$work = [IO.Path]::Combine([IO.Path]::GetTempPath(), "artifacts-release-$([Guid]::NewGuid().ToString('N').Substring(0, 8))")
$store = [IO.Path]::Combine($work, 'store')
$null = New-ArtifactStore -Location $store
# Makes all commands below use this store.
$PSDefaultParameterValues = @{ '*-Artifact*:Store' = $store; '*-DistributedArtifact:Store' = $store }

function Write-Step([string] $Text) { "`n== $Text" | Out-Host }

# Runs a job of the matrix: builds for its platform, and contributes the files. Every job may contribute the common files.
function Invoke-BuildJob([string] $Release, [string] $Target) {
    $output = [IO.Path]::Combine($work, "build-$Release", $Target)
    $null = [IO.Directory]::CreateDirectory($output)
    [IO.File]::WriteAllText([IO.Path]::Combine($output, 'app'), "The program, $Release for $Target`n")
    $notes = [IO.Path]::Combine($output, 'NOTES.md')
    [IO.File]::WriteAllText($notes, "# Release $Release`n")

    $contribution = New-Artifact app release |
        Add-ArtifactFile ([IO.Path]::Combine($output, 'app')) -Name "$Target/app" |
        Add-ArtifactFile $notes |
        Set-DistributedArtifact -DistributedId "release-$Release" -Contributor $Target
    "job ${Target}: $($contribution.FileCount) files, contribution $($contribution.Number)" | Out-Host
}

# Restores a version, and checks that it has the files of every platform.
function Test-Release($Version, [string] $Release) {
    $folder = [IO.Path]::Combine($work, "check-$($Version.Version)")
    $Version | Save-Artifact -Destination $folder
    if (-not ($Version | Test-Artifact -Path $folder -Quiet)) { return $false }
    foreach ($target in $Platform) {
        $app = [IO.Path]::Combine($folder, $target, 'app')
        if (-not [IO.File]::Exists($app) -or -not [IO.File]::ReadAllText($app).Contains("$Release for $target")) { return $false }
    }
    $true
}

function Publish-Release([string] $Release, [string[]] $Targets) {
    foreach ($target in $Targets) { Invoke-BuildJob $Release $target }
    Get-DistributedArtifact app | Out-Host
    Complete-DistributedArtifact app release -DistributedId "release-$Release" -Alias candidate
}

Write-Step 'Release 1.0: every platform builds, one job completes'
$first = Publish-Release '1.0' $Platform
$first | Out-Host

Write-Step 'Verify the release, then promote it'
if (-not (Test-Release $first '1.0')) { throw "$($first.Reference) is incomplete. It is not promoted." }
$null = Set-ArtifactAlias $first prod
$null = Set-Artifact $first -AddTag '1.0'
"prod is $((Get-Artifact app:prod).Reference)" | Out-Host

Write-Step 'A late job gets an error'
try { Invoke-BuildJob '1.0' 'late-platform' }
catch { "$($_.FullyQualifiedErrorId.Split(',')[0]): $($_.Exception.Message)" | Out-Host }

Write-Step 'Release 1.1: promoted, then found to be bad'
$second = Publish-Release '1.1' $Platform
if (-not (Test-Release $second '1.1')) { throw "$($second.Reference) is incomplete. It is not promoted." }
$null = Set-ArtifactAlias $second prod
Compare-Artifact $first $second | Out-Host

Write-Step 'Roll back: the alias moves, and the old release is unchanged'
$null = Set-ArtifactAlias $first prod
$null = Set-Artifact $second -AddTag withdrawn
"prod is $((Get-Artifact app:prod).Reference), verified: $(Test-Artifact app:prod -Quiet)" | Out-Host

Write-Step 'Release 1.2 lacks a platform and is not promoted'
$incomplete = Publish-Release '1.2' @($Platform[0])
if (Test-Release $incomplete '1.2') { $null = Set-ArtifactAlias $incomplete prod }
else { "$($incomplete.Reference) lacks files and is not promoted; prod is $((Get-Artifact app:prod).Reference)" | Out-Host }

Write-Step 'Show the history'
Get-ArtifactHistory app | Out-Host

"The results are in $work. Delete the folder when you no longer need it." | Out-Host
