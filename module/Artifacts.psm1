# Loads the build of the cmdlets that suits this PowerShell: net8.0 on .NET 8 and later, netstandard2.0 on everything
# else (Windows PowerShell 5.1, PowerShell 7.0 to 7.3). Only the engine's own commands are used here, for a host that
# has no others.

# For testing: ARTIFACTS_TFM names the build to load. One process can hold only one of them.
$framework = $env:ARTIFACTS_TFM
if (-not $framework) {
    $framework = if ($PSVersionTable.PSEdition -eq 'Core' -and [Environment]::Version.Major -ge 8) { 'net8.0' }
    else { 'netstandard2.0' }
}

$assembly = [IO.Path]::Combine($PSScriptRoot, 'bin', $framework, 'ArtifactsPS.dll')
if (-not [IO.File]::Exists($assembly)) {
    throw [IO.FileNotFoundException]::new(
        "The Artifacts module is not built for $framework. In its source folder, build first: dotnet build", $assembly)
}

Import-Module -Name $assembly -ErrorAction Stop
