BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Add-ArtifactDirectory' {
    BeforeAll {
        $tree = Join-Path $TestDrive 'tree'
        $null = New-TestFile 'tree/readme.md'
        $null = New-TestFile 'tree/data/train [1].csv'
        $null = New-TestFile 'tree/data/größe 日本.csv'
        $null = New-TestFile 'tree/data/cache/x.tmp'
        $null = New-TestFile 'tree/.hidden/key'
    }

    BeforeEach { $draft = New-Artifact tree dataset }

    It 'adds all files of the tree, hidden ones too, sorted by path' {
        Add-ArtifactDirectory $tree -Artifact $draft

        (Get-ArtifactEntry $draft).Path | Should -Be @(
            '.hidden/key', 'data/cache/x.tmp', 'data/größe 日本.csv', 'data/train [1].csv', 'readme.md')
    }

    It 'adds them below -Destination' {
        Add-ArtifactDirectory "$tree/data/cache" -Destination 'v2/cache/' -Artifact $draft

        (Get-ArtifactEntry $draft).Path | Should -Be 'v2/cache/x.tmp'
    }

    It 'refuses a -Destination outside the artifact' {
        { Add-ArtifactDirectory $tree -Destination '../out' -Artifact $draft -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidEntryPath,*'
    }

    It 'takes only what -Include names, at any depth' {
        Add-ArtifactDirectory $tree -Include *.CSV -Artifact $draft

        (Get-ArtifactEntry $draft).Path | Should -Be 'data/größe 日本.csv', 'data/train [1].csv'
    }

    It 'leaves out what -Exclude names, folders with all that is in them' {
        Add-ArtifactDirectory $tree -Exclude cache, .hidden, 'data/gr*' -Artifact $draft

        (Get-ArtifactEntry $draft).Path | Should -Be 'data/train [1].csv', 'readme.md'
    }

    It 'takes a folder with brackets in its name by -LiteralPath' {
        $null = New-TestFile 'odd [ab]/file.txt'
        Add-ArtifactDirectory -LiteralPath "$TestDrive/odd [ab]" -Artifact $draft

        (Get-ArtifactEntry $draft).Path | Should -Be file.txt
    }

    It 'takes folders down the pipeline and on a PSDrive' {
        Get-Item TestDrive:/tree/data | Add-ArtifactDirectory -Artifact $draft -Exclude cache
        Add-ArtifactDirectory TestDrive:/tree/.hidden -Artifact $draft

        (Get-ArtifactEntry $draft).Path | Should -Be 'größe 日本.csv', 'key', 'train [1].csv'
    }

    It 'adds to a draft that comes down the pipeline, and hands it on' {
        $version = $draft | Add-ArtifactDirectory $tree | Publish-Artifact

        $version.FileCount | Should -Be 5
    }

    It 'gives equal folders equal digests, in whatever order they were added' {
        $whole = New-Artifact whole dataset | Add-ArtifactDirectory $tree
        $parts = New-Artifact parts dataset | Add-ArtifactFile "$tree/readme.md" |
            Add-ArtifactDirectory "$tree/data" -Destination data | Add-ArtifactDirectory "$tree/.hidden" -Destination .hidden

        $parts.Digest | Should -Be $whole.Digest
    }

    It 'takes an empty folder' {
        $null = New-Item "$TestDrive/empty" -ItemType Directory
        Add-ArtifactDirectory "$TestDrive/empty" -Artifact $draft

        $draft.FileCount | Should -Be 0
    }

    It 'has an error for a file that names the command to use' {
        { Add-ArtifactDirectory "$tree/readme.md" -Artifact $draft -ErrorAction Stop } |
            Should -Throw -ExpectedMessage '*Add-ArtifactFile*'
    }

    It 'has an error for a folder that isn''t there' {
        { Add-ArtifactDirectory "$TestDrive/missing" -Artifact $draft -ErrorAction Stop } |
            Should -Throw -ErrorId 'FileNotFound,*'
    }

    It 'refuses changed files with other content, and replaces them with -Force' {
        Add-ArtifactDirectory $tree -Artifact $draft
        $null = New-TestFile 'changed/readme.md' 'changed'
        { Add-ArtifactDirectory "$TestDrive/changed" -Artifact $draft -ErrorAction Stop } |
            Should -Throw -ErrorId 'ArtifactEntryConflict,*'
        Add-ArtifactDirectory "$TestDrive/changed" -Artifact $draft -Force

        (Get-ArtifactEntry $draft readme.md).Size | Should -Be 7
    }

    It 'adds nothing under -WhatIf' {
        Add-ArtifactDirectory $tree -Artifact $draft -WhatIf

        $draft.FileCount | Should -Be 0
    }

    Context 'ignore files' {
        BeforeAll {
            foreach ($path in 'train.csv', 'a.tmp', 'keep.tmp', 'raw/0.png', 'deep/raw/1.png', 'deep/b.log', 'deep/c.log') {
                $null = New-TestFile "ignoring/$path"
            }
            $null = New-TestFile 'ignoring/.artifactignore' "*.tmp`n!keep.tmp`n/raw/`n"
            $null = New-TestFile 'ignoring/deep/.artifactignore' "*.log`n!c.log`n"
        }

        It 'leaves out what an .artifactignore lists, nested ones too' {
            Add-ArtifactDirectory "$TestDrive/ignoring" -Artifact $draft

            (Get-ArtifactEntry $draft).Path | Should -Be @(
                '.artifactignore', 'deep/.artifactignore', 'deep/c.log', 'deep/raw/1.png', 'keep.tmp', 'train.csv')
        }

        It 'says with -Verbose what was left out, and by which file and line' {
            $said = Add-ArtifactDirectory "$TestDrive/ignoring" -Artifact $draft -Verbose 4>&1

            "$said" | Should -Match "'deep/b\.log'.* line 1 of '.*deep.\.artifactignore'"
            "$said" | Should -Match "'raw/'.* line 3 of"
        }

        It 'adds all with -NoIgnore' {
            Add-ArtifactDirectory "$TestDrive/ignoring" -Artifact $draft -NoIgnore

            $draft.FileCount | Should -Be 9
        }
    }

    Context 'links' -Skip:($IsWindows -or $PSEdition -eq 'Desktop') {
        It 'follows links to files and folders' {
            $null = New-Item "$TestDrive/linked" -ItemType Directory
            $null = New-Item "$TestDrive/linked/file" -ItemType SymbolicLink -Value "$tree/readme.md"
            $null = New-Item "$TestDrive/linked/folder" -ItemType SymbolicLink -Value "$tree/.hidden"
            Add-ArtifactDirectory "$TestDrive/linked" -Artifact $draft

            (Get-ArtifactEntry $draft).Path | Should -Be file, folder/key
        }

        It 'does not go round in a circle' {
            $null = New-TestFile 'circle/a.txt'
            $null = New-Item "$TestDrive/circle/again" -ItemType SymbolicLink -Value "$TestDrive/circle"
            Add-ArtifactDirectory "$TestDrive/circle" -Artifact $draft

            (Get-ArtifactEntry $draft).Path | Should -Be a.txt
        }

        It 'has an error for a broken link, and adds the others' {
            $null = New-TestFile 'broken/a.txt'
            $null = New-Item "$TestDrive/broken/link" -ItemType SymbolicLink -Value "$TestDrive/gone"
            Add-ArtifactDirectory "$TestDrive/broken" -Artifact $draft -ErrorVariable problems -ErrorAction SilentlyContinue

            (Get-ArtifactEntry $draft).Path | Should -Be a.txt
            $problems.FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
        }
    }
}
