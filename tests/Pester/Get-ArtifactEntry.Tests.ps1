BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Get-ArtifactEntry' {
    BeforeAll {
        $version = New-TestVersion listed @{
            'b.txt' = 'bb'; 'Z.txt' = 'upper'; 'dir/x.csv' = 'x'; 'dir/sub/y [1].csv' = 'yy'; '日本.txt' = 'nihon'
        }
    }

    It 'draws a tree of folders' {
        $null = New-TestVersion drawn @{ 'a.txt' = 'a'; 'dir/größe [1].txt' = 'b' }

        Get-ArtifactEntry drawn -Tree | Should -Be 'drawn:v0 (2 files, 2 B)', '├── a.txt (1 B)', '└── dir/ (1 file, 1 B)',
            '    └── größe [1].txt (1 B)'
    }

    It 'lists the entries of a version, sorted by path' {
        (Get-ArtifactEntry listed).Path | Should -BeExactly Z.txt, b.txt, 'dir/sub/y [1].csv', dir/x.csv, 日本.txt
    }

    It 'says of each what it is' {
        $entry = Get-ArtifactEntry listed:v0 'dir/x.csv'

        $entry.Path | Should -Be dir/x.csv
        $entry.Name | Should -Be x.csv
        $entry.Size | Should -Be 1
        $entry.Digest | Should -Match '^sha256:[0-9a-f]{64}$'
        $entry.Executable | Should -BeFalse
        $entry.Uri | Should -BeNullOrEmpty
        $entry.Artifact | Should -Be 'listed:v0'
    }

    It 'chooses a <Kind>' -TestCases @(
        @{ Kind = 'file, by exact case'; Path = 'b.txt'; Found = 'b.txt' }
        @{ Kind = 'folder'; Path = 'dir'; Found = 'dir/sub/y [1].csv', 'dir/x.csv' }
        @{ Kind = 'folder with a closing slash'; Path = 'dir/sub/'; Found = 'dir/sub/y [1].csv' }
        @{ Kind = 'wildcard, which goes through folders'; Path = '*.csv'; Found = 'dir/sub/y [1].csv', 'dir/x.csv' }
        @{ Kind = 'escaped name'; Path = 'dir/sub/y `[1`].csv'; Found = 'dir/sub/y [1].csv' }
    ) {
        (Get-ArtifactEntry listed -Path $Path).Path | Should -BeExactly $Found
    }

    It 'takes -LiteralPath as it is' {
        (Get-ArtifactEntry listed -LiteralPath 'dir/sub/y [1].csv').Path | Should -Be 'dir/sub/y [1].csv'
    }

    It 'lists a draft as it is now' {
        $draft = New-ArtifactDraft listed | Remove-ArtifactEntry dir/ | Add-ArtifactFile (New-TestFile 'a new.txt')

        (Get-ArtifactEntry $draft).Path | Should -BeExactly Z.txt, 'a new.txt', b.txt, 日本.txt
        ($draft | Get-ArtifactEntry -Path 'a*').Artifact | Should -Be listed
    }

    It 'lists each version that comes down the pipeline' {
        $null = New-ArtifactDraft listed | Remove-ArtifactEntry b.txt | Publish-Artifact
        $entries = Get-Artifact listed -AllVersions | Get-ArtifactEntry -Path b*, Z*

        $entries.Artifact | Should -Be 'listed:v0', 'listed:v0', 'listed:v1'
    }

    It 'is silent for a wildcard that matches nothing' {
        Get-ArtifactEntry listed -Path none* -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'has an error for a name that isn''t there, and lists the others' {
        $entries = Get-ArtifactEntry listed:v0 -Path none, b.txt -ErrorVariable problems -ErrorAction SilentlyContinue

        $entries.Path | Should -Be b.txt
        $problems.FullyQualifiedErrorId | Should -BeLike 'ArtifactEntryNotFound,*'
    }

    It 'has an error for an unknown artifact' {
        { Get-ArtifactEntry unknown -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactNotFound,*'
    }
}
