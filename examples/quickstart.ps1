<#
.SYNOPSIS
    Publishes a data set, changes one file of it, and gets both versions back.
.DESCRIPTION
    Works on a copy of the files of a folder, in a folder of its own, which it says and leaves to be looked at.
    Only commands of the engine and of Artifacts are used, so it runs with pwsh, Windows PowerShell and the Host alike.
.EXAMPLE
    dotnet run --project src/ArtifactsPS.Host -- examples/quickstart.ps1
.EXAMPLE
    ./examples/quickstart.ps1 -Source ~/photos
#>
param(
    # The files to make a data set of. Left out: the sources of this module.
    [string] $Source = [IO.Path]::Combine([IO.Path]::GetDirectoryName($PSScriptRoot), 'src')
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module Artifacts)) {
    Import-Module ([IO.Path]::Combine([IO.Path]::GetDirectoryName($PSScriptRoot), 'Artifacts.psd1'))
}

function Write-Step([string] $Text) { "`n== $Text" | Out-Host }

$work = [IO.Path]::Combine([IO.Path]::GetTempPath(), "artifacts-quickstart-$([Guid]::NewGuid().ToString('N').Substring(0, 8))")
$store = [IO.Path]::Combine($work, 'store')
$null = New-ArtifactStore -Location $store
# All commands below use this store.
$PSDefaultParameterValues = @{ '*-Artifact*:Store' = $store; 'New-Artifact:Store' = $store }

Write-Step "Publish the files of $Source"
$first = New-Artifact sources dataset -Description 'The quickstart''s data set' -Metadata @{ origin = $Source } |
    Add-ArtifactDirectory -LiteralPath $Source -Exclude bin, obj |
    Publish-Artifact
$first | Out-Host

Write-Step 'Publish the same again: no new version'
$again = New-Artifact sources dataset | Add-ArtifactDirectory -LiteralPath $Source -Exclude bin, obj | Publish-Artifact -Alias checked
"$($again.Reference) was there already: $($again.Deduplicated); its aliases are now: $($again.Aliases -join ', ')" | Out-Host

Write-Step 'Change one file and publish: neither the others nor the version''s files are needed'
$notes = [IO.Path]::Combine($work, 'notes.txt')
[IO.File]::WriteAllText($notes, "Looked through on $([DateTime]::Now.ToString('yyyy-MM-dd'))`n")
New-ArtifactDraft sources:checked | Add-ArtifactFile $notes -Name docs/notes.txt | Publish-Artifact -Alias reviewed | Out-Host

Write-Step 'What happened, and what differs'
Get-ArtifactHistory sources | Out-Host
Compare-Artifact sources:v0 sources:v1 | Out-Host

Write-Step 'Restore both elsewhere, and verify them'
foreach ($version in Get-Artifact sources -AllVersions) {
    $folder = [IO.Path]::Combine($work, $version.Version)
    $version | Save-Artifact -Destination $folder
    "$($version.Reference): $($version.FileCount) files in $folder, all as published: $($version | Test-Artifact -Path $folder -Quiet)" |
        Out-Host
}

"`nThe folder $work is yours to look at and to delete." | Out-Host
