BeforeDiscovery {
    $hasPem = $PSEdition -eq 'Core' -and $env:ARTIFACTS_TFM -ne 'netstandard2.0'
}

BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Add-ArtifactEvidence' {
    BeforeAll {
        $null = New-TestVersion app @{ 'a.txt' = 'a' }
        # The members that Pester's own object has.
        function New-Run([int] $Passed, [int] $Failed, [string] $Result = $(if ($Failed) { 'Failed' } else { 'Passed' })) {
            [pscustomobject]@{
                Result = $Result; PassedCount = $Passed; FailedCount = $Failed; SkippedCount = 1; NotRunCount = 2
                InconclusiveCount = 0; Duration = [TimeSpan]::FromSeconds(1.5); ExecutedAt = [DateTime]::new(2026, 1, 2)
                Version = '6.2.0'; PSVersion = '7.6.0'; FailedBlocksCount = 0; FailedContainersCount = 0
                Failed = @(1..$Failed | Where-Object { $Failed } | ForEach-Object { [pscustomobject]@{ ExpandedPath = "app.fails $_" } })
            }
        }
        $junit = New-TestFile 'junit.xml' '<testsuites time="2"><testsuite><testcase classname="a" name="1"/><testcase classname="a" name="2"><failure/></testcase></testsuite></testsuites>'
        $nunit = New-TestFile 'nunit.xml' '<test-run duration="2"><test-case fullname="a.1" result="Passed"/></test-run>'
    }

    It 'adds the object of Invoke-Pester -PassThru' {
        $evidence = New-Run 3 1 | Add-ArtifactEvidence app:v0

        $evidence.GetType().Name | Should -Be ArtifactEvidence
        $evidence.Artifact | Should -Be app:v0
        $evidence.Type | Should -Be Test
        $evidence.Passed | Should -BeFalse
        $evidence.PassedCount, $evidence.FailedCount, $evidence.SkippedCount | Should -Be 3, 1, 3
        $evidence.FailedTests | Should -Be 'app.fails 1'
        $evidence.Duration | Should -Be ([TimeSpan]::FromSeconds(1.5))
        $evidence.SignatureStatus | Should -Be NotSigned

        $statement = $evidence.Statement | ConvertFrom-Json
        $statement.predicateType | Should -Be 'https://in-toto.io/attestation/test-result/v0.1'
        $statement.predicate.result | Should -Be FAILED
        'sha256:' + $statement.subject[0].digest.sha256 | Should -Be (Get-Artifact app).Digest
        ($statement.predicate.configuration | Where-Object name -eq Pester).annotations.value | Should -Be 6.2.0
    }

    It 'adds files of NUnit and JUnit' {
        $evidence = Add-ArtifactEvidence app -Path "$TestDrive/*unit.xml"

        $evidence.Count | Should -Be 2
        ($evidence | Where-Object Passed).PassedCount | Should -Be 1
        ($evidence | Where-Object { -not $_.Passed }).FailedTests | Should -Be a.2
        (Get-Artifact app | Add-ArtifactEvidence -LiteralPath $nunit).Passed | Should -BeTrue
    }

    It 'signs evidence' -Skip:(-not $hasPem) {
        . $PSScriptRoot/SigningSetup.ps1
        $key = New-TestKey ci
        (New-Run 1 0 | Add-ArtifactEvidence app -KeyPath "$key.pem").SignatureStatus | Should -Be Valid

        $signed = Get-ArtifactEvidence app -TrustedKey "$key.pub" | Where-Object SignatureStatus -eq Valid
        $signed.Passed | Should -BeTrue
        # The tests are signed, and not the version.
        (Get-ArtifactSignature app).Status | Should -Be NotSigned
    }

    It 'refuses <_>' -ForEach 'a run without tests', 'another object', 'another file' {
        switch ($_) {
            'a run without tests' { Assert-Error { New-Run 0 0 | Add-ArtifactEvidence app } TestResultInvalid InvalidData }
            'another object' { Assert-Error { [pscustomobject]@{ A = 1 } | Add-ArtifactEvidence app } TestResultInvalid InvalidData }
            'another file' { Assert-Error { Add-ArtifactEvidence app -Path (New-TestFile 'x.xml' '<html/>') } TestResultInvalid InvalidData }
        }
    }

    It 'writes nothing with -WhatIf' {
        $before = Get-StoreKey
        New-Run 1 0 | Add-ArtifactEvidence app -WhatIf
        Get-StoreKey | Should -Be $before
    }
}
