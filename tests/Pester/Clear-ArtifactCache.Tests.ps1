BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Clear-ArtifactCache' {
    BeforeEach {
        $null = New-TestVersion model @{ 'a.txt' = 'first' }
        $kept = Join-Path $env:ARTIFACTS_CACHE 'files/some/some.index'
        $null = New-Item $kept -ItemType File -Force -Value 'what was remembered'
    }

    It 'removes what is kept on this machine' {
        Clear-ArtifactCache | Should -BeNullOrEmpty
        Get-ChildItem $env:ARTIFACTS_CACHE -Recurse -File | Should -BeNullOrEmpty
        Get-ArtifactContent model a.txt | Should -Be first
    }

    It 'removes nothing under -WhatIf' {
        Clear-ArtifactCache -WhatIf
        $kept | Should -Exist
    }

    It 'is content where there is nothing' {
        Clear-ArtifactCache
        Clear-ArtifactCache -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeNullOrEmpty
    }
}
