BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Remove-ArtifactEntry' {
    BeforeAll {
        $null = New-TestVersion mixed @{
            'a1.txt' = 'a1'; 'a[1].txt' = 'bracket'; 'dir/x.csv' = 'x'; 'dir/sub/größe 日本.csv' = 'y'; 'dir.txt' = 'dir'
        }
    }

    BeforeEach { $draft = New-ArtifactDraft mixed:v0 }

    It 'removes a file' {
        Remove-ArtifactEntry a1.txt -Artifact $draft

        (Get-ArtifactEntry $draft).Path | Should -Be 'a[1].txt', 'dir.txt', 'dir/sub/größe 日本.csv', 'dir/x.csv'
        $draft.FileCount | Should -Be 4
    }

    It 'removes a folder and all below it' {
        Remove-ArtifactEntry dir/ -Artifact $draft

        (Get-ArtifactEntry $draft).Path | Should -Be a1.txt, 'a[1].txt', dir.txt
    }

    It 'removes what matches a wildcard' {
        Remove-ArtifactEntry dir/*.csv, a?.txt -Artifact $draft

        (Get-ArtifactEntry $draft).Path | Should -Be 'a[1].txt', dir.txt
    }

    It 'takes -LiteralPath as it is' {
        Remove-ArtifactEntry -LiteralPath 'a[1].txt' -Artifact $draft

        (Get-ArtifactEntry $draft).Path | Should -Be a1.txt, dir.txt, 'dir/sub/größe 日本.csv', dir/x.csv
    }

    It 'removes exactly the entries that come down the pipeline' {
        Get-ArtifactEntry $draft | Where-Object Path -Like '*`[*' | Remove-ArtifactEntry -Artifact $draft

        (Get-ArtifactEntry $draft).Path | Should -Be a1.txt, dir.txt, 'dir/sub/größe 日本.csv', dir/x.csv
    }

    It 'can remove everything' {
        Get-ArtifactEntry $draft | Remove-ArtifactEntry -Artifact $draft

        $draft.FileCount | Should -Be 0
        ($draft | Publish-Artifact).FileCount | Should -Be 0
    }

    It 'has an error for <_> that isn''t there, and changes nothing' -ForEach 'none.txt', 'none/', 'none*', 'A1.TXT' {
        $before = $draft.Digest
        { Remove-ArtifactEntry $_ -Artifact $draft -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactEntryNotFound,*'

        $draft.Digest | Should -Be $before
    }

    It 'removes the others after an error' {
        $draft | Remove-ArtifactEntry none.txt, a1.txt -ErrorVariable problems -ErrorAction SilentlyContinue

        $problems.TargetObject | Should -Be none.txt
        $draft.FileCount | Should -Be 4
    }

    It 'comes back to the start''s digest when what was removed is added again' {
        $before = $draft.Digest
        $draft | Remove-ArtifactEntry a1.txt | Add-ArtifactFile (New-TestFile 'back/a1.txt' 'a1')

        $draft.Digest | Should -Be $before
    }

    It 'chains from a version to the next one' {
        $next = Get-Artifact mixed:v0 | New-ArtifactDraft | Remove-ArtifactEntry -Path dir/ | Publish-Artifact

        $next.Name | Should -Be mixed
        $next.FileCount | Should -Be 3
    }

    It 'writes a draft given as -Artifact only with -PassThru' {
        Remove-ArtifactEntry a1.txt -Artifact $draft | Should -BeNullOrEmpty
        Remove-ArtifactEntry dir/ -Artifact $draft -PassThru | Should -Be $draft
    }

    It 'removes nothing under -WhatIf' {
        Remove-ArtifactEntry dir/ -Artifact $draft -WhatIf

        $draft.FileCount | Should -Be 5
    }
}
