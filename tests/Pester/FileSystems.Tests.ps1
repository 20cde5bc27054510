BeforeDiscovery {
    $isLinuxRoot = $IsLinux -and (id -u) -eq 0
    # NTFS by FUSE: all files are executable, and names ignore case.
    $canMount = $isLinuxRoot -and (Get-Command lowntfs-3g, mkntfs -ErrorAction Ignore).Count -eq 2
}

BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'A file system without executable bits and case' -Skip:(-not $canMount) {
    BeforeAll {
        $mount = "$TestDrive/ntfs"
        $null = New-Item $mount -ItemType Directory
        $image = [IO.File]::Create("$TestDrive/image")
        $image.SetLength(4MB)
        $image.Dispose()
        $null = mkntfs -F -q -f "$TestDrive/image" 2>&1
        lowntfs-3g -o ignore_case "$TestDrive/image" $mount
        $null = New-TestFile 'tools/data.txt' data
        chmod +x (New-TestFile 'tools/run.sh' '#!/bin/sh')
        $version = New-Artifact tools dataset | Add-ArtifactDirectory "$TestDrive/tools" | Publish-Artifact
    }

    AfterAll { umount $mount }

    It 'keeps the executable bits of a version' {
        $version | Save-Artifact -Destination "$mount/tools"
        Test-Artifact tools -Path "$mount/tools" -Quiet | Should -BeTrue
        Compare-Artifact tools "$mount/tools" | Should -BeNullOrEmpty
        $again = New-Artifact tools dataset | Add-ArtifactDirectory "$mount/tools" | Publish-Artifact

        $again.Reference | Should -Be $version.Reference
        $again.Digest | Should -Be $version.Digest
        New-ArtifactDraft tools | Add-ArtifactDirectory "$mount/tools" -Force | Publish-Artifact | ForEach-Object Reference |
            Should -Be $version.Reference
        (Get-ChildItem $mount -Recurse -Force -File).Name | Sort-Object | Should -Be data.txt, run.sh
    }

    It 'adds new files as not executable' {
        $null = New-Item "$mount/fresh/a.txt" -Force -Value a
        $fresh = New-Artifact fresh dataset | Add-ArtifactDirectory "$mount/fresh" | Publish-Artifact
        $null = New-TestFile 'fresh/a.txt' a
        New-Artifact fresh dataset | Add-ArtifactDirectory "$TestDrive/fresh" | Publish-Artifact | ForEach-Object Digest |
            Should -Be $fresh.Digest
    }

    It 'refuses names that differ in case, all or some' {
        $draft = New-Artifact cases dataset
        'Aa', 'aA', 'b' | ForEach-Object { $_ | Add-ArtifactObject -Name $_ -As Text -Artifact $draft }
        $cases = Publish-Artifact $draft
        foreach ($path in @('*'), @('Aa', 'aA'), @('b', 'A*', 'a*')) {
            { $cases | Save-Artifact -Destination "$mount/cases" -Path $path -ErrorAction Stop } |
                Should -Throw -ErrorId 'PathNotRestorable,*'
            "$mount/cases" | Should -Not -Exist
        }
        $cases | Save-Artifact -Destination "$mount/cases" -Path aA, b

        (Get-ChildItem "$mount/cases").Count | Should -Be 2
    }
}

Describe 'A name that is not UTF-8' -Skip:(-not $IsLinux) {
    BeforeAll {
        $folder = "$TestDrive/latin"
        $null = New-TestFile 'latin/a.txt' a
        $version = New-Artifact latin dataset | Add-ArtifactDirectory $folder | Publish-Artifact
        sh -c "mkdir `"`$(printf '$folder/d\351')`"; echo x > `"`$(printf '$folder/caf\351.txt')`"; echo y > `"`$(printf '$folder/d\351/y')`""
    }

    It 'is refused by an error that says so, and can be excluded' {
        $draft = New-Artifact latin dataset
        Add-ArtifactDirectory $folder -Artifact $draft -ErrorVariable problems -ErrorAction SilentlyContinue

        $problems.Count | Should -Be 2
        $problems.FullyQualifiedErrorId | Should -BeLike 'FileNameNotUtf8,*'
        "$problems" | Should -BeLike '*caf\xE9.txt*UTF-8*'
        { Publish-Artifact $draft -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactIncomplete,*'
        New-Artifact latin dataset | Add-ArtifactDirectory $folder -Exclude caf?.txt, d? | Publish-Artifact | ForEach-Object Reference |
            Should -Be $version.Reference
    }

    It 'is extra to Test-Artifact, and -Clean removes it' {
        (Test-Artifact latin -Path $folder).Problem | Should -Be Extra, Extra
        "$(Test-Artifact latin -Path $folder)" | Should -BeLike '*caf\xE9.txt*'
        $lines = Save-Artifact latin $folder -Clean -Verbose 4>&1

        "$lines" | Should -BeLike '*caf\xE9.txt*'
        Test-Artifact latin -Path $folder -Quiet | Should -BeTrue
        [IO.Directory]::GetFileSystemEntries($folder).Count | Should -Be 1
    }
}
