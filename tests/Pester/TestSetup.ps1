# Common setup of all test files: imports the module, creates an empty default store, and separates registrations, caches
# and runs from those of the user. Restore-Environment undoes it.

$manifestPath = . $PSScriptRoot/ManifestPath.ps1
Import-Module $manifestPath -ErrorAction Stop

$environmentBefore = @{}
foreach ($name in 'ARTIFACTS_CONFIG', 'ARTIFACTS_CACHE', 'ARTIFACTS_STORE', 'ARTIFACTS_RUN_ID', 'ARTIFACTS_RUN_GROUP',
    'ARTIFACTS_ALLOW_HOST') {
    $environmentBefore[$name] = [Environment]::GetEnvironmentVariable($name)
    [Environment]::SetEnvironmentVariable($name, $null)
}
$env:ARTIFACTS_CONFIG = Join-Path $TestDrive 'config'
$env:ARTIFACTS_CACHE = Join-Path $TestDrive 'cache'
$env:ARTIFACTS_STORE = Join-Path $TestDrive 'store'
$null = New-ArtifactStore $env:ARTIFACTS_STORE

function Restore-Environment {
    # On Windows, Pester can't delete read-only files. Those of stores are read-only.
    if ($PSEdition -ne 'Core' -or $IsWindows) {
        Get-ChildItem -LiteralPath "$TestDrive" -Recurse -File -Force | Where-Object IsReadOnly | ForEach-Object { $_.IsReadOnly = $false }
    }
    foreach ($name in $environmentBefore.Keys) {
        [Environment]::SetEnvironmentVariable($name, $environmentBefore[$name])
    }
}

# Writes a file below TestDrive and returns its full path. The path is taken literally.
function New-TestFile([string] $Path, [string] $Text = "This is $Path.") {
    $file = Join-Path $TestDrive $Path
    $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($file))
    [IO.File]::WriteAllText($file, $Text)
    $file
}

# Publishes a version. Files maps entry paths to texts.
function New-TestVersion([string] $Name, [hashtable] $Files, [hashtable] $Publish = @{}) {
    $draft = New-Artifact $Name dataset
    foreach ($path in $Files.Keys) {
        Add-ArtifactFile -LiteralPath (New-TestFile "sources/$path" $Files[$path]) -Name $path -Artifact $draft
    }
    Publish-Artifact $draft @Publish
}

# Runs a script block in a separate PowerShell process and returns its output.
function Invoke-InProcess([scriptblock] $Script, [object[]] $Arguments = @()) {
    $program, $options = (Get-Process -Id $PID).Path, @()
    # As a .NET tool, PowerShell is a library that dotnet runs.
    if ((Split-Path $program -Leaf) -match '^dotnet(\.exe)?$') { $options = @(Join-Path $PSHOME pwsh.dll) }
    & $program @options -NoProfile -NonInteractive -Command $Script -args $Arguments
}

# Runs a script block that must report exactly one error, terminating or not, and checks everything that scripts rely on.
# The error's message must contain each text.
function Assert-Error([scriptblock] $Command, [string] $ErrorId, [string] $ErrorCategory, $ErrorTarget, [string[]] $ErrorText) {
    $ErrorActionPreference = 'Continue'
    $output = & { try { & $Command } catch { $_ } } 2>&1
    $problems = @($output | Where-Object { $_ -is [Management.Automation.ErrorRecord] })

    $problems.Count | Should -Be 1 -Because "one error was expected, not '$problems'"
    $problems[0].FullyQualifiedErrorId | Should -BeLike "$ErrorId,*"
    $problems[0].CategoryInfo.Category | Should -Be $ErrorCategory
    if ($PSBoundParameters.ContainsKey('ErrorTarget')) { $problems[0].TargetObject | Should -Be $ErrorTarget }
    foreach ($text in $ErrorText) {
        $problems[0].Exception.Message.Contains($text) | Should -BeTrue -Because "'$($problems[0])' must contain '$text'"
    }
}

# Returns the paths of all files of a store. They differ after any write to the store.
function Get-StoreKey([string] $Store = $env:ARTIFACTS_STORE) {
    Get-ChildItem -LiteralPath $Store -Recurse -File | ForEach-Object FullName | Sort-Object
}

# Replaces a text in all objects of a store to simulate damage. The texts must have equal lengths.
function Edit-StoredText([string] $Store, [string] $Text, [string] $NewText) {
    foreach ($object in Get-ChildItem -LiteralPath "$Store/objects" -Recurse -File) {
        $object.IsReadOnly = $false
        $content = [IO.File]::ReadAllText($object.FullName)
        [IO.File]::WriteAllText($object.FullName, $content.Replace($Text, $NewText))
    }
}
