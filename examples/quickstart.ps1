<#
.SYNOPSIS
    Publishes a dataset, changes one file, restores both versions, and looks around in a drive.
.DESCRIPTION
    Publishes the files of a folder to a new store in a temporary folder. The script reports the folder and does not delete
    it. It runs in pwsh, Windows PowerShell and the Host.
.EXAMPLE
    dotnet run --project src/ArtifactsPS.Host -- examples/quickstart.ps1
.EXAMPLE
    ./examples/quickstart.ps1 -Source ~/photos
#>
param(
    # The folder to publish. The default is the source code of this module.
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
# Makes all commands below use this store.
$PSDefaultParameterValues = @{ '*-Artifact*:Store' = $store; 'New-Artifact:Store' = $store }

Write-Step "Publish the files of $Source"
$first = New-Artifact sources dataset -Description 'The dataset of the quickstart' -Metadata @{ origin = $Source } |
    Add-ArtifactDirectory -LiteralPath $Source -Exclude bin, obj |
    Publish-Artifact
$first | Out-Host

Write-Step 'Publish the same content again: no new version'
$again = New-Artifact sources dataset | Add-ArtifactDirectory -LiteralPath $Source -Exclude bin, obj | Publish-Artifact -Alias checked
"$($again.Reference) already existed: $($again.Deduplicated); its aliases: $($again.Aliases -join ', ')" | Out-Host

Write-Step 'Add one file and publish: the other files of the version are not needed'
$notes = [IO.Path]::Combine($work, 'notes.txt')
[IO.File]::WriteAllText($notes, "Reviewed on $([DateTime]::Now.ToString('yyyy-MM-dd'))`n")
New-ArtifactDraft sources:checked | Add-ArtifactFile $notes -Name docs/notes.txt | Publish-Artifact -Alias reviewed | Out-Host

Write-Step 'Show the history and the differences'
Get-ArtifactHistory sources | Out-Host
Compare-Artifact sources:v0 sources:v1 | Out-Host

Write-Step 'Restore and verify both versions'
foreach ($version in Get-Artifact sources -AllVersions) {
    $folder = [IO.Path]::Combine($work, $version.Version)
    $version | Save-Artifact -Destination $folder
    "$($version.Reference): $($version.FileCount) files in $folder, verified: $($version | Test-Artifact -Path $folder -Quiet)" |
        Out-Host
}

Write-Step 'Publish objects: the processes of this machine that use the most memory'
$draft = New-Artifact processes table
Get-Process | Sort-Object WorkingSet64 -Descending | Select-Object -First 5 Name, Id, WorkingSet64 |
    Add-ArtifactObject -Artifact $draft -Name processes.csv
$draft | Publish-Artifact | Get-ArtifactContent -Path processes.csv -As Object | Format-Table | Out-Host

Write-Step 'Look around in the store as in a drive'
$null = New-PSDrive -Name quickstart -PSProvider Artifact -Root $store
Get-ChildItem quickstart:/ | Out-Host
Get-ChildItem quickstart:/sources/v1/docs | Out-Host
Get-Content quickstart:/sources/v1/docs/notes.txt | Out-Host
Remove-PSDrive quickstart

"`nThe results are in $work. Delete the folder when you no longer need it." | Out-Host
