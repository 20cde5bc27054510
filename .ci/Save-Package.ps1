<#
.SYNOPSIS
    Builds the package, and saves Pester in the version of the tests beside it: out/Artifacts and out/Pester.
.DESCRIPTION
    Other machines can test the package with these two folders and tests/Pester, without a build and without packages.
#>
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
$root = Split-Path $PSScriptRoot

& "$root/build.ps1" -Task Package

dotnet restore "$root/tests/ArtifactsPS.Tests"
if ($LASTEXITCODE -ne 0) { throw "dotnet restore failed with exit code $LASTEXITCODE." }
$version = ([xml][IO.File]::ReadAllText("$root/tests/ArtifactsPS.Tests/Suite.props")).SelectSingleNode('//PesterVersion').InnerText
$packages = "$(dotnet nuget locals global-packages --list)" -replace '^global-packages: '
Remove-Item "$root/out/Pester" -Recurse -Force -ErrorAction Ignore
Copy-Item ([IO.Path]::Combine($packages, 'pester', $version, 'tools')) "$root/out/Pester" -Recurse
Get-Item "$root/out/Artifacts/*/Artifacts.psd1", "$root/out/Pester/Pester.psd1" | ForEach-Object FullName
