BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Add-ArtifactFile' {
    BeforeAll {
        $plain = New-TestFile 'in/plain.txt' 'plain'
        $bracket = New-TestFile 'in/odd [1].txt' 'bracket'
        $unicode = New-TestFile 'in/größe 日本 🎈.txt' 'unicode'
        $deep = New-TestFile 'in/deep/er/leaf.csv' 'leaf'
    }

    BeforeEach { $draft = New-Artifact files dataset }

    Context 'paths' {
        It 'names the entry by the file''s own name' {
            Add-ArtifactFile $deep -Artifact $draft

            $entry = Get-ArtifactEntry $draft
            $entry.Path | Should -Be leaf.csv
            $entry.Size | Should -Be 4
            $entry.Digest | Should -Be ('sha256:' + (Get-FileHash $deep).Hash.ToLowerInvariant())
        }

        It 'expands wildcards in -Path, leaving folders out' {
            Add-ArtifactFile "$TestDrive/in/*" -Artifact $draft

            (Get-ArtifactEntry $draft).Path | Should -Be 'größe 日本 🎈.txt', 'odd [1].txt', 'plain.txt'
        }

        It 'takes -LiteralPath as it is' {
            Add-ArtifactFile -LiteralPath $bracket -Artifact $draft

            (Get-ArtifactEntry $draft).Path | Should -Be 'odd [1].txt'
        }

        It 'takes files down the pipeline, brackets and all' {
            Get-ChildItem "$TestDrive/in" -Recurse -File | Add-ArtifactFile -Artifact $draft

            (Get-ArtifactEntry $draft).Path | Should -Be 'größe 日本 🎈.txt', 'leaf.csv', 'odd [1].txt', 'plain.txt'
        }

        It 'takes a plain FileInfo down the pipeline' {
            [IO.FileInfo] $bracket | Add-ArtifactFile -Artifact $draft

            (Get-ArtifactEntry $draft).Path | Should -Be 'odd [1].txt'
        }

        It 'resolves relative paths and PSDrives' {
            Push-Location TestDrive:/in
            try { Add-ArtifactFile plain.txt, TestDrive:/in/deep/er/leaf.csv -Artifact $draft } finally { Pop-Location }

            (Get-ArtifactEntry $draft).Path | Should -Be leaf.csv, plain.txt
        }

        It 'names entries by their paths below -RelativeTo' {
            Get-ChildItem "$TestDrive/in" -Recurse -Filter *.csv | Add-ArtifactFile -Artifact $draft -RelativeTo "$TestDrive/in"

            (Get-ArtifactEntry $draft).Path | Should -Be 'deep/er/leaf.csv'
        }

        It 'refuses a file that isn''t below -RelativeTo' {
            { Add-ArtifactFile $plain -RelativeTo "$TestDrive/in/deep" -Artifact $draft -ErrorAction Stop } |
                Should -Throw -ErrorId 'InvalidEntryPath,*'
        }

        It 'names the entry as -Name says' {
            Add-ArtifactFile $plain -Name 'data/renamed 日本.txt' -Artifact $draft

            (Get-ArtifactEntry $draft).Path | Should -Be 'data/renamed 日本.txt'
        }

        It "refuses the entry path '<_>'" -ForEach '/rooted', 'C:/drive', '../out', 'a//b', 'a\b', './a' {
            { Add-ArtifactFile $plain -Name $_ -Artifact $draft -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidEntryPath,*'
        }

        It 'has an error for a file that isn''t there, and adds the others' {
            Add-ArtifactFile -LiteralPath $plain, "$TestDrive/missing", $deep -Artifact $draft -ErrorVariable problems -ErrorAction SilentlyContinue

            (Get-ArtifactEntry $draft).Path | Should -Be leaf.csv, plain.txt
            $problems.FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
            $problems.TargetObject | Should -Be "$TestDrive/missing"
        }

        It 'has an error for a folder that names the command to use' {
            { Add-ArtifactFile "$TestDrive/in" -Artifact $draft -ErrorAction Stop } |
                Should -Throw -ExpectedMessage '*Add-ArtifactDirectory*'
        }
    }

    Context 'content' {
        It 'publishes what the file held when it was added' {
            $file = New-TestFile 'edited.txt' 'before'
            Add-ArtifactFile $file -Artifact $draft
            New-TestFile 'edited.txt' 'after it was added'
            Publish-Artifact $draft

            Get-ArtifactContent files edited.txt | Should -Be before
        }

        It 'takes empty files' {
            $version = $draft | Add-ArtifactFile (New-TestFile 'empty' '') | Publish-Artifact

            ($version | Get-ArtifactEntry).Size | Should -Be 0
        }

        It 'keeps the executable bit' -Skip:($IsWindows -or $PSEdition -eq 'Desktop') {
            $file = New-TestFile 'run.sh' '#!/bin/sh'
            chmod +x $file
            Add-ArtifactFile $file, $plain -Artifact $draft

            (Get-ArtifactEntry $draft | Where-Object Executable).Path | Should -Be run.sh
        }

        It 'takes the same path with the same content again' {
            Add-ArtifactFile $plain -Artifact $draft
            Add-ArtifactFile $plain -Artifact $draft

            $draft.FileCount | Should -Be 1
        }

        It 'refuses the same path with other content' {
            Add-ArtifactFile $plain -Name same -Artifact $draft
            { Add-ArtifactFile $deep -Name same -Artifact $draft -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactEntryConflict,*'

            (Get-ArtifactEntry $draft).Size | Should -Be 5
        }

        It 'replaces it with -Force' {
            Add-ArtifactFile $plain -Name same -Artifact $draft
            Add-ArtifactFile $deep -Name same -Artifact $draft -Force

            (Get-ArtifactEntry $draft).Size | Should -Be 4
        }
    }

    Context 'drafts' {
        It 'hands a draft from the pipeline on' {
            $draft | Add-ArtifactFile $plain | Add-ArtifactFile $deep | Should -Be $draft
        }

        It 'writes a draft given as -Artifact only with -PassThru' {
            Add-ArtifactFile $plain -Artifact $draft | Should -BeNullOrEmpty
            Add-ArtifactFile $plain -Artifact $draft -PassThru | Should -Be $draft
        }

        It 'refuses a draft that was published' {
            Publish-Artifact $draft
            { Add-ArtifactFile $plain -Artifact $draft -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactSpent,*'
        }

        It 'adds nothing under -WhatIf' {
            $draft | Add-ArtifactFile $plain -WhatIf | Should -Be $draft
            $draft.FileCount | Should -Be 0
        }
    }
}
