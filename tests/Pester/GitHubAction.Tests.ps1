BeforeDiscovery {
    $hasPem = $PSEdition -eq 'Core' -and $env:ARTIFACTS_TFM -ne 'netstandard2.0'
}

BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'The action for GitHub' -Skip:(-not $hasPem) {
    BeforeAll {
        . $PSScriptRoot/SigningSetup.ps1
        $folder = [IO.Path]::GetFullPath("$PSScriptRoot/../../examples/github-action")
        $key = New-TestKey action
        $null = New-TestFile 'dist/app.txt' 'app'
        $names = 'NAME', 'TYPE', 'PATH', 'TESTS', 'SIGNING_KEY', 'ALIAS', 'FOLDER' | ForEach-Object { "ARTIFACT_$_" }
        $names += 'GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'GITHUB_WORKFLOW', 'GITHUB_RUN_NUMBER', 'RUNNER_TEMP'
        $before = @{}
        foreach ($name in $names) { $before[$name] = [Environment]::GetEnvironmentVariable($name) }
        # Pester within Pester would mix up the two runs; the step gets what Pester outputs.
        function Invoke-Pester([string] $Path, [switch] $PassThru) {
            $failed = if ([IO.File]::ReadAllText("$env:ARTIFACT_FOLDER/app.txt") -eq 'app') { 0 } else { 1 }
            [pscustomobject]@{
                Result = ('Passed', 'Failed')[$failed]; PassedCount = 1; FailedCount = $failed
                Failed = @(1..2 | Where-Object { $_ -le $failed } | ForEach-Object { [pscustomobject]@{ ExpandedPath = 'app.starts' } })
            }
        }
        function Invoke-Step([string] $Tests = 'tests') {
            $env:ARTIFACT_NAME, $env:ARTIFACT_TYPE, $env:ARTIFACT_PATH = 'app', 'release', "$TestDrive/dist"
            $env:ARTIFACT_TESTS, $env:ARTIFACT_ALIAS = $Tests, 'prod'
            $env:ARTIFACT_SIGNING_KEY = [IO.File]::ReadAllText("$key.pem")
            $env:GITHUB_WORKFLOW, $env:GITHUB_RUN_NUMBER, $env:RUNNER_TEMP = 'release', '7', "$TestDrive"
            $env:GITHUB_OUTPUT, $env:GITHUB_STEP_SUMMARY = "$TestDrive/output", "$TestDrive/summary.md"
            Remove-Item $env:GITHUB_OUTPUT, $env:GITHUB_STEP_SUMMARY -ErrorAction Ignore
            . "$folder/release-step.ps1"
        }
    }
    AfterAll { foreach ($name in $names) { [Environment]::SetEnvironmentVariable($name, $before[$name]) } }

    It 'publishes, tests, signs and promotes' {
        Invoke-Step

        $version = Get-Artifact app:prod
        $output = [IO.File]::ReadAllLines("$TestDrive/output")
        $output | Should -Contain "reference=$($version.Reference)"
        $output | Should -Contain "digest=$($version.Digest)"
        $output | Should -Contain 'passed=true'
        (Get-ArtifactSignature app:prod -TrustedKey "$key.pub").Status | Should -Be Valid
        (Get-ArtifactEvidence app:prod -Type Test -TrustedKey "$key.pub").SignatureStatus | Should -Be Valid
        Get-ArtifactEvidence app:prod -Type Provenance | Should -Not -BeNullOrEmpty
        [IO.File]::ReadAllText("$TestDrive/summary.md") | Should -BeLike "*| Version | $($version.Reference) |*"
        Get-ChildItem $TestDrive -Recurse -Filter key.pem | Should -BeNullOrEmpty
    }

    It 'neither signs nor promotes a version whose tests fail' {
        $null = New-TestFile 'dist/app.txt' 'broken'
        { Invoke-Step } | Should -Throw '*app.starts*'

        [IO.File]::ReadAllLines("$TestDrive/output") | Should -Contain 'passed=false'
        (Get-Artifact app:prod).Reference | Should -Be app:v0
        (Get-ArtifactSignature app:v1).Status | Should -Be NotSigned
        (Get-ArtifactEvidence app:v1 -Type Test).Passed | Should -BeFalse
    }

    It 'declares the inputs and outputs that the step and the workflow use' {
        $action = [IO.File]::ReadAllText("$folder/action.yml")
        $step = [IO.File]::ReadAllText("$folder/release-step.ps1")
        $workflow = [IO.File]::ReadAllText("$folder/workflow.yml")
        $declared = [regex]::Matches(($action -split 'outputs:')[0], '(?m)^  ([a-z-]+):$').ForEach({ $_.Groups[1].Value })
        $passed = [regex]::Matches($action, '(?m)^        (ARTIFACTS?_[A-Z_]+): \$\{\{ inputs\.([a-z-]+) \}\}$')

        $passed.ForEach({ $_.Groups[2].Value }) | Sort-Object | Should -Be ($declared | Sort-Object)
        foreach ($variable in $passed.ForEach({ $_.Groups[1].Value }) -ne 'ARTIFACTS_STORE') { $step | Should -BeLike "*`$env:$variable*" }
        foreach ($output in [regex]::Matches($action, 'steps\.release\.outputs\.([a-z]+)').ForEach({ $_.Groups[1].Value })) {
            $step | Should -BeLike "*$output=*"
        }
        foreach ($name in [regex]::Matches(($workflow -split 'with:')[1].Split('env:')[0], '(?m)^ {10}([a-z-]+):').ForEach({ $_.Groups[1].Value })) {
            $declared | Should -Contain $name
        }
        # No input is part of a script.
        [regex]::Matches($action, '(?m)^\s+run:.*\$\{\{').Count | Should -Be 0
    }
}
