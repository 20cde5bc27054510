BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Clear-ArtifactCache' {
    BeforeEach {
        $null = New-TestVersion model @{ 'a.txt' = 'first' }
        $cached = Join-Path $env:ARTIFACTS_CACHE "files/$('0' * 32)/some.index"
        $null = New-Item $cached -ItemType File -Force -Value 'cached'
    }

    It 'removes all cached files, not the store' {
        Clear-ArtifactCache | Should -BeNullOrEmpty
        Get-ChildItem $env:ARTIFACTS_CACHE -Recurse -File | Should -BeNullOrEmpty
        Get-ArtifactContent model a.txt | Should -Be first
    }

    It 'leaves foreign files' {
        $foreign = 'notes.txt', 'files/notes.txt', "files/$('0' * 32)/notes.txt", 'blocks/objects/readme' | ForEach-Object {
            New-Item (Join-Path $env:ARTIFACTS_CACHE $_) -ItemType File -Force -Value mine
        }
        Clear-ArtifactCache

        $foreign | Should -Exist
        $cached | Should -Not -Exist
    }

    It 'follows no link' -Skip:($IsWindows -or $PSEdition -eq 'Desktop') {
        $outside = New-TestFile "outside/$('1' * 32)/some.index"
        $outsideRestored = New-TestFile "others/$('2' * 32).index"
        $null = New-Item "$env:ARTIFACTS_CACHE/files/$('1' * 32)" -ItemType SymbolicLink -Value (Split-Path $outside)
        Remove-Item "$env:ARTIFACTS_CACHE/restored" -Recurse -Force -ErrorAction Ignore
        $null = New-Item "$env:ARTIFACTS_CACHE/restored" -ItemType SymbolicLink -Value (Split-Path $outsideRestored)
        Clear-ArtifactCache

        $outside, $outsideRestored | Should -Exist
        Remove-Item "$env:ARTIFACTS_CACHE/restored"
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
