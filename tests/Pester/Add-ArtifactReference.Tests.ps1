BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Add-ArtifactReference' {
    BeforeAll {
        $file = New-TestFile 'big data [1].bin' 'content'
        $digest = 'sha256:' + (Get-FileHash -LiteralPath $file).Hash.ToLowerInvariant()
    }

    BeforeEach { $draft = New-Artifact refs dataset }

    It 'names the entry after the last segment of the URI' {
        Add-ArtifactReference 's3://bucket/data/train%20set.parquet' -NoChecksum -Artifact $draft

        $entry = Get-ArtifactEntry $draft
        $entry.EntryPath | Should -Be 'train set.parquet'
        $entry.Uri | Should -Be 's3://bucket/data/train%20set.parquet'
        $entry.Digest | Should -BeNullOrEmpty
        $entry.Size | Should -BeNullOrEmpty
        (Get-ArtifactEntry (New-Artifact refs dataset | Add-ArtifactReference 'https://example.org/a%20b.csv?x=1' -NoChecksum)).EntryPath | Should -Be 'a b.csv'
    }

    It 'records the given digest and size' {
        Add-ArtifactReference https://example.com/x -Name data/x -Digest $digest -Size 7 -Artifact $draft

        $entry = Get-ArtifactEntry $draft
        $entry.EntryPath | Should -Be data/x
        $entry.Digest | Should -Be $digest
        $entry.Size | Should -Be 7
    }

    It 'hashes a file without storing its content' {
        $version = $draft | Add-ArtifactReference $file | Publish-Artifact

        $entry = $version | Get-ArtifactEntry
        $entry.EntryPath | Should -Be 'big data [1].bin'
        $entry.Uri | Should -BeLike 'file:///*'
        $entry.Digest | Should -Be $digest
        $entry.Size | Should -Be 7
        Get-ChildItem "$env:ARTIFACTS_STORE/objects" -Recurse -File | Select-String content -SimpleMatch -List |
            Should -BeNullOrEmpty
    }

    It 'records no digest with -NoChecksum' {
        Add-ArtifactReference $file -NoChecksum -Artifact $draft

        (Get-ArtifactEntry $draft).Digest | Should -BeNullOrEmpty
    }

    It 'adds an entry for each file of a folder' {
        $null = New-TestFile 'folder/a.txt'
        $null = New-TestFile 'folder/sub/b.txt'
        Add-ArtifactReference "$TestDrive/folder" -Name outside -Artifact $draft

        Add-ArtifactReference "$TestDrive/folder" -Artifact $draft

        (Get-ArtifactEntry $draft).EntryPath | Should -Be a.txt, outside/a.txt, outside/sub/b.txt, sub/b.txt
    }

    It 'accepts several URIs and objects from the pipeline' {
        [pscustomobject]@{ Uri = 'https://example.com/a' }, [pscustomobject]@{ Uri = 'https://example.com/b' } |
            Add-ArtifactReference -NoChecksum -Artifact $draft
        Add-ArtifactReference https://example.com/c, https://example.com/d -NoChecksum -Artifact $draft

        (Get-ArtifactEntry $draft).EntryPath | Should -Be a, b, c, d
    }

    It 'hashes a file given as <Kind>' -TestCases @(
        @{ Kind = 'a path on a PSDrive'; Reference = { 'TestDrive:/big data [1].bin' } }
        @{ Kind = 'a file URI'; Reference = { [uri]::new($file).AbsoluteUri } }
        @{ Kind = 'a relative path'; Reference = { 'big data [1].bin' } }
    ) {
        Push-Location $TestDrive
        try { Add-ArtifactReference (& $Reference) -Artifact $draft } finally { Pop-Location }

        (Get-ArtifactEntry $draft).EntryPath | Should -Be 'big data [1].bin'
        (Get-ArtifactEntry $draft).Digest | Should -Be $digest
    }

    It "rejects the URI '<_>' without revealing its password" -ForEach @(
        'https://me:s3cret@example.org/data.csv', 'ftp://:s3cret@example.org/data.csv', 'https://me:s3@cret@bad host/data.csv'
    ) {
        $problem = { Add-ArtifactReference $_ -Artifact $draft -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidReference,*' -PassThru

        "$problem $($problem.TargetObject) $($problem.Exception)" | Should -Not -Match 's3|cret'
        "$problem" | Should -BeLike '*:`*`*`*@*'
    }

    It 'accepts a URI with a user name but no password' {
        Add-ArtifactReference ssh://git@example.org/data.csv -Artifact $draft

        (Get-ArtifactEntry $draft).Uri | Should -Be ssh://git@example.org/data.csv
    }

    It 'requires -Name for a URI without a last segment' {
        Assert-Error { Add-ArtifactReference https://example.org/ -NoChecksum -Artifact $draft } InvalidReference InvalidArgument https://example.org/ '-Name'
        Add-ArtifactReference https://example.org/ -Name home -NoChecksum -Artifact $draft

        (Get-ArtifactEntry $draft).EntryPath | Should -Be home
    }

    It 'takes entries of a version by position' {
        $entries = New-Artifact shared dataset | Add-ArtifactFile (New-TestFile one.txt one), (New-TestFile two.txt two) |
            Publish-Artifact | Get-ArtifactEntry
        $draft = New-Artifact refs dataset

        Add-ArtifactReference $entries -Artifact $draft
        Add-ArtifactReference $entries[0] -Artifact $draft -Name again.txt

        $added = Get-ArtifactEntry $draft
        $added.EntryPath | Should -Be again.txt, one.txt, two.txt
        $added.Digest | Should -Be $entries[0].Digest, $entries[0].Digest, $entries[1].Digest
    }

    It 'rejects an invalid digest' {
        Assert-Error { Add-ArtifactReference https://example.org/x -Digest sha256:12 -Artifact $draft } InvalidReference InvalidArgument https://example.org/x 64
    }

    It 'reports an invalid URI and adds the others' {
        Assert-Error { Add-ArtifactReference https://example.org/x, https://example.org/, s3://b/y -NoChecksum -Artifact $draft } InvalidReference InvalidArgument https://example.org/

        (Get-ArtifactEntry $draft).EntryPath | Should -Be x, y
    }

    It 'reports a file that changed after adding' {
        $moving = New-TestFile 'moving.txt' 'before'
        $version = $draft | Add-ArtifactReference $moving | Publish-Artifact
        $null = New-TestFile 'moving.txt' 'behind'

        { $version | Save-Artifact -Destination "$TestDrive/out" -ErrorAction Stop } |
            Should -Throw -ErrorId 'ReferenceChanged,*'
    }

    It 'rejects a file with another digest than given' {
        $other = 'sha256:' + '0' * 64
        Assert-Error { Add-ArtifactReference $file -Digest $other -Artifact $draft } ReferenceChanged InvalidData $file $other
    }

    It "rejects '<_>', neither a URI nor a file" -ForEach 'nowhere.txt', 'no/such/path', 'not a uri' {
        Assert-Error { Add-ArtifactReference $_ -Artifact $draft } InvalidReference InvalidArgument $_ $_
    }

    It 'rejects another URI for the same name without -Force' {
        Add-ArtifactReference https://example.com/a -Name same -NoChecksum -Artifact $draft
        Assert-Error { Add-ArtifactReference https://example.com/b -Name same -NoChecksum -Artifact $draft } ArtifactEntryConflict ResourceExists https://example.com/b '-Force'
        Add-ArtifactReference https://example.com/b -Name same -NoChecksum -Artifact $draft -Force

        (Get-ArtifactEntry $draft).Uri | Should -Be https://example.com/b
    }

    It 'adds nothing under -WhatIf' {
        $draft | Add-ArtifactReference https://example.com/a -WhatIf | Should -Be $draft

        $draft.FileCount | Should -Be 0
    }
}
