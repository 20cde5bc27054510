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

        (Get-ArtifactEntry $draft).EntryPath | Should -Be 'a[1].txt', 'dir.txt', 'dir/sub/größe 日本.csv', 'dir/x.csv'
        $draft.FileCount | Should -Be 4
    }

    It 'removes a folder with its content by <_>' -ForEach 'dir/', 'dir', 'dir/*' {
        Remove-ArtifactEntry $_ -Artifact $draft

        (Get-ArtifactEntry $draft).EntryPath | Should -Be a1.txt, 'a[1].txt', dir.txt
    }

    It 'removes entries that match a wildcard' {
        Remove-ArtifactEntry dir/*.csv, a?.txt -Artifact $draft

        (Get-ArtifactEntry $draft).EntryPath | Should -Be 'a[1].txt', dir.txt
        Remove-ArtifactEntry '[a-d]*.txt' -Artifact $draft
        $draft.FileCount | Should -Be 0
    }

    It 'matches -LiteralPath literally' {
        Remove-ArtifactEntry -LiteralPath 'a[1].txt' -Artifact $draft

        (Get-ArtifactEntry $draft).EntryPath | Should -Be a1.txt, dir.txt, 'dir/sub/größe 日本.csv', dir/x.csv
    }

    It 'removes the exact entries from the pipeline' {
        Get-ArtifactEntry $draft | Where-Object EntryPath -Like '*`[*' | Remove-ArtifactEntry -Artifact $draft

        (Get-ArtifactEntry $draft).EntryPath | Should -Be a1.txt, dir.txt, 'dir/sub/größe 日本.csv', dir/x.csv
    }

    It 'removes all entries' {
        Get-ArtifactEntry $draft | Remove-ArtifactEntry -Artifact $draft

        $draft.FileCount | Should -Be 0
        ($draft | Publish-Artifact -AllowEmpty).FileCount | Should -Be 0
    }

    It 'reports <_>, which is missing, and changes nothing' -ForEach 'none.txt', 'none/', 'none*', 'A1.TXT' {
        $before = $draft.Digest
        Assert-Error { Remove-ArtifactEntry $_ -Artifact $draft } ArtifactEntryNotFound ObjectNotFound $_ $_, Get-ArtifactEntry

        $draft.Digest | Should -Be $before
    }

    It 'reports the number of removed entries under -Verbose' {
        "$(Remove-ArtifactEntry dir/ -Artifact $draft -Verbose 4>&1)" | Should -BeLike '*2 entries*'
    }

    It 'reports a missing entry and removes the others' {
        $draft | Remove-ArtifactEntry none.txt, a1.txt -ErrorVariable problems -ErrorAction SilentlyContinue

        $problems.TargetObject | Should -Be none.txt
        $draft.FileCount | Should -Be 4
        ($draft | Remove-ArtifactEntry dir.txt).FileCount | Should -Be 3
    }

    It 'restores the digest when the entry is added again' {
        $before = $draft.Digest
        $draft | Remove-ArtifactEntry a1.txt | Add-ArtifactFile (New-TestFile 'back/a1.txt' 'a1')

        $draft.Digest | Should -Be $before
    }

    It 'chains from one version to the next' {
        $next = Get-Artifact mixed:v0 | New-ArtifactDraft | Remove-ArtifactEntry -Path dir/ | Publish-Artifact

        $next.Name | Should -Be mixed
        $next.FileCount | Should -Be 3
    }

    It 'outputs a draft given as -Artifact only with -PassThru' {
        Remove-ArtifactEntry a1.txt -Artifact $draft | Should -BeNullOrEmpty
        Remove-ArtifactEntry dir/ -Artifact $draft -PassThru | Should -Be $draft
    }

    It 'removes nothing under -WhatIf' {
        Remove-ArtifactEntry dir/ -Artifact $draft -WhatIf

        $draft.FileCount | Should -Be 5
    }
}
