<#
.SYNOPSIS
    The step of the composite action: publishes, tests, attaches the evidence, signs and promotes a version.
.DESCRIPTION
    Reads the inputs from variables that action.yml sets. Writes the outputs to $env:GITHUB_OUTPUT, and a summary to
    $env:GITHUB_STEP_SUMMARY. Fails if a test fails, after the evidence was attached; the alias then stays where it is.
#>
$ErrorActionPreference = 'Stop'
if (-not (Get-Module Artifacts)) { Import-Module Artifacts }

function Add-Line([string] $File, [string[]] $Line) {
    if ($File) { [IO.File]::AppendAllText($File, ($Line -join "`n") + "`n") }
}

# Escapes a text for a cell of a table.
function Format-Cell($Text) { "$Text" -replace '[\r\n]+', ' ' -replace '([\\`|<>*_\[\]])', '\$1' }

$temp = if ($env:RUNNER_TEMP) { $env:RUNNER_TEMP } else { [IO.Path]::GetTempPath() }
$work = [IO.Path]::Combine($temp, "artifact-$([Guid]::NewGuid().ToString('N'))")
$null = [IO.Directory]::CreateDirectory($work)
$signing = @{}
$passed = ''
$evidence = $null
try {
    if ($env:ARTIFACT_SIGNING_KEY) {
        $signing.KeyPath = [IO.Path]::Combine($work, 'key.pem')
        $null = [IO.File]::Create($signing.KeyPath).Dispose()
        if (-not $IsWindows) { chmod 600 $signing.KeyPath }
        [IO.File]::WriteAllText($signing.KeyPath, $env:ARTIFACT_SIGNING_KEY)
    }

    $null = Start-ArtifactRun -Name "$env:GITHUB_WORKFLOW $env:GITHUB_RUN_NUMBER".Trim() -JobType release
    try {
        $version = New-Artifact $env:ARTIFACT_NAME $env:ARTIFACT_TYPE |
            Add-ArtifactDirectory $env:ARTIFACT_PATH |
            Publish-Artifact
    }
    finally { $null = Stop-ArtifactRun }

    $checksums = [IO.Path]::Combine($temp, "$($version.Name)-$($version.Version).SHA256SUMS")
    Export-ArtifactChecksum $version $checksums -Force
    Add-Line $env:GITHUB_OUTPUT "reference=$($version.Reference)", "digest=$($version.Digest)", "checksums=$checksums"

    if ($env:ARTIFACT_TESTS) {
        $env:ARTIFACT_FOLDER = [IO.Path]::Combine($work, 'restored')
        Save-Artifact $version $env:ARTIFACT_FOLDER
        $evidence = Invoke-Pester -Path $env:ARTIFACT_TESTS -PassThru | Add-ArtifactEvidence $version.Reference @signing
        $passed = "$($evidence.Passed)".ToLowerInvariant()
        Add-Line $env:GITHUB_OUTPUT "passed=$passed"
    }
    $signature = if ($signing.Count -and $passed -ne 'false') { Set-ArtifactSignature $version @signing }
    if ($env:ARTIFACT_ALIAS -and $passed -ne 'false') { $null = Set-ArtifactAlias $version $env:ARTIFACT_ALIAS }
}
finally { [IO.Directory]::Delete($work, $true) }

$rows = [ordered]@{
    Version   = $version.Reference
    Digest    = $version.Digest
    Files     = $version.FileCount
    Size      = $version.Size
    Tests     = if ($evidence) { $evidence.Summary } else { 'none' }
    Signature = if ($signature) { "$($signature.Algorithm), key $($signature.KeyId)" } else { 'none' }
    Alias     = if ($env:ARTIFACT_ALIAS -and $passed -ne 'false') { $env:ARTIFACT_ALIAS } else { 'not moved' }
}
Add-Line $env:GITHUB_STEP_SUMMARY @(
    "### $(Format-Cell $version.Reference)", '', '| | |', '|---|---|'
    $rows.GetEnumerator() | ForEach-Object { "| $($_.Key) | $(Format-Cell $_.Value) |" }
)
if ($passed -eq 'false') {
    throw "$($evidence.FailedTests.Count) tests of $($version.Reference) failed: $($evidence.FailedTests -join ', ')"
}
