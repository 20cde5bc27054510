# What every test file begins with: the module, an empty store that commands use when none is named, registrations that
# are not the user's, and no run around it. Restore-Environment undoes it.

$manifestPath = . $PSScriptRoot/ManifestPath.ps1
Import-Module $manifestPath -ErrorAction Stop

$environmentBefore = @{}
foreach ($name in 'ARTIFACTS_CONFIG', 'ARTIFACTS_CACHE', 'ARTIFACTS_STORE', 'ARTIFACTS_RUN_ID', 'ARTIFACTS_RUN_GROUP') {
    $environmentBefore[$name] = [Environment]::GetEnvironmentVariable($name)
    [Environment]::SetEnvironmentVariable($name, $null)
}
$env:ARTIFACTS_CONFIG = Join-Path $TestDrive 'config'
$env:ARTIFACTS_CACHE = Join-Path $TestDrive 'cache'
$env:ARTIFACTS_STORE = Join-Path $TestDrive 'store'
$null = New-ArtifactStore $env:ARTIFACTS_STORE

function Restore-Environment {
    foreach ($name in $environmentBefore.Keys) {
        [Environment]::SetEnvironmentVariable($name, $environmentBefore[$name])
    }
}

# Writes a file below TestDrive and returns its full path. Nothing in the path is a wildcard.
function New-TestFile([string] $Path, [string] $Text = "This is $Path.") {
    $file = Join-Path $TestDrive $Path
    $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($file))
    [IO.File]::WriteAllText($file, $Text)
    $file
}

# Publishes a version that has these files: entry path to text.
function New-TestVersion([string] $Name, [hashtable] $Files, [hashtable] $Publish = @{}) {
    $draft = New-Artifact $Name dataset
    foreach ($path in $Files.Keys) {
        Add-ArtifactFile -LiteralPath (New-TestFile "sources/$path" $Files[$path]) -Name $path -Artifact $draft
    }
    Publish-Artifact $draft @Publish
}

# Runs a script block in a PowerShell process of its own, and returns what it writes.
function Invoke-InProcess([scriptblock] $Script, [object[]] $Arguments = @()) {
    & $(if ($PSEdition -eq 'Desktop') { 'powershell' } else { 'pwsh' }) -NoProfile -NonInteractive -Command $Script -args $Arguments
}

# The names of what is in the store: what nothing was written to looks the same afterwards.
function Get-StoreKey {
    Get-ChildItem $env:ARTIFACTS_STORE -Recurse -File | ForEach-Object FullName | Sort-Object
}

# Changes a text in all objects of a store, as a bad disk might.
function Edit-StoredText([string] $Store, [string] $Text, [string] $NewText) {
    foreach ($object in Get-ChildItem -LiteralPath "$Store/objects" -Recurse -File) {
        $object.IsReadOnly = $false
        $content = [IO.File]::ReadAllText($object.FullName)
        [IO.File]::WriteAllText($object.FullName, $content.Replace($Text, $NewText))
    }
}
