BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Save-Artifact' {
    BeforeAll {
        $v0 = New-TestVersion saved @{
            'a.txt' = 'first'; 'dir/x [1].csv' = 'x'; 'dir/sub/größe 日本.csv' = 'y'; 'empty' = ''
        } -Publish @{ Alias = 'prod' }
        $v1 = New-ArtifactDraft saved | Add-ArtifactFile (New-TestFile 'changed/a.txt' 'second') -Force | Publish-Artifact
    }

    BeforeEach { $out = Join-Path $TestDrive ([IO.Path]::GetRandomFileName()) }

    It 'restores all files, without output' {
        Save-Artifact saved $out | Should -BeNullOrEmpty

        Get-Content "$out/a.txt" | Should -Be second
        Get-Content -LiteralPath "$out/dir/x [1].csv" | Should -Be x
        Get-Content "$out/dir/sub/größe 日本.csv" | Should -Be y
        (Get-Item "$out/empty").Length | Should -Be 0
        Test-Artifact saved -Path $out -Quiet | Should -BeTrue
    }

    It 'restores <_>' -ForEach 'saved:v0', 'saved:prod' {
        Save-Artifact $_ $out

        Get-Content "$out/a.txt" | Should -Be first
    }

    It 'restores the exact version from the pipeline' {
        $v0 | Save-Artifact -Destination $out

        Get-Content "$out/a.txt" | Should -Be first
    }

    It 'restores each version from the pipeline to its folder' {
        Get-Artifact saved -AllVersions | Save-Artifact -Destination { "$out/$($_.Version)" } -Path a.txt

        Get-Content "$out/v0/a.txt", "$out/v1/a.txt" | Should -Be first, second
    }

    It 'returns the restored files with -PassThru' {
        $files = Save-Artifact saved $out -PassThru

        $files | Should -BeOfType [IO.FileInfo]
        $files.FullName | Sort-Object | Should -Be (Get-ChildItem $out -Recurse -File | ForEach-Object FullName | Sort-Object)
        $files.Count | Should -Be 4
    }

    It 'restores only <Kind>' -TestCases @(
        @{ Kind = 'a file'; Path = 'a.txt'; Found = 'a.txt' }
        @{ Kind = 'a folder'; Path = 'dir/sub'; Found = 'größe 日本.csv' }
        @{ Kind = 'matches of a wildcard'; Path = '*.csv'; Found = 'größe 日本.csv', 'x [1].csv' }
        @{ Kind = 'several files'; Path = 'a.txt', 'empty'; Found = 'a.txt', 'empty' }
    ) {
        Save-Artifact saved $out -Path $Path

        (Get-ChildItem $out -Recurse -File).Name | Sort-Object | Should -Be $Found
    }

    It 'matches -LiteralPath literally' {
        (Save-Artifact saved $out -LiteralPath 'dir/x [1].csv' -PassThru).Name | Should -Be 'x [1].csv'
    }

    It 'keeps intact files and replaces changed ones' {
        Save-Artifact saved $out
        $long = [DateTime]::new(2001, 2, 3, 4, 5, 6)
        (Get-Item "$out/empty").LastWriteTime = $long
        Set-Content "$out/a.txt" broken
        Save-Artifact saved $out

        (Get-Item "$out/empty").LastWriteTime | Should -Be $long
        Get-Content "$out/a.txt" | Should -Be second
    }

    It 'removes files outside the version only with -Clean' {
        Save-Artifact saved $out
        $null = New-Item "$out/more/extra.txt" -Force -Value extra
        Save-Artifact saved $out
        "$out/more/extra.txt" | Should -Exist
        Save-Artifact saved $out -Clean
        "$out/more" | Should -Not -Exist

        (Get-ChildItem $out -Recurse -File).Count | Should -Be 4
    }

    It 'replaces a folder in the way only with -Force' {
        $null = New-Item "$out/a.txt/in the way" -Force -Value mine
        Assert-Error { Save-Artifact saved $out } PathNotRestorable WriteError saved a.txt, '-Force'
        (Get-ChildItem $out -Recurse -File).Name | Should -Be 'in the way'
        Save-Artifact saved $out -Force

        Get-Content "$out/a.txt" | Should -Be second
    }

    It 'replaces a link in place of a file only with -Force' -Skip:($IsWindows -or $PSEdition -eq 'Desktop') {
        $mine = New-TestFile 'mine/a.txt' mine
        $null = New-Item $out -ItemType Directory
        $null = New-Item "$out/a.txt" -ItemType SymbolicLink -Value $mine
        Assert-Error { Save-Artifact saved $out } PathNotRestorable WriteError saved a.txt, link, '-Force'
        (Get-Item "$out/a.txt").LinkType | Should -Be SymbolicLink
        "$out/empty" | Should -Not -Exist
        Save-Artifact saved $out -Force

        Get-Content "$out/a.txt" | Should -Be second
        (Get-Item "$out/a.txt").LinkType | Should -BeNullOrEmpty
        Get-Content $mine | Should -Be mine
    }

    Context 'in an edited folder' {
        BeforeEach {
            Save-Artifact saved $out
            Set-Content "$out/a.txt" edited
            $null = New-Item "$out/more/one.txt", "$out/more/two.txt" -Force -Value mine
            $a, $one, $two = 'a.txt', 'more/one.txt', 'more/two.txt' | ForEach-Object { Join-Path $out $_ }
        }

        It 'names each file that it replaces or removes with -Verbose' {
            $lines = Save-Artifact saved $out -Clean -Verbose 4>&1

            ($lines -match 'Replaced') | Should -BeLike "*'$a'*"
            ($lines -match 'Removed').Count | Should -Be 2
            "$lines" | Should -BeLike "*'$one'*"
            "$lines" | Should -BeLike "*'$two'*"
            "$lines" | Should -Not -BeLike '*empty*'
            "$lines" | Should -BeLike "*Restored $((Get-ArtifactEntry saved).Count) files of saved:v*to '$out'*"
        }

        It 'names each file that it would replace or remove with -WhatIf' {
            # The host writes what -WhatIf says, so only a transcript has it.
            $plain, $clean = foreach ($isClean in $false, $true) {
                $transcript = Join-Path $TestDrive ([IO.Path]::GetRandomFileName())
                $null = Start-Transcript $transcript -UseMinimalHeader
                try { Save-Artifact saved $out -Clean:$isClean -WhatIf } finally { $null = Stop-Transcript }
                Get-Content $transcript -Raw
            }

            $plain | Should -BeLike "*Replace*`"$a`"*"
            $plain | Should -Not -BeLike "*$one*"
            foreach ($file in $a, $one, $two) { $clean | Should -BeLike "*`"$file`"*" }
            $clean | Should -Not -BeLike "*empty*"
            Get-Content $a | Should -Be edited
            $one, $two | Should -Exist
        }

        It 'refuses with -NoClobber and changes nothing' {
            Remove-Item "$out/empty"
            Assert-Error { Save-Artifact saved $out -NoClobber } DestinationChanged ResourceExists saved $a, '-NoClobber'
            Get-Content $a | Should -Be edited
            "$out/empty" | Should -Not -Exist
            Set-Content $a second -NoNewline
            Assert-Error { Save-Artifact saved $out -NoClobber -Clean } DestinationChanged ResourceExists saved $one, $two
            $one | Should -Exist
            Save-Artifact saved $out -NoClobber

            "$out/empty" | Should -Exist
        }
    }

    Context 'near what must stay' {
        BeforeAll {
            $other = New-ArtifactStore "$TestDrive/near/inner/other"
            $realHome, $env:HOME = $env:HOME, "$TestDrive/people/me"
            $null = New-Item "$env:HOME/mine" -Force
        }
        AfterAll { $env:HOME = $realHome }

        It 'never cleans <Case>' -Skip:($IsWindows -or $PSEdition -eq 'Desktop') -TestCases @(
            @{ Case = 'the store'; Folder = { $env:ARTIFACTS_STORE } }
            @{ Case = 'a folder of the store'; Folder = { "$env:ARTIFACTS_STORE/objects" } }
            @{ Case = 'a folder with the store'; Folder = { "$TestDrive" } }
            @{ Case = 'a folder with another store'; Folder = { "$TestDrive/near" } }
            @{ Case = 'another store'; Folder = { $other.Location } }
            @{ Case = 'the home folder'; Folder = { $env:HOME } }
            @{ Case = 'a folder with the home folder'; Folder = { Split-Path $env:HOME } }
        ) {
            $folder = & $Folder
            $link = "$TestDrive/links/$([IO.Path]::GetRandomFileName())"
            $null = New-Item (Split-Path $link) -ItemType Directory -Force
            $null = New-Item $link -ItemType SymbolicLink -Value $folder
            $before = Get-StoreKey
            foreach ($destination in $folder, $link, "$link/.", "$TestDrive/near/../links/$(Split-Path $link -Leaf)") {
                { Save-Artifact saved $destination -Clean -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotRestorable,*'
                { Save-Artifact saved $destination -Clean -WhatIf -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotRestorable,*'
            }

            Get-StoreKey | Should -Be $before
            "$($other.Location)/store.json", "$env:HOME/mine" | Should -Exist
        }

        It 'never cleans the root' -Skip:($IsWindows -or $PSEdition -eq 'Desktop') {
            { Save-Artifact saved / -Clean -WhatIf -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotRestorable,*'
        }

        It 'never replaces a store by a file' {
            $version = New-TestVersion inner @{ 'inner' = 'a file'; 'x' = 'x' }
            { $version | Save-Artifact -Destination "$TestDrive/near" -Force -ErrorAction Stop } |
                Should -Throw -ErrorId 'PathNotRestorable,*'

            "$($other.Location)/store.json", "$TestDrive/near/x" | Test-Path | Should -Be $true, $false
        }

        It 'restores nothing into a store' {
            { Save-Artifact saved $other.Location -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotRestorable,*'
            $version = New-TestVersion into @{ 'other/store.json' = 'not a store' }
            { $version | Save-Artifact -Destination "$TestDrive/near/inner" -Force -ErrorAction Stop } |
                Should -Throw -ErrorId 'PathNotRestorable,*'

            (Get-ArtifactStore $other.Location).Id | Should -Be $other.Id
        }

        It 'cleans a folder with another program''s store.json' {
            $null = New-Item "$out/shop/store.json" -Force -Value '{ "name": "shop" }'
            Save-Artifact saved $out -Clean

            "$out/shop" | Should -Not -Exist
        }
    }

    It 'does not follow a symbolic link' -Skip:($IsWindows -or $PSEdition -eq 'Desktop') {
        $null = New-Item "$TestDrive/elsewhere", $out -ItemType Directory
        $null = New-Item "$out/dir" -ItemType SymbolicLink -Value "$TestDrive/elsewhere"
        { Save-Artifact saved $out -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotRestorable,*'

        Get-ChildItem "$TestDrive/elsewhere" | Should -BeNullOrEmpty
    }

    It 'restores the executable bit' -Skip:($IsWindows -or $PSEdition -eq 'Desktop') {
        $file = New-TestFile 'run.sh' '#!/bin/sh'
        chmod +x $file
        New-Artifact tools dataset | Add-ArtifactFile $file | Publish-Artifact | Save-Artifact -Destination $out

        (Get-Item "$out/run.sh").UnixMode | Should -BeLike '-rwx*'
        Save-Artifact saved $out -Path a.txt
        (Get-Item "$out/a.txt").UnixMode | Should -Not -BeLike '*x*'
    }

    It 'resolves a relative destination on a PSDrive' {
        Push-Location TestDrive:/
        try { Save-Artifact saved relative -Path a.txt } finally { Pop-Location }

        "$TestDrive/relative/a.txt" | Should -Exist
    }

    It 'accepts a destination with brackets, spaces and Unicode' {
        Save-Artifact saved "$out/[v1] größe 日本" -Path a.txt
        Save-Artifact saved 'TestDrive:/in [1]' -Path a.txt

        Test-Path -LiteralPath "$out/[v1] größe 日本/a.txt" | Should -BeTrue
        Test-Path -LiteralPath "$TestDrive/in [1]/a.txt" | Should -BeTrue
    }

    It 'rejects a drive without files' {
        { Save-Artifact saved Variable:/out -ErrorAction Stop } | Should -Throw -ErrorId 'NotAFileSystemPath,*'
    }

    It 'reports a missing path and restores the others' {
        Assert-Error { Save-Artifact saved $out -Path a.txt, none.txt, empty } ArtifactEntryNotFound ObjectNotFound none.txt none.txt, saved:v1

        (Get-ChildItem $out).Name | Sort-Object | Should -Be a.txt, empty
    }

    It 'reports a missing artifact' {
        Assert-Error { Save-Artifact nosuch $out } ArtifactNotFound ObjectNotFound nosuch Get-Artifact
    }

    It 'creates an empty folder for an artifact without entries' {
        New-Artifact hollow dataset | Publish-Artifact -AllowEmpty | Save-Artifact -Destination $out

        Get-ChildItem $out | Should -BeNullOrEmpty
    }

    It 'copies referenced files and warns about unknown schemes' {
        $version = New-Artifact referring dataset | Add-ArtifactReference (New-TestFile outside.txt referenced) |
            Add-ArtifactReference hf://example.org/remote | Publish-Artifact
        $version | Save-Artifact -Destination $out -WarningVariable warnings -WarningAction SilentlyContinue

        (Get-ChildItem $out).Name | Should -Be outside.txt
        $warnings.Count | Should -Be 1
        $warnings | Should -BeLike '*hf://example.org/remote*'
    }

    It 'reports a changed reference and restores the others' {
        $null = New-TestFile 'referenced/one.txt' '1'
        $null = New-TestFile 'referenced/two.txt' '2'
        $version = New-Artifact referring dataset | Add-ArtifactReference "$TestDrive/referenced" | Publish-Artifact
        $null = New-TestFile 'referenced/one.txt' 'changed'
        Assert-Error { $version | Save-Artifact -Destination $out } ReferenceChanged InvalidData one.txt one.txt

        (Get-ChildItem $out).Name | Should -Be two.txt
    }

    It 'reports missing objects and leaves no file' {
        $store = (New-ArtifactStore "$TestDrive/emptied").Location
        $version = New-Artifact lost dataset -Store $store | Add-ArtifactFile "$TestDrive/changed/a.txt" | Publish-Artifact
        Get-ChildItem "$store/objects" -Recurse -File | Remove-Item -Force
        $version | Save-Artifact -Destination $out -ErrorVariable problems -ErrorAction SilentlyContinue

        $problems.Count | Should -BeGreaterThan 0
        $problems.FullyQualifiedErrorId | Select-Object -Unique | Should -BeLike 'ObjectMissing,*'
        Get-ChildItem $out -Recurse -File -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'rejects a file as the destination' {
        $file = New-TestFile 'file'
        { Save-Artifact saved $file -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotRestorable,*'

        Get-Content $file | Should -Be 'This is file.'
    }

    It 'leaves no file of a damaged object' {
        $damaged = (New-ArtifactStore "$TestDrive/damaged").Location
        $version = New-Artifact saved dataset -Store $damaged | Add-ArtifactFile "$TestDrive/changed/a.txt" | Publish-Artifact
        foreach ($object in Get-ChildItem "$damaged/objects" -Recurse -File) {
            $object.IsReadOnly = $false
            $bytes = [IO.File]::ReadAllBytes($object)
            if ([Text.Encoding]::ASCII.GetString($bytes).StartsWith('second')) {
                $bytes[0] = $bytes[0] -bxor 1
                [IO.File]::WriteAllBytes($object, $bytes)
            }
        }
        { $version | Save-Artifact -Destination $out -ErrorAction Stop } | Should -Throw -ErrorId 'ObjectCorrupt,*'

        Get-ChildItem $out -Recurse -File | Should -BeNullOrEmpty
    }

    It 'restores nothing under -WhatIf' {
        Save-Artifact saved $out -WhatIf

        $out | Should -Not -Exist
    }
}
