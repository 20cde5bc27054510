BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Add-ArtifactReference' {
    BeforeAll {
        $file = New-TestFile 'big data [1].bin' 'content'
        $digest = 'sha256:' + (Get-FileHash -LiteralPath $file).Hash.ToLowerInvariant()
    }

    BeforeEach { $draft = New-Artifact refs dataset }

    It 'adds an entry that points to a URI, named by its last segment' {
        Add-ArtifactReference 's3://bucket/data/train%20set.parquet' -Artifact $draft

        $entry = Get-ArtifactEntry $draft
        $entry.Path | Should -Be 'train set.parquet'
        $entry.Uri | Should -Be 's3://bucket/data/train%20set.parquet'
        $entry.Digest | Should -BeNullOrEmpty
    }

    It 'keeps the digest and size that are given' {
        Add-ArtifactReference https://example.com/x -Name data/x -Digest $digest -Size 7 -Artifact $draft

        $entry = Get-ArtifactEntry $draft
        $entry.Path | Should -Be data/x
        $entry.Digest | Should -Be $digest
        $entry.Size | Should -Be 7
    }

    It 'hashes a file, and stores none of it' {
        $version = $draft | Add-ArtifactReference $file | Publish-Artifact

        $entry = $version | Get-ArtifactEntry
        $entry.Path | Should -Be 'big data [1].bin'
        $entry.Uri | Should -BeLike 'file:///*'
        $entry.Digest | Should -Be $digest
        $entry.Size | Should -Be 7
        Get-ChildItem "$env:ARTIFACTS_STORE/objects" -Recurse -File | Select-String content -SimpleMatch -List |
            Should -BeNullOrEmpty
    }

    It 'does not read the file with -NoChecksum' {
        Add-ArtifactReference $file -NoChecksum -Artifact $draft

        (Get-ArtifactEntry $draft).Digest | Should -BeNullOrEmpty
    }

    It 'adds an entry for each file of a folder' {
        $null = New-TestFile 'folder/a.txt'
        $null = New-TestFile 'folder/sub/b.txt'
        Add-ArtifactReference "$TestDrive/folder" -Name outside -Artifact $draft

        (Get-ArtifactEntry $draft).Path | Should -Be outside/a.txt, outside/sub/b.txt
    }

    It 'takes several, and URIs from objects down the pipeline' {
        [pscustomobject]@{ Uri = 'https://example.com/a' }, [pscustomobject]@{ Uri = 'https://example.com/b' } |
            Add-ArtifactReference -Artifact $draft
        Add-ArtifactReference https://example.com/c, https://example.com/d -Artifact $draft

        (Get-ArtifactEntry $draft).Path | Should -Be a, b, c, d
    }

    It 'hashes a file on a PSDrive' {
        Add-ArtifactReference 'TestDrive:/big data [1].bin' -Artifact $draft

        (Get-ArtifactEntry $draft).Digest | Should -Be $digest
    }

    It 'is noticed when the file has changed since' {
        $moving = New-TestFile 'moving.txt' 'before'
        $version = $draft | Add-ArtifactReference $moving | Publish-Artifact
        $null = New-TestFile 'moving.txt' 'behind'

        { $version | Save-Artifact -Destination "$TestDrive/out" -ErrorAction Stop } |
            Should -Throw -ErrorId 'ReferenceChanged,*'
    }

    It 'refuses a file whose digest is not the one given' {
        { Add-ArtifactReference $file -Digest ('sha256:' + '0' * 64) -Artifact $draft -ErrorAction Stop } |
            Should -Throw -ErrorId 'ReferenceChanged,*'
    }

    It 'refuses what is neither a URI nor a file' {
        { Add-ArtifactReference 'nowhere.txt' -Artifact $draft -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidReference,*'
    }

    It 'refuses a name that is taken, and replaces it with -Force' {
        Add-ArtifactReference https://example.com/a -Name same -Artifact $draft
        { Add-ArtifactReference https://example.com/b -Name same -Artifact $draft -ErrorAction Stop } |
            Should -Throw -ErrorId 'ArtifactEntryConflict,*'
        Add-ArtifactReference https://example.com/b -Name same -Artifact $draft -Force

        (Get-ArtifactEntry $draft).Uri | Should -Be https://example.com/b
    }

    It 'adds nothing under -WhatIf' {
        $draft | Add-ArtifactReference https://example.com/a -WhatIf | Should -Be $draft

        $draft.FileCount | Should -Be 0
    }
}
