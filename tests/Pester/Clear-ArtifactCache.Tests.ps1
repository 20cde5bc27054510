BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Clear-ArtifactCache' {
    BeforeEach {
        $null = New-TestVersion model @{ 'a.txt' = 'first' }
        $cached = Join-Path $env:ARTIFACTS_CACHE 'files/some/some.index'
        $null = New-Item $cached -ItemType File -Force -Value 'cached'
    }

    It 'removes all cached files, not the store' {
        Clear-ArtifactCache | Should -BeNullOrEmpty
        Get-ChildItem $env:ARTIFACTS_CACHE -Recurse -File | Should -BeNullOrEmpty
        Get-ArtifactContent model a.txt | Should -Be first
    }

    It 'removes nothing under -WhatIf' {
        Clear-ArtifactCache -WhatIf
        $cached | Should -Exist
    }

    It 'accepts an empty cache without warning' {
        Clear-ArtifactCache
        Clear-ArtifactCache -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeNullOrEmpty
    }
}
