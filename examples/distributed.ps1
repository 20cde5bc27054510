<#
.SYNOPSIS
    Evaluates shards of a dataset in four processes that make one version together; a fifth process completes it.
.DESCRIPTION
    Publishes the text files of a folder. From every fifth file, it learns the words that files of each extension contain.
    Four processes then guess the extensions of the other files from their words. Each process is a run of one group, and
    contributes its guesses to the artifact `guesses`. A fifth process completes the version. The lineage shows how the
    runs and versions depend on each other.

    The script creates a new store, in a temporary folder or at -Location. It reports the location at the end and does not
    delete the store. It runs in pwsh, Windows PowerShell and the Host.
.EXAMPLE
    dotnet run --project src/ArtifactsPS.Host -- examples/distributed.ps1
.EXAMPLE
    ./examples/distributed.ps1 -Source ~/project
.EXAMPLE
    ./examples/distributed.ps1 -Location s3://bucket/distributed?region=eu-central-1
    Uses a bucket. The processes get the credentials from the environment or from the configuration of the service's tools.
#>
param(
    # The folder with the files to learn from and to guess. The default is this repository.
    [string] $Source = [IO.Path]::GetDirectoryName($PSScriptRoot),

    [string[]] $Include = ('*.cs', '*.ps1', '*.md', '*.txt', '*.csproj', '*.props', '*.xml', '*.json', '*.py', '*.js', '*.html', '*.css'),

    # The location of the new store: a path, s3://bucket/prefix or az://account/container/prefix. The default is a temporary
    # folder.
    [string] $Location,

    # Parameters for the processes that the script starts: the store, and the shard to evaluate or -Complete.
    [string] $Store,
    [int] $Shard = -1,
    [switch] $Complete
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module Artifacts)) {
    Import-Module ([IO.Path]::Combine([IO.Path]::GetDirectoryName($PSScriptRoot), 'Artifacts.psd1'))
}

$shards = 4
$isMain = -not $Store
if ($isMain) {
    $work = if ($Location) { $Location }
    else { [IO.Path]::Combine([IO.Path]::GetTempPath(), "artifacts-distributed-$([Guid]::NewGuid().ToString('N').Substring(0, 8))") }
    $Store = if ($Location) { $Location } else { [IO.Path]::Combine($work, 'store') }
    $null = New-ArtifactStore -Location $Store
}
# Makes all commands below use this store.
$PSDefaultParameterValues = @{ '*-Artifact*:Store' = $Store; 'New-Artifact:Store' = $Store; '*-DistributedArtifact:Store' = $Store }

function Write-Step([string] $Text) { "`n== $Text" | Out-Host }

# Returns the distinct words of a file.
function Get-Word($Entry) {
    [Collections.Generic.HashSet[string]] [string[]] [regex]::Split(($Entry | Get-ArtifactContent -Raw), '\W+')
}

function Get-Extension($Entry) { [IO.Path]::GetExtension($Entry.EntryPath).TrimStart('.').ToLowerInvariant() }

# Returns every fifth file for training, or the other files.
function Get-Sample($Version, [switch] $Training) {
    $number = 0
    Get-ArtifactEntry $Version | Where-Object { ($number++ % 5 -eq 0) -eq $Training }
}

