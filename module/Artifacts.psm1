# Loads the cmdlets built for this PowerShell: net8.0 on .NET 8 and later, netstandard2.0 otherwise (Windows
# PowerShell 5.1, PowerShell 7.0 to 7.3). Uses only commands of the engine, because a host may have no others.

# For testing: ARTIFACTS_TFM selects the build. A process can load only one.
$framework = $env:ARTIFACTS_TFM
if (-not $framework) {
    $framework = if ($PSVersionTable.PSEdition -eq 'Core' -and [Environment]::Version.Major -ge 8) { 'net8.0' }
    else { 'netstandard2.0' }
    if ($framework -eq 'net8.0') {
        # The package has machine code for common systems, for one version of .NET. It saves compiling in each process.
        $version = [Environment]::Version.Major
        $compiled = "net8.0/net$version.0-$([Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier)"
        if ([IO.Directory]::Exists("$PSScriptRoot/bin/$compiled")) { $framework = $compiled }
    }
}

$assembly = [IO.Path]::Combine($PSScriptRoot, 'bin', $framework, 'ArtifactsPS.dll')
if (-not [IO.File]::Exists($assembly)) {
    throw [IO.FileNotFoundException]::new(
        "The Artifacts module is not built for $framework. Run 'dotnet build' in the source folder.", $assembly)
}

Import-Module -Name $assembly -ErrorAction Stop
