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

    It 'restores all files, and writes nothing down the pipeline' {
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

    It 'restores exactly the version that comes down the pipeline' {
        $v0 | Save-Artifact -Destination $out

        Get-Content "$out/a.txt" | Should -Be first
    }

    It 'restores each version that comes down the pipeline to a folder of its own' {
        Get-Artifact saved -AllVersions | Save-Artifact -Destination { "$out/$($_.Version)" } -Path a.txt

        Get-Content "$out/v0/a.txt", "$out/v1/a.txt" | Should -Be first, second
    }

    It 'writes the restored files with -PassThru' {
        $files = Save-Artifact saved $out -PassThru

        $files | Should -BeOfType [IO.FileInfo]
        $files.Name | Sort-Object | Should -Be ('a.txt', 'empty', 'größe 日本.csv', 'x [1].csv' | Sort-Object)
    }

    It 'restores only <Kind>' -TestCases @(
        @{ Kind = 'a file'; Path = 'a.txt'; Found = 'a.txt' }
        @{ Kind = 'a folder'; Path = 'dir/sub'; Found = 'größe 日本.csv' }
        @{ Kind = 'what a wildcard matches'; Path = '*.txt'; Found = 'a.txt' }
        @{ Kind = 'what several name'; Path = 'a.txt', 'empty'; Found = 'a.txt', 'empty' }
    ) {
        Save-Artifact saved $out -Path $Path

        (Get-ChildItem $out -Recurse -File).Name | Sort-Object | Should -Be $Found
    }

    It 'takes -LiteralPath as it is' {
        (Save-Artifact saved $out -LiteralPath 'dir/x [1].csv' -PassThru).Name | Should -Be 'x [1].csv'
    }

    It 'leaves right files alone and replaces changed ones' {
        Save-Artifact saved $out
        $long = [DateTime]::new(2001, 2, 3, 4, 5, 6)
        (Get-Item "$out/empty").LastWriteTime = $long
        Set-Content "$out/a.txt" broken
        Save-Artifact saved $out

        (Get-Item "$out/empty").LastWriteTime | Should -Be $long
        Get-Content "$out/a.txt" | Should -Be second
    }

    It 'leaves what isn''t in the version, and removes it with -Clean' {
        Save-Artifact saved $out
        $null = New-Item "$out/more/extra.txt" -Force -Value extra
        Save-Artifact saved $out
        "$out/more/extra.txt" | Should -Exist
        Save-Artifact saved $out -Clean
        "$out/more" | Should -Not -Exist

        (Get-ChildItem $out -Recurse -File).Count | Should -Be 4
    }

    It 'refuses a folder where a file belongs, writes nothing, and replaces it with -Force' {
        $null = New-Item "$out/a.txt" -ItemType Directory
        { Save-Artifact saved $out -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotRestorable,*'
        "$out/empty" | Should -Not -Exist
        Save-Artifact saved $out -Force

        Get-Content "$out/a.txt" | Should -Be second
    }

    It 'does not write through a symbolic link' -Skip:($IsWindows -or $PSEdition -eq 'Desktop') {
        $null = New-Item "$TestDrive/elsewhere", $out -ItemType Directory
        $null = New-Item "$out/dir" -ItemType SymbolicLink -Value "$TestDrive/elsewhere"
        { Save-Artifact saved $out -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotRestorable,*'

        Get-ChildItem "$TestDrive/elsewhere" | Should -BeNullOrEmpty
    }

    It 'keeps the executable bit' -Skip:($IsWindows -or $PSEdition -eq 'Desktop') {
        $file = New-TestFile 'run.sh' '#!/bin/sh'
        chmod +x $file
        New-Artifact tools dataset | Add-ArtifactFile $file | Publish-Artifact | Save-Artifact -Destination $out

        (Get-Item "$out/run.sh").UnixMode | Should -BeLike '-rwx*'
    }

    It 'resolves the destination against the current location, on a PSDrive too' {
        Push-Location TestDrive:/
        try { Save-Artifact saved relative -Path a.txt } finally { Pop-Location }

        "$TestDrive/relative/a.txt" | Should -Exist
    }

    It 'takes a destination with brackets, spaces and Unicode' {
        Save-Artifact saved "$out/[v1] größe 日本" -Path a.txt

        Test-Path -LiteralPath "$out/[v1] größe 日本/a.txt" | Should -BeTrue
    }

    It 'refuses a drive that has no files' {
        { Save-Artifact saved Variable:/out -ErrorAction Stop } | Should -Throw -ErrorId 'NotAFileSystemPath,*'
    }

    It 'has an error for a path that isn''t in the version, and restores the others' {
        Save-Artifact saved $out -Path a.txt, none.txt, empty -ErrorVariable problems -ErrorAction SilentlyContinue

        $problems.FullyQualifiedErrorId | Should -BeLike 'ArtifactEntryNotFound,*'
        $problems.TargetObject | Should -Be none.txt
        (Get-ChildItem $out).Name | Sort-Object | Should -Be a.txt, empty
    }

    It 'refuses a file as the destination' {
        $file = New-TestFile 'file'
        { Save-Artifact saved $file -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotRestorable,*'

        Get-Content $file | Should -Be 'This is file.'
    }

    It 'leaves nothing where a stored object is damaged' {
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

    It 'writes nothing under -WhatIf' {
        Save-Artifact saved $out -WhatIf

        $out | Should -Not -Exist
    }
}
