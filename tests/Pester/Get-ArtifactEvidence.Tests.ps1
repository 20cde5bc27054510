BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Get-ArtifactEvidence' {
    BeforeAll {
        $null = New-TestVersion used @{ 'a.txt' = 'used' }
        $names = 'GITHUB_ACTIONS', 'GITHUB_SERVER_URL', 'GITHUB_REPOSITORY', 'GITHUB_RUN_ID', 'GITHUB_RUN_ATTEMPT', 'GITHUB_SHA', 'GITHUB_ACTOR', 'GITHUB_REF'
        $values = @{}
        foreach ($name in $names) { $values[$name] = [Environment]::GetEnvironmentVariable($name) }
        $env:GITHUB_ACTIONS, $env:GITHUB_SERVER_URL, $env:GITHUB_REPOSITORY = 'true', 'https://github.com', 'o/r'
        $env:GITHUB_RUN_ID, $env:GITHUB_RUN_ATTEMPT, $env:GITHUB_SHA, $env:GITHUB_ACTOR, $env:GITHUB_REF = '7', '2', 'abc', 'ann', 'refs/heads/main'
        $null = Start-ArtifactRun -Name build
        try {
            $null = Use-Artifact used
            $null = New-TestVersion built @{ 'a.txt' = 'built' }
        }
        finally {
            $null = Stop-ArtifactRun
            foreach ($name in $names) { [Environment]::SetEnvironmentVariable($name, $values[$name]) }
        }
        $null = Add-ArtifactEvidence built -Path (New-TestFile 'ok.xml' '<testsuite><testcase name="1"/></testsuite>')
        $null = Add-ArtifactEvidence built -Path (New-TestFile 'bad.xml' '<testsuite><testcase name="1"><error/></testcase></testsuite>')
    }

    It 'selects by type and result' {
        (Get-ArtifactEvidence built).Count | Should -Be 3
        (Get-ArtifactEvidence built -Type Test).Count | Should -Be 2
        (Get-ArtifactEvidence built -Type Test -Passed).FailedCount | Should -Be 0
        Get-ArtifactEvidence used | Should -BeNullOrEmpty
    }

    It 'shows the provenance of a version that a run has published' {
        $evidence = Get-ArtifactEvidence built -Type Provenance

        $evidence.Builder | Should -Be 'https://github.com/actions/runner'
        $predicate = ($evidence.Statement | ConvertFrom-Json).predicate
        $predicate.runDetails.metadata.invocationId | Should -Be 'https://github.com/o/r/actions/runs/7/attempts/2'
        $predicate.buildDefinition.externalParameters.run | Should -Be build
        $predicate.buildDefinition.internalParameters.actor | Should -Be ann
        $used, $source = $predicate.buildDefinition.resolvedDependencies
        $used.name | Should -Be used:v0
        "sha256:$($used.digest.sha256)" | Should -Be (Get-Artifact used).Digest
        $source.uri | Should -Be 'git+https://github.com/o/r@refs/heads/main'
        $source.digest.gitCommit | Should -Be abc
    }

    It 'is copied with the version, and shown in the report' {
        $other = "$TestDrive/evidence-copy"
        $null = New-ArtifactStore $other
        $null = Copy-Artifact built $other

        (Get-ArtifactEvidence built -Store $other).Count | Should -Be 3
        Export-ArtifactReport built -Path "$TestDrive/report.html"
        [IO.File]::ReadAllText("$TestDrive/report.html") | Should -BeLike '*Tests: 1 passed, 0 failed*'
        Test-ArtifactStore -Store $other | Should -BeNullOrEmpty
    }
}
