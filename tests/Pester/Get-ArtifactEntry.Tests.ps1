BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Get-ArtifactEntry' {
    BeforeAll {
        $version = New-TestVersion listed @{
            'b.txt' = 'bb'; 'Z.txt' = 'upper'; 'dir/x.csv' = 'x'; 'dir/sub/y [1].csv' = 'yy'; '日本.txt' = 'nihon'; ([string][char]0xE000) = 'private'; '😀' = 'smile'; 'directory' = 'd'
        }
    }

    It 'returns a tree of folders with -Tree' {
        $null = New-TestVersion drawn @{ 'a.txt' = 'a'; 'dir/größe [1].txt' = 'b' }

        Get-ArtifactEntry drawn -Tree | Should -Be 'drawn:v0 (2 files, 2 B)', '├── a.txt (1 B)', '└── dir/ (1 file, 1 B)',
            '    └── größe [1].txt (1 B)'
    }

    It 'returns a tree of selected entries, each once, with -Tree' {
        $null = New-TestVersion nested @{ 'a/b/c.txt' = 'a'; 'a/b/d.txt' = 'b'; 'a/e/f.md' = 'c'; 'a.txt' = 'd'; 'g/h.txt' = 'e'; 'g/i/j.md' = 'f' }

        Get-ArtifactEntry nested -Path a/*, *.txt, missing -Tree -ErrorAction SilentlyContinue -ErrorVariable failed |
            Should -Be 'nested:v0 (5 files, 5 B)', '├── a.txt (1 B)', '├── a/ (3 files, 3 B)', '│   ├── b/ (2 files, 2 B)',
            '│   │   ├── c.txt (1 B)', '│   │   └── d.txt (1 B)', '│   └── e/ (1 file, 1 B)', '│       └── f.md (1 B)',
            '└── g/ (1 file, 1 B)', '    └── h.txt (1 B)'
        $failed.FullyQualifiedErrorId | Should -BeLike 'ArtifactEntryNotFound*'
        Get-ArtifactEntry (New-ArtifactDraft nested | Remove-ArtifactEntry a/) -Tree |
            Should -Be 'nested (3 files, 3 B)', '├── a.txt (1 B)', '└── g/ (2 files, 2 B)', '    ├── h.txt (1 B)', '    └── i/ (1 file, 1 B)',
            '        └── j.md (1 B)'
        Get-ArtifactEntry (New-Artifact empty dataset) -Tree | Should -Be 'empty (0 files, 0 B)'
    }

    It 'returns entries sorted by the UTF-8 bytes of paths' {
        (Get-ArtifactEntry listed).EntryPath | Should -BeExactly @(
            'Z.txt', 'b.txt', 'dir/sub/y [1].csv', 'dir/x.csv', 'directory', '日本.txt', [string][char]0xE000, '😀')
    }

    It 'returns the properties of an entry' {
        $entry = Get-ArtifactEntry listed:v0 'dir/x.csv'

        $entry.EntryPath | Should -Be dir/x.csv
        $entry.Name | Should -Be x.csv
        $entry.Size | Should -Be 1
        $entry.Digest | Should -Match '^sha256:[0-9a-f]{64}$'
        $entry.Executable | Should -BeFalse
        $entry.Uri | Should -BeNullOrEmpty
        $entry.Artifact | Should -Be 'listed:v0'
        $entry.Store | Should -Be $env:ARTIFACTS_STORE
    }

    It 'filters by <Kind>' -TestCases @(
        @{ Kind = 'file, by exact case'; Path = 'b.txt'; Found = 'b.txt' }
        @{ Kind = 'folder'; Path = 'dir'; Found = 'dir/sub/y [1].csv', 'dir/x.csv' }
        @{ Kind = 'folder with a closing slash'; Path = 'dir/sub/'; Found = 'dir/sub/y [1].csv' }
        @{ Kind = 'wildcard, which goes through folders'; Path = '*.csv'; Found = 'dir/sub/y [1].csv', 'dir/x.csv' }
        @{ Kind = 'escaped name'; Path = 'dir/sub/y `[1`].csv'; Found = 'dir/sub/y [1].csv' }
    ) {
        (Get-ArtifactEntry listed -Path $Path).EntryPath | Should -BeExactly $Found
    }

    It 'matches -LiteralPath literally' {
        (Get-ArtifactEntry listed -LiteralPath 'dir/sub/y [1].csv', b.txt).EntryPath | Should -Be 'dir/sub/y [1].csv', b.txt
        (Get-ArtifactEntry listed -LiteralPath dir/sub).EntryPath | Should -Be 'dir/sub/y [1].csv'
    }

    It 'returns the entries of a draft' {
        $draft = New-ArtifactDraft listed | Remove-ArtifactEntry dir/ | Add-ArtifactFile (New-TestFile 'a new.txt')

        (Get-ArtifactEntry $draft).EntryPath | Should -BeExactly Z.txt, 'a new.txt', b.txt, directory, 日本.txt, ([string][char]0xE000), '😀'
        ($draft | Get-ArtifactEntry -Path 'a*').Artifact | Should -Be listed
    }

    It 'returns entries of each version from the pipeline' {
        $null = New-ArtifactDraft listed | Remove-ArtifactEntry b.txt | Publish-Artifact
        $entries = Get-Artifact listed -AllVersions | Get-ArtifactEntry -Path b*, Z*

        $entries.Artifact | Should -Be 'listed:v0', 'listed:v0', 'listed:v1'
        ('drawn', 'listed' | Get-ArtifactEntry -Path a*, Z*, nothing*).Artifact | Should -Be drawn:v0, listed:v1
    }

    It 'returns nothing for a wildcard without match' {
        Get-ArtifactEntry listed -Path none* -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'reports missing paths and returns the others' {
        $entries = Get-ArtifactEntry listed:v0 -Path none, b.txt, B.TXT -ErrorVariable problems -ErrorAction SilentlyContinue

        $entries.EntryPath | Should -Be b.txt
        $problems.TargetObject | Should -BeExactly none, B.TXT
        Assert-Error { Get-ArtifactEntry listed:v0 -Path none } ArtifactEntryNotFound ObjectNotFound none none, listed:v0
    }

    It 'returns entries before all are read' {
        Get-ArtifactEntry listed:v0 | Select-Object -First 1 | ForEach-Object EntryPath | Should -Be Z.txt
    }

    It 'reports a missing artifact' {
        Assert-Error { Get-ArtifactEntry unknown } ArtifactNotFound ObjectNotFound unknown Get-Artifact
    }
}