# Starts a process of the program that runs this script: the Host, pwsh or Windows PowerShell.
function Start-Worker([string] $Arguments, [string] $Group) {
    $program = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
    $start = [Diagnostics.ProcessStartInfo]::new($program)
    if ([IO.Path]::GetFileNameWithoutExtension($program) -eq 'dotnet') {
        $start.Arguments = "`"$([Environment]::GetCommandLineArgs()[0])`" "
    }
    $start.Arguments += "-NoProfile -File `"$PSCommandPath`" -Store `"$Store`" $Arguments"
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    # Runs of the process belong to the group. Its name is also the distributed id.
    $start.EnvironmentVariables['ARTIFACTS_RUN_GROUP'] = $Group
    $process = [Diagnostics.Process]::Start($start)
    [pscustomobject]@{ Process = $process; Output = $process.StandardOutput.ReadToEndAsync() }
}

function Wait-Worker($Worker) {
    $Worker.Output.Result.TrimEnd() | Out-Host
    $Worker.Process.WaitForExit()
    if ($Worker.Process.ExitCode -ne 0) { throw "A process failed with exit code $($Worker.Process.ExitCode)." }
}

# Returns the most likely extension of a file with these words (naive Bayes). A word that is unknown for an extension
# counts as 0.01 files.
function Get-Guess($Words, [hashtable] $Model) {
    $best = $null
    foreach ($extension in $Model.GetEnumerator()) {
        $known = $extension.Value
        $files = $known['*']
        $score = [Math]::Log($files)
        foreach ($word in $Words) { $score += [Math]::Log([Math]::Max(0.01, $known[$word] / $files)) }
        if ($null -eq $best -or $score -gt $best.Score) { $best = [pscustomobject]@{ Extension = $extension.Key; Score = $score } }
    }
    $best.Extension
}

# Evaluates one shard, in one of the four processes.
if ($Shard -ge 0) {
    Invoke-ArtifactRun -Name "guess-$Shard" -JobType evaluate {
        $files = Use-Artifact files
        $model = @{}
        foreach ($row in Use-Artifact words | Get-ArtifactContent -Path words.csv -As Object) {
            if (-not $model.ContainsKey($row.Extension)) { $model[$row.Extension] = @{} }
            $model[$row.Extension][$row.Word] = [int] $row.Files
        }
        $number = 0
        $guesses = @(
            foreach ($entry in Get-Sample $files) {
                if ($number++ % $shards -ne $Shard) { continue }
                [pscustomobject]@{
                    Path = $entry.EntryPath
                    Extension = Get-Extension $entry
                    Guess = Get-Guess (Get-Word $entry) $model
                }
            }
        )
        $draft = New-Artifact guesses evaluation
        $guesses | Add-ArtifactObject -Artifact $draft -Name "shard-$Shard.csv"
        $contribution = $draft | Set-DistributedArtifact
        $right = @($guesses | Where-Object { $_.Guess -eq $_.Extension }).Count
        "process $PID, shard ${Shard}: $($guesses.Count) files, $right guessed correctly; contribution $($contribution.Number) to '$($contribution.DistributedId)'"
    }
    return
}

# Completes the version, in the fifth process.
if ($Complete) {
    Invoke-ArtifactRun -Name sum-up -JobType report {
        $version = Complete-DistributedArtifact guesses evaluation -Alias reviewed
        "process ${PID}: $($version.Reference) has $($version.FileCount) files of $shards writers"
    }
    return
}

Write-Step "Publish the text files of $Source"
$files = Invoke-ArtifactRun -Name collect {
    New-Artifact files dataset | Add-ArtifactDirectory -LiteralPath $Source -Include $Include -Exclude bin, obj, out, '.*' | Publish-Artifact
}
$files | Out-Host

Write-Step 'Learn the words of each extension from every fifth file'
Invoke-ArtifactRun -Name learn -JobType train {
    $counts = @{}
    foreach ($entry in Use-Artifact files | ForEach-Object { Get-Sample $_ -Training }) {
        $extension = Get-Extension $entry
        if (-not $counts.ContainsKey($extension)) { $counts[$extension] = @{} }
        $counts[$extension]['*'] += 1
        foreach ($word in Get-Word $entry) { $counts[$extension][$word] += 1 }
    }
    $draft = New-Artifact words model -Metadata @{ learnedFrom = 'every fifth file' }
    & {
        # Uses the enumerator, because a word may be `keys`.
        foreach ($extension in $counts.GetEnumerator()) {
            foreach ($word in $extension.Value.GetEnumerator()) {
                [pscustomobject]@{ Extension = $extension.Key; Word = $word.Key; Files = $word.Value }
            }
        }
    } | Add-ArtifactObject -Artifact $draft -Name words.csv
    $draft | Publish-Artifact
} | Out-Host

$group = "evaluation-$([DateTime]::Now.ToString('yyyyMMdd-HHmmss'))"
Write-Step "Guess the other files in $shards parallel processes that make one version together"
$watch = [Diagnostics.Stopwatch]::StartNew()
$workers = foreach ($number in 0..($shards - 1)) { Start-Worker "-Shard $number" $group }
foreach ($worker in $workers) { Wait-Worker $worker }
"after $([Math]::Round($watch.Elapsed.TotalSeconds, 1)) s, and the version cannot be found by its name yet:" | Out-Host
Get-DistributedArtifact guesses | Out-Host

Write-Step 'A fifth process completes the version. Later contributions are refused.'
Wait-Worker (Start-Worker '-Complete' $group)
Get-Artifact guesses | Out-Host
Get-ArtifactEntry guesses:reviewed | Out-Host

Write-Step 'Count the correct guesses'
$tally = @{}
$wrong = 0
$all = @(Get-ArtifactEntry guesses:reviewed | Get-ArtifactContent -As Object)
foreach ($guess in $all) {
    if (-not $tally.ContainsKey($guess.Extension)) { $tally[$guess.Extension] = @{ Files = 0; Right = 0 } }
    $tally[$guess.Extension].Files++
    if ($guess.Guess -eq $guess.Extension) { $tally[$guess.Extension].Right++ } else { $wrong++ }
}
foreach ($extension in $tally.GetEnumerator()) {
    $bar = '#' * [int] (40 * $extension.Value.Right / $extension.Value.Files)
    '{0,-8} {1,4} of {2,4}  {3}' -f $extension.Key, $extension.Value.Right, $extension.Value.Files, $bar | Out-Host
}
'{0} of {1} guesses are correct.' -f ($all.Count - $wrong), $all.Count | Out-Host
$shown = 0
foreach ($guess in $all) {
    if ($guess.Guess -ne $guess.Extension -and $shown++ -lt 3) { "$($guess.Path) looked like $($guess.Guess)" | Out-Host }
}

Write-Step 'Show the runs of the group and their inputs'
Get-ArtifactRun -Group $group | Out-Host

Write-Step 'Show the lineage of the result'
Get-ArtifactLineage guesses:reviewed | Out-Host

Write-Step 'Show the lineage as a Mermaid diagram (use -As Dot for Graphviz)'
Get-ArtifactLineage guesses:reviewed -As Mermaid | Out-Host

$what = if ($Location) { 'store' } else { 'folder' }
"The results are in $work. Delete the $what when you no longer need it." | Out-Host
