<#
.SYNOPSIS
    Builds, tests and packages the module with `dotnet`.
.EXAMPLE
    ./build.ps1
    Builds and stages the module, so that Import-Module ./Artifacts.psd1 works.
.EXAMPLE
    ./build.ps1 -Task Clean, Build, Test, Package
    Does everything from a clean state. Creates the module folder out/Artifacts/<version> and out/Artifacts.<version>.nupkg.
#>
[CmdletBinding()]
param(
    # Tasks, run in this order.
    [ValidateSet('Clean', 'Build', 'Test', 'Package')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'

function Invoke-DotNet {
    dotnet @args
    if ($LASTEXITCODE -ne 0) { throw "dotnet $args failed with exit code $LASTEXITCODE." }
}

Push-Location -LiteralPath $PSScriptRoot
try {
    switch ($Task) {
        Clean {
            Invoke-DotNet clean --configuration $Configuration --verbosity quiet
            Remove-Item ./module/bin, ./out -Recurse -Force -ErrorAction Ignore
        }
        Build { Invoke-DotNet build --configuration $Configuration }
        Test { Invoke-DotNet test --configuration $Configuration }
        Package { Invoke-DotNet pack src/ArtifactsPS.Package --configuration $Configuration }
    }
}
finally {
    Pop-Location
}
