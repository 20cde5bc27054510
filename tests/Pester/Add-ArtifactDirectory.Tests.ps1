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

    It 'adds all files, including hidden ones, sorted by path' {
        Add-ArtifactDirectory $tree -Artifact $draft

        (Get-ArtifactEntry $draft).EntryPath | Should -Be @(
            '.hidden/key', 'data/cache/x.tmp', 'data/größe 日本.csv', 'data/train [1].csv', 'readme.md')
    }

    It 'adds files below the destination <_>' -ForEach 'v2/cache', 'v2/cache/' {
        Add-ArtifactDirectory "$tree/data/cache" -Destination $_ -Artifact $draft

        (Get-ArtifactEntry $draft).EntryPath | Should -Be 'v2/cache/x.tmp'
    }

    It "rejects the destination '<_>'" -ForEach '../out', '/root', 'a\b', 'a//b' {
        Assert-Error { Add-ArtifactDirectory $tree -Destination $_ -Artifact $draft } InvalidEntryPath InvalidArgument $_ $_
    }

    It 'adds only files that -Include matches, ignoring case' {
        Add-ArtifactDirectory $tree -Include *.CSV -Artifact $draft

        (Get-ArtifactEntry $draft).EntryPath | Should -Be 'data/größe 日本.csv', 'data/train [1].csv'
    }

    It 'matches -Include and -Exclude by path' {
        Add-ArtifactDirectory $tree -Include data/* -Exclude data/cache/x.tmp, nothing -Artifact $draft

        (Get-ArtifactEntry $draft).EntryPath | Should -Be 'data/größe 日本.csv', 'data/train [1].csv'
    }

    It 'excludes <Pattern> like secrets' -TestCases @(
        @{ Pattern = 'secrets' }, @{ Pattern = './secrets' }, @{ Pattern = '.\secrets' }, @{ Pattern = './secrets/' }
        @{ Pattern = 'secrets\' }, @{ Pattern = '{0}/secrets' }, @{ Pattern = '{0}/secrets/' }, @{ Pattern = 'TestDrive:/hidden/secrets' }
        @{ Pattern = './hidden/secrets'; From = 'TestDrive:/' }, @{ Pattern = 'hidden/secrets'; From = 'TestDrive:/' }
        @{ Pattern = './hidden/sec*/'; From = 'TestDrive:/' }, @{ Pattern = '../hidden/secrets'; From = 'TestDrive:/tree' }
    ) {
        $null = New-TestFile 'hidden/a.txt'
        $null = New-TestFile 'hidden/secrets/key'
        Push-Location $(if ($From) { $From } else { 'TestDrive:/hidden' })
        try {
            Add-ArtifactDirectory "$TestDrive/hidden" -Exclude ($Pattern -f "$TestDrive/hidden") -Artifact $draft -WarningVariable warnings
        }
        finally { Pop-Location }

        (Get-ArtifactEntry $draft | ForEach-Object ToString) -replace '.*[: ]' | Should -Be a.txt
        $warnings | Should -BeNullOrEmpty
    }

    It "warns of the pattern '<_>', which can match nothing" -ForEach './', '../elsewhere', '/elsewhere/secrets', 'TestDrive:/elsewhere/x' {
        Add-ArtifactDirectory $tree -Exclude $_ -Artifact $draft -WarningVariable warnings -WarningAction SilentlyContinue

        $warnings.Count | Should -Be 1
        "$warnings" | Should -BeLike "*'$_' of -Exclude*"
    }

    It 'leaves out broken links only with -SkipBrokenLink or -Exclude' -Skip:($IsWindows -or $PSEdition -eq 'Desktop') {
        $file = New-TestFile 'dangling/a.txt'
        $null = New-Item "$TestDrive/dangling/broken" -ItemType SymbolicLink -Value "$TestDrive/nowhere" -Force
        Assert-Error { Add-ArtifactDirectory "$TestDrive/dangling" -Artifact $draft } FileNotFound ObjectNotFound "$TestDrive/dangling/broken" broken, '-Exclude'
        { Publish-Artifact $draft -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactIncomplete,*'
        $lines = Add-ArtifactDirectory "$TestDrive/dangling" -Artifact $draft -SkipBrokenLink -Verbose 4>&1
        "$lines" | Should -BeLike "*'broken'*-SkipBrokenLink*"
        Publish-Artifact $draft | Should -Not -BeNullOrEmpty
        New-Artifact other dataset | Add-ArtifactDirectory "$TestDrive/dangling" -Exclude broken | Publish-Artifact | Should -Not -BeNullOrEmpty
    }

    It 'leaves out the same files of a folder as Add-ArtifactReference' -Skip:($IsWindows -or $PSEdition -eq 'Desktop') {
        $null = New-TestFile 'shared/a.txt'
        $null = New-TestFile 'shared/b.tmp'
        $null = New-TestFile 'shared/raw/c.txt'
        $null = New-TestFile 'shared/.artifactignore' 'a.txt'
        $null = New-ArtifactStore "$TestDrive/shared/other"
        $null = New-Item "$TestDrive/shared/broken" -ItemType SymbolicLink -Value "$TestDrive/nowhere" -Force
        $choice = @{ Exclude = '*.tmp', './raw', '/elsewhere/x'; SkipBrokenLink = $true; Verbose = $true }
        Push-Location "$TestDrive/shared"
        try {
            $expected = Add-ArtifactDirectory . @choice -NoIgnore -Artifact $draft 3>&1 4>&1 | Where-Object { "$_" -notlike 'Files added*' }
            $references = New-Artifact references dataset
            $reports = Add-ArtifactReference . @choice -Artifact $references 3>&1 4>&1 | Where-Object { "$_" -notlike 'Performing*' }
        }
        finally { Pop-Location }

        (Get-ArtifactEntry $references).EntryPath | Should -Be .artifactignore, a.txt
        (Get-ArtifactEntry $references).EntryPath | Should -Be (Get-ArtifactEntry $draft).EntryPath
        $expected = $expected | Where-Object { "$_" -notlike 'Performing*' } | ForEach-Object { "$_" } | Sort-Object
        $reports | ForEach-Object { "$_" } | Sort-Object | Should -BeExactly $expected
        $expected.Count | Should -Be 5
    }

    It 'never adds another store and warns' {
        $null = New-TestFile 'about/a.txt'
        $store = New-ArtifactStore "$TestDrive/about/other"
        Add-ArtifactDirectory "$TestDrive/about" -Artifact $draft -WarningVariable warnings -WarningAction SilentlyContinue
        @(Get-ArtifactEntry $draft).Count | Should -Be 1
        "$warnings" | Should -BeLike '*other*'
        foreach ($folder in $store.Location, $env:ARTIFACTS_STORE, "$env:ARTIFACTS_STORE/staging") {
            Assert-Error { Add-ArtifactDirectory $folder -Artifact $draft } FolderIsStore InvalidArgument $folder Copy-Artifact
        }
    }

    It 'combines -Include and -Exclude' {
        $null = New-TestFile 'combined/a.csv'
        $null = New-TestFile 'combined/b.txt'
        $null = New-TestFile 'combined/bin/e.csv'
        $null = New-TestFile 'combined/x/bin/f.csv'
        Add-ArtifactDirectory "$TestDrive/combined" -Include *.csv -Exclude bin -Artifact $draft

        (Get-ArtifactEntry $draft).EntryPath | Should -Be a.csv
    }

    It 'excludes matching files, and matching folders with their content' {
        Add-ArtifactDirectory $tree -Exclude cache, .hidden, 'data/gr*' -Artifact $draft

        (Get-ArtifactEntry $draft).EntryPath | Should -Be 'data/train [1].csv', 'readme.md'
    }

    It 'expands wildcards in -Path but not in -LiteralPath' {
        $null = New-TestFile 'odd a/a.txt'
        $null = New-TestFile 'odd b/b.txt'
        $null = New-TestFile 'odd [ab]/file.txt'
        $literal = New-Artifact tree dataset | Add-ArtifactDirectory -LiteralPath "$TestDrive/odd [ab]"
        Add-ArtifactDirectory "$TestDrive/odd [ab]" -Artifact $draft

        (Get-ArtifactEntry $draft).EntryPath | Should -Be a.txt, b.txt
        (Get-ArtifactEntry $literal).EntryPath | Should -Be file.txt
    }

    It 'accepts folders from the pipeline and paths on a PSDrive' {
        Get-Item TestDrive:/tree/data | Add-ArtifactDirectory -Artifact $draft -Exclude cache
        Add-ArtifactDirectory TestDrive:/tree/.hidden -Artifact $draft
        [IO.DirectoryInfo]::new("$tree/data").GetDirectories() | Add-ArtifactDirectory -Artifact $draft

        (Get-ArtifactEntry $draft).EntryPath | Should -Be 'größe 日本.csv', 'key', 'train [1].csv', 'x.tmp'
    }

    It 'adds to a draft from the pipeline and outputs it' {
        $version = $draft | Add-ArtifactDirectory $tree | Publish-Artifact

        $version.FileCount | Should -Be 5
    }

    It 'gives equal folders equal digests in any order' {
        $whole = New-Artifact whole dataset | Add-ArtifactDirectory $tree
        $parts = New-Artifact parts dataset | Add-ArtifactFile "$tree/readme.md" |
            Add-ArtifactDirectory "$tree/data" -Destination data | Add-ArtifactDirectory "$tree/.hidden" -Destination .hidden

        $parts.Digest | Should -Be $whole.Digest
    }

    It 'accepts an empty folder' {
        $null = New-Item "$TestDrive/empty" -ItemType Directory
        Add-ArtifactDirectory "$TestDrive/empty" -Artifact $draft

        $draft.FileCount | Should -Be 0
    }

    It 'rejects a file and names Add-ArtifactFile' {
        Assert-Error { Add-ArtifactDirectory "$tree/readme.md" -Artifact $draft } FileUnreadable ReadError "$tree/readme.md" Add-ArtifactFile
    }

    It 'reports a missing folder and adds the others' {
        Assert-Error { Add-ArtifactDirectory "$TestDrive/missing", "$tree/.hidden" -Artifact $draft } FileNotFound ObjectNotFound "$TestDrive/missing"

        (Get-ArtifactEntry $draft).EntryPath | Should -Be key
    }

    It 'excludes the store itself' {
        $null = New-TestFile 'around/a.txt'
        $store = (New-ArtifactStore "$TestDrive/around/store").Location
        $around = New-Artifact around dataset -Store $store | Add-ArtifactDirectory "$TestDrive/around"

        (Get-ArtifactEntry $around).EntryPath | Should -Be a.txt
    }

    It 'reports an unreadable file and adds the others' -Skip:($IsWindows -or $PSEdition -eq 'Desktop' -or [Environment]::UserName -eq 'root') {
        $null = New-TestFile 'secret/a.txt'
        $secret = New-TestFile 'secret/key'
        chmod 000 $secret
        Assert-Error { Add-ArtifactDirectory "$TestDrive/secret" -Artifact $draft } FileAccessDenied PermissionDenied $secret

        (Get-ArtifactEntry $draft).EntryPath | Should -Be a.txt
    }

    It 'outputs a draft given as -Artifact only with -PassThru' {
        Add-ArtifactDirectory "$tree/.hidden" -Artifact $draft | Should -BeNullOrEmpty
        Add-ArtifactDirectory "$tree/.hidden" -Artifact $draft -PassThru | Should -Be $draft
    }

    It 'reports under -Verbose how files were stored' {
        $null = New-TestFile 'told/a.txt' 'one'
        $null = New-TestFile 'told/b.txt' 'two'
        $null = New-TestFile 'told/raw/c.bin'
        $null = New-TestFile 'told/d.log'
        $messages = Add-ArtifactDirectory "$TestDrive/told" -Include *.txt -Exclude raw -Artifact $draft -Verbose 4>&1
        "$messages" | Should -Match '\b2 packed'
        "$messages" | Should -Match "'raw'.*-Exclude"
        "$messages" | Should -Match "'d\.log'.*-Include"
        Publish-Artifact $draft

        # Files with changed times are read again.
        foreach ($file in Get-ChildItem "$TestDrive/told/*.txt") { $file.LastWriteTimeUtc = $file.LastWriteTimeUtc.AddHours(-1) }
        $null = New-TestFile 'told/e.txt' 'two'
        $messages = New-Artifact tree dataset | Add-ArtifactDirectory "$TestDrive/told" -Include *.txt -Verbose 4>&1
        "$messages" | Should -Match '\b3 already stored'
    }

    It 'rejects conflicting files without -Force' {
        Add-ArtifactDirectory $tree -Artifact $draft
        $changed = New-TestFile 'changed/readme.md' 'changed'
        Assert-Error { Add-ArtifactDirectory "$TestDrive/changed" -Artifact $draft } ArtifactEntryConflict ResourceExists $changed '-Force'
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

        It 'excludes what .artifactignore files list, also in subfolders' {
            Add-ArtifactDirectory "$TestDrive/ignoring" -Artifact $draft

            (Get-ArtifactEntry $draft).EntryPath | Should -Be @(
                '.artifactignore', 'deep/.artifactignore', 'deep/c.log', 'deep/raw/1.png', 'keep.tmp', 'train.csv')
        }

        It 'reports excluded files with file and line under -Verbose' {
            $messages = Add-ArtifactDirectory "$TestDrive/ignoring" -Artifact $draft -Verbose 4>&1

            "$messages" | Should -Match "'deep/b\.log'.* line 1 of '.*deep.\.artifactignore'"
            "$messages" | Should -Match "'raw/'.* line 3 of"
        }

        It 'adds everything with -NoIgnore' {
            Add-ArtifactDirectory "$TestDrive/ignoring" -Artifact $draft -NoIgnore

            $draft.FileCount | Should -Be 9
        }

        It 'applies -Include and -Exclude as well' {
            Add-ArtifactDirectory "$TestDrive/ignoring" -Artifact $draft -Include *.csv, *.tmp, *.png -Exclude deep

            (Get-ArtifactEntry $draft).EntryPath | Should -Be keep.tmp, train.csv
        }

        It 'adds nothing of a folder with an unreadable .artifactignore' -Skip:($IsWindows -or $PSEdition -eq 'Desktop') {
            $null = New-TestFile 'unreadable/a.txt'
            $null = New-TestFile 'unreadable/sub/secret'
            $broken = "$TestDrive/unreadable/sub/.artifactignore"
            $null = New-Item $broken -ItemType SymbolicLink -Value "$TestDrive/gone"
            Assert-Error { Add-ArtifactDirectory "$TestDrive/unreadable" -Artifact $draft } FileNotFound ObjectNotFound $broken

            (Get-ArtifactEntry $draft).EntryPath | Should -Be a.txt
        }
    }

    Context 'links' -Skip:($IsWindows -or $PSEdition -eq 'Desktop') {
        It 'follows links to files and folders' {
            $null = New-Item "$TestDrive/linked" -ItemType Directory
            $null = New-Item "$TestDrive/linked/file" -ItemType SymbolicLink -Value "$tree/readme.md"
            $null = New-Item "$TestDrive/linked/folder" -ItemType SymbolicLink -Value "$tree/.hidden"
            Add-ArtifactDirectory "$TestDrive/linked" -Artifact $draft

            (Get-ArtifactEntry $draft).EntryPath | Should -Be file, folder/key
        }

        It 'ends at a link to a parent folder' {
            $null = New-TestFile 'circle/a.txt'
            $null = New-Item "$TestDrive/circle/again" -ItemType SymbolicLink -Value "$TestDrive/circle"
            Add-ArtifactDirectory "$TestDrive/circle" -Artifact $draft

            (Get-ArtifactEntry $draft).EntryPath | Should -Be a.txt
        }

        It 'reports a broken link and adds the others' {
            $null = New-TestFile 'broken/a.txt'
            $null = New-Item "$TestDrive/broken/link" -ItemType SymbolicLink -Value "$TestDrive/gone"
            Assert-Error { Add-ArtifactDirectory "$TestDrive/broken" -Artifact $draft } FileNotFound ObjectNotFound "$TestDrive/broken/link"

            (Get-ArtifactEntry $draft).EntryPath | Should -Be a.txt
        }
    }
}
