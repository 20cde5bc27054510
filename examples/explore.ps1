<#
.SYNOPSIS
    Explores a store with a menu.
.DESCRIPTION
    Lists the artifacts of a store. For the chosen artifact, it shows the versions, the changes between them, entries,
    content, history and lineage, and creates a report page. An empty answer goes back.

    The script runs in pwsh, Windows PowerShell and the Host.
.EXAMPLE
    dotnet run --project src/ArtifactsPS.Host -- examples/explore.ps1
    Creates a small sample store and explores it.
.EXAMPLE
    ./examples/explore.ps1 -Store s
    Explores the registered store s.
#>
param(
    # The name of a registered store, or a location. The default is a sample store in a temporary folder.
    [string] $Store
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module Artifacts)) {
    Import-Module ([IO.Path]::Combine([IO.Path]::GetDirectoryName($PSScriptRoot), 'Artifacts.psd1'))
}

# Publishes three versions of a dataset, and a result that is computed from the last.
function Publish-Sample {
    $null = Invoke-ArtifactRun -Name collect {
        foreach ($days in 1..3) {
            $draft = New-Artifact weather dataset -Description "The first $days days" -Metadata @{ days = $days }
            foreach ($day in 1..$days) {
                [pscustomobject]@{ Day = $day; High = 20 + $day; Low = 10 - $day } |
                    Add-ArtifactObject -Artifact $draft -Name "days/$day.csv"
            }
            $draft | Publish-Artifact
        }
    }
    $null = Invoke-ArtifactRun -Name average {
        $days = @(Use-Artifact weather | Get-ArtifactEntry | Get-ArtifactContent -As Object)
        $sum = 0
        foreach ($day in $days) { $sum += $day.High }
        $draft = New-Artifact average figure
        [pscustomobject]@{ Days = $days.Count; High = $sum / $days.Count } | Add-ArtifactObject -Artifact $draft -Name average.json
        $draft | Publish-Artifact
    }
    $null = Set-ArtifactAlias weather:v1 reviewed
}

# Asks for one of the choices, by number or by name. Returns nothing for an empty answer.
function Read-Choice([string] $Title, [string[]] $Choices) {
    "`n== $Title" | Out-Host
    for ($i = 0; $i -lt $Choices.Count; $i++) { '{0,3}  {1}' -f ($i + 1), $Choices[$i] | Out-Host }
    while ($true) {
        $answer = "$(Read-Host 'Number or name (empty to go back)')".Trim()
        if (-not $answer) { return }
        $number = 0
        if ([int]::TryParse($answer, [ref] $number) -and $number -ge 1 -and $number -le $Choices.Count) { return $Choices[$number - 1] }
        if ($Choices -contains $answer) { return $answer }
        "'$answer' is not in the list. Enter a number or a name from it." | Out-Host
    }
}

function Show-Change([object[]] $Versions) {
    for ($i = 1; $i -lt $Versions.Count; $i++) {
        "$($Versions[$i - 1].Version) to $($Versions[$i].Version):" | Out-Host
        Compare-Artifact $Versions[$i - 1] $Versions[$i] | Out-Host
    }
}

$isSample = -not $Store
if ($isSample) {
    $work = [IO.Path]::Combine([IO.Path]::GetTempPath(), "artifacts-explore-$([Guid]::NewGuid().ToString('N').Substring(0, 8))")
    $Store = [IO.Path]::Combine($work, 'store')
    $null = New-ArtifactStore -Location $Store
}
# Makes all commands below use this store.
$PSDefaultParameterValues = @{ '*-Artifact*:Store' = $Store; 'New-Artifact:Store' = $Store }
if ($isSample) {
    Publish-Sample
    "The sample files are in $work. Delete the folder when you no longer need it." | Out-Host
}

while ($artifact = Read-Choice 'Which artifact?' @(Get-Artifact | ForEach-Object Name)) {
    while ($what = Read-Choice "Show which information about ${artifact}?" 'versions', 'changes', 'entries', 'content', 'history', 'lineage', 'report') {
        switch ($what) {
            versions { Get-Artifact $artifact -AllVersions | Out-Host }
            changes { Show-Change @(Get-Artifact $artifact -AllVersions) }
            entries { Get-ArtifactEntry $artifact | Out-Host }
            content {
                $path = Read-Choice 'Which file?' @(Get-ArtifactEntry $artifact | ForEach-Object EntryPath)
                if ($path) { Get-ArtifactContent $artifact $path | Out-Host }
            }
            history { Get-ArtifactHistory $artifact | Out-Host }
            lineage { Get-ArtifactLineage $artifact | Out-Host }
            report {
                $page = [IO.Path]::Combine([IO.Path]::GetTempPath(), "$artifact-$([Guid]::NewGuid().ToString('N').Substring(0, 8)).html")
                "Open in a browser: $(Export-ArtifactReport $artifact $page -PassThru)" | Out-Host
            }
        }
    }
}
