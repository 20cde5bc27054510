BeforeAll {
    . $PSScriptRoot/TestSetup.ps1
    # Most drafts here need no content.
    $PSDefaultParameterValues = @{ '*Artifact:AllowEmpty' = $true }
}
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
        It 'names the entry after the file' {
            Add-ArtifactFile $deep -Artifact $draft

            $entry = Get-ArtifactEntry $draft
            $entry.EntryPath | Should -Be leaf.csv
            $entry.Size | Should -Be 4
            $entry.Digest | Should -Be ('sha256:' + (Get-FileHash $deep).Hash.ToLowerInvariant())
        }

        It 'expands wildcards in -Path and skips folders' {
            Add-ArtifactFile "$TestDrive/in/*" -Artifact $draft

            (Get-ArtifactEntry $draft).EntryPath | Should -Be 'größe 日本 🎈.txt', 'odd [1].txt', 'plain.txt'
        }

        It "accepts '<_>' as a literal path" -ForEach @(
            'odd [2].txt', 'späce ünïcode 日本 🎉.txt', 'back`tick.txt', '-Force', (('n' * 251) + '.txt')
            if ($PSEdition -eq 'Core' -and -not $IsWindows) { 'a*b?.txt' }
        ) {
            Push-Location (Split-Path (New-TestFile "literal/$_"))
            try { Add-ArtifactFile -LiteralPath $_ -Artifact $draft } finally { Pop-Location }

            (Get-ArtifactEntry $draft).EntryPath | Should -BeExactly $_
        }

        It 'returns nothing for a wildcard without match' {
            Add-ArtifactFile "$TestDrive/*.nothing" -Artifact $draft -ErrorAction Stop

            $draft.FileCount | Should -Be 0
        }

        It 'expands wildcards in folders and paths from the pipeline' {
            "$TestDrive/in/d*/*/*.csv", "$TestDrive/in/pl[a]in.txt" | Add-ArtifactFile -Artifact $draft

            (Get-ArtifactEntry $draft).EntryPath | Should -Be leaf.csv, plain.txt
        }

        It 'accepts thousands of files from the pipeline' {
            $folder = [IO.Directory]::CreateDirectory("$TestDrive/many")
            foreach ($i in 1..2000) { [IO.File]::WriteAllText("$folder/$i.txt", $i) }
            $folder.EnumerateFiles() | Add-ArtifactFile -Artifact $draft

            $draft.FileCount | Should -Be 2000
            ($draft | Publish-Artifact).FileCount | Should -Be 2000
        }

        It 'rejects a file in a store, and adds the others' {
            $other = (New-ArtifactStore "$TestDrive/other").Location
            foreach ($store in $env:ARTIFACTS_STORE, $other) {
                $inside = (Get-ChildItem $store -Recurse -File | Select-Object -First 1).FullName
                Assert-Error { Add-ArtifactFile -LiteralPath $inside, "$TestDrive/in/plain.txt" -Artifact $draft } FolderIsStore InvalidArgument $inside Copy-Artifact
            }
            { Publish-Artifact -Path "$other/store.json" -Name inside -Type dataset -ErrorAction Stop } | Should -Throw -ErrorId 'FolderIsStore,*'

            (Get-ArtifactEntry $draft).EntryPath | Should -Be plain.txt
        }

        It 'accepts files from the pipeline' {
            Get-ChildItem "$TestDrive/in" -Recurse -File | Add-ArtifactFile -Artifact $draft

            (Get-ArtifactEntry $draft).EntryPath | Should -Be 'größe 日本 🎈.txt', 'leaf.csv', 'odd [1].txt', 'plain.txt'
        }

        It 'accepts a plain FileInfo from the pipeline' {
            [IO.FileInfo] $bracket | Add-ArtifactFile -Artifact $draft

            (Get-ArtifactEntry $draft).EntryPath | Should -Be 'odd [1].txt'
        }

        It 'resolves relative paths and paths on a PSDrive' {
            Push-Location TestDrive:/in
            try { Add-ArtifactFile plain.txt, TestDrive:/in/deep/er/leaf.csv -Artifact $draft } finally { Pop-Location }

            (Get-ArtifactEntry $draft).EntryPath | Should -Be leaf.csv, plain.txt
        }

        It 'names entries relative to -RelativeTo' {
            Get-ChildItem "$TestDrive/in" -Recurse -Filter *.csv | Add-ArtifactFile -Artifact $draft -RelativeTo "$TestDrive/in"

            (Get-ArtifactEntry $draft).EntryPath | Should -Be 'deep/er/leaf.csv'
        }

        It 'resolves -RelativeTo on a PSDrive' {
            Push-Location TestDrive:/in
            try {
                Add-ArtifactFile -LiteralPath TestDrive:/in/deep/er/leaf.csv -RelativeTo TestDrive:/ -Artifact $draft
                Add-ArtifactFile deep/*/* -RelativeTo . -Artifact $draft
            }
            finally { Pop-Location }

            (Get-ArtifactEntry $draft).EntryPath | Should -Be deep/er/leaf.csv, in/deep/er/leaf.csv
        }

        It 'rejects a file outside -RelativeTo and adds the others' {
            Assert-Error { Add-ArtifactFile $plain, $deep -RelativeTo "$TestDrive/in/deep" -Artifact $draft } InvalidEntryPath InvalidArgument $plain plain.txt

            (Get-ArtifactEntry $draft).EntryPath | Should -Be er/leaf.csv
        }

        It 'names the entry by -Name' {
            Add-ArtifactFile $plain -Name 'data/renamed 日本.txt' -Artifact $draft

            (Get-ArtifactEntry $draft).EntryPath | Should -Be 'data/renamed 日本.txt'
        }

        It "rejects the entry path '<_>'" -ForEach '/rooted', 'C:/drive', '../out', 'a//b', 'a\b', './a' {
            { Add-ArtifactFile $plain -Name $_ -Artifact $draft -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidEntryPath,*'
        }

        It 'reports a missing file and adds the others' {
            Assert-Error { Add-ArtifactFile -LiteralPath $plain, "$TestDrive/no [such]", $deep -Artifact $draft } FileNotFound ObjectNotFound "$TestDrive/no [such]" 'no [such]'
            Assert-Error { Add-ArtifactFile "$TestDrive/missing" -Artifact $draft } FileNotFound ObjectNotFound "$TestDrive/missing" 'missing'

            (Get-ArtifactEntry $draft).EntryPath | Should -Be leaf.csv, plain.txt
        }

        It 'rejects a folder and names Add-ArtifactDirectory' {
            Assert-Error { Add-ArtifactFile "$TestDrive/in" -Artifact $draft } FileUnreadable ReadError "$TestDrive/in" Add-ArtifactDirectory
        }

        It 'rejects a path outside the file system' {
            Assert-Error { Add-ArtifactFile env:PATH -Artifact $draft } NotAFileSystemPath InvalidArgument env:PATH Environment
        }
    }

    Context 'content' {
        It 'publishes the content at the time of adding' {
            $file = New-TestFile 'edited.txt' 'before'
            Add-ArtifactFile $file -Artifact $draft
            New-TestFile 'edited.txt' 'after it was added'
            Publish-Artifact $draft

            Get-ArtifactContent files edited.txt | Should -Be before
        }

        It 'accepts an empty file' {
            $version = $draft | Add-ArtifactFile (New-TestFile 'empty' '') | Publish-Artifact

            ($version | Get-ArtifactEntry).Size | Should -Be 0
            ($version | Get-ArtifactEntry).Digest | Should -Be sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        }

        It 'detects an edit that keeps size and time' {
            $file = New-TestFile 'sly.txt' 'before'
            $null = $draft | Add-ArtifactFile $file | Publish-Artifact
            $time = [IO.File]::GetLastWriteTimeUtc($file)
            [IO.File]::WriteAllText($file, 'after!')
            [IO.File]::SetLastWriteTimeUtc($file, $time)
            $null = New-ArtifactDraft files | Add-ArtifactFile $file | Publish-Artifact

            Get-ArtifactContent files sly.txt | Should -Be 'after!'
        }

        It 'records the executable bit' -Skip:($IsWindows -or $PSEdition -eq 'Desktop') {
            $file = New-TestFile 'run.sh' '#!/bin/sh'
            chmod +x $file
            Add-ArtifactFile $file, $plain -Artifact $draft

            (Get-ArtifactEntry $draft | Where-Object Executable).EntryPath | Should -Be run.sh
        }

        It 'accepts equal content for the same path' {
            Add-ArtifactFile $plain -Artifact $draft
            Add-ArtifactFile $plain -Artifact $draft

            $draft.FileCount | Should -Be 1
        }

        It 'rejects other content for the same path' {
            Add-ArtifactFile $plain -Name same -Artifact $draft
            Assert-Error { Add-ArtifactFile $deep -Name same -Artifact $draft } ArtifactEntryConflict ResourceExists $deep same, '-Force'

            (Get-ArtifactEntry $draft).Size | Should -Be 5
        }

        It 'replaces an entry with -Force' {
            Add-ArtifactFile $plain -Name same -Artifact $draft
            Add-ArtifactFile $deep -Name same -Artifact $draft -Force

            (Get-ArtifactEntry $draft).Size | Should -Be 4
        }
    }

    Context 'drafts' {
        It 'outputs a draft from the pipeline' {
            $draft | Add-ArtifactFile $plain | Add-ArtifactFile $deep | Should -Be $draft
        }

        It 'outputs a draft given as -Artifact only with -PassThru' {
            Add-ArtifactFile $plain -Artifact $draft | Should -BeNullOrEmpty
            [object]::ReferenceEquals((Add-ArtifactFile $plain -Artifact $draft -PassThru), $draft) | Should -BeTrue
        }

        It 'adds the file to every draft from the pipeline' {
            $drafts = $draft, (New-Artifact other dataset) | Add-ArtifactFile $plain

            $drafts.Name | Should -Be files, other
            $drafts.FileCount | Should -Be 1, 1
        }

        It 'rejects a published draft' {
            Publish-Artifact $draft
            Assert-Error { Add-ArtifactFile $plain -Artifact $draft } ArtifactSpent InvalidOperation $draft.Name New-ArtifactDraft, files
        }

        It 'adds nothing under -WhatIf' {
            $draft | Add-ArtifactFile $plain -WhatIf | Should -Be $draft
            $draft.FileCount | Should -Be 0
        }
    }
}
