# What every test file begins with: the module of this checkout, an empty store that commands use when none is named,
# and registrations that are not the user's. Restore-Environment undoes it.

Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'Artifacts.psd1')) -ErrorAction Stop

$environmentBefore = @{ ARTIFACTS_CONFIG = $env:ARTIFACTS_CONFIG; ARTIFACTS_STORE = $env:ARTIFACTS_STORE }
$env:ARTIFACTS_CONFIG = Join-Path $TestDrive 'config'
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

# The names of what is in the store: what nothing was written to looks the same afterwards.
function Get-StoreKey {
    Get-ChildItem $env:ARTIFACTS_STORE -Recurse -File | ForEach-Object FullName | Sort-Object
}
