BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'New-ArtifactStore' {
    It 'creates an empty store and returns it' {
        $store = New-ArtifactStore "$TestDrive/new"

        $store.Location | Should -Be (Join-Path $TestDrive 'new')
        $store.Id | Should -Match '^[0-9a-f]{32}$'
        $store.Name | Should -BeNullOrEmpty
        $store.IsDefault | Should -BeFalse
        $store.Artifacts | Should -Be 0
        $store.Objects | Should -Be 0
        $store.Bytes | Should -Be (Get-Item "$TestDrive/new/store.json").Length
        "$TestDrive/new/store.json" | Should -Exist
        Get-Artifact -Store "$TestDrive/new" | Should -BeNullOrEmpty
    }

    It 'creates missing parent folders' {
        New-ArtifactStore "$TestDrive/a/b/c"

        "$TestDrive/a/b/c/store.json" | Should -Exist
    }

    It 'returns an existing store unchanged' {
        $before = New-TestVersion kept @{ 'a.txt' = 'a' }
        $first = New-ArtifactStore $env:ARTIFACTS_STORE
        $second = New-ArtifactStore $env:ARTIFACTS_STORE

        $second.Id | Should -Be $first.Id
        $second.Artifacts | Should -Be 1
        (Get-Artifact kept).Digest | Should -Be $before.Digest
    }

    It 'creates a store beside other files only with -Force' {
        $folder = Split-Path (New-TestFile 'data/notes.txt')
        Assert-Error { New-ArtifactStore $folder } StoreFolderNotEmpty ResourceExists $folder notes.txt, '-Force'
        "$folder/store.json" | Should -Not -Exist

        (New-ArtifactStore $folder -Force).Location | Should -Be $folder
        (New-ArtifactStore $folder).Location | Should -Be $folder
    }

    It 'compresses content unless -Compression is None' {
        $text = New-TestFile 'text' ('a line of text' * 2000)
        $sizes = foreach ($compression in 'Zstandard', 'None') {
            $store = New-ArtifactStore "$TestDrive/$compression" -Compression $compression
            $store.Compression | Should -Be $compression
            # An existing store keeps its compression.
            $other = @('None', 'Zstandard')[$compression -eq 'None']
            (New-ArtifactStore $store.Location -Compression $other).Compression | Should -Be $compression
            $null = New-Artifact a dataset -Store $store.Location | Add-ArtifactFile $text | Publish-Artifact
            (Get-ArtifactStore $store.Location).Bytes
        }
        $sizes[0] | Should -BeLessThan 5000
        $sizes[1] | Should -BeGreaterThan 28000
    }

    It 'creates a store for each location in the pipeline' {
        $stores = 'one', 'two' | ForEach-Object { "$TestDrive/$_" } | New-ArtifactStore

        $stores.Location | Should -Be (Join-Path $TestDrive one), (Join-Path $TestDrive two)
        $stores[0].Id | Should -Not -Be $stores[1].Id
    }

    It 'accepts brackets, spaces and Unicode' {
        $store = New-ArtifactStore "$TestDrive/[old] größe 日本"

        Test-Path -LiteralPath "$TestDrive/[old] größe 日本/store.json" | Should -BeTrue
        New-Artifact a dataset -Store $store.Location | Publish-Artifact -AllowEmpty | ForEach-Object Store | Should -Be $store.Location
    }

    It 'resolves a path on a PSDrive' {
        (New-ArtifactStore TestDrive:/on-a-drive).Location | Should -Be (Join-Path $TestDrive 'on-a-drive')
    }

    It 'resolves a relative path against the current location' {
        Push-Location $TestDrive
        try { $store = New-ArtifactStore ./relative } finally { Pop-Location }

        $store.Location | Should -Be (Join-Path $TestDrive 'relative')
    }

    It 'ignores a trailing separator' {
        (New-ArtifactStore "$TestDrive/closed/").Location | Should -Be (Join-Path $TestDrive 'closed')
    }

    It 'rejects a drive without files' {
        { New-ArtifactStore Variable:/store -ErrorAction Stop } | Should -Throw -ErrorId 'NotAFileSystemPath,*'
    }

    It 'creates nothing under -WhatIf' {
        New-ArtifactStore "$TestDrive/whatif" -WhatIf | Should -BeNullOrEmpty

        "$TestDrive/whatif" | Should -Not -Exist
    }

    It 'reports invalid locations and creates the others' {
        $file = New-TestFile 'file'
        $stores = "$TestDrive/first", $file, 's3x://bucket', "$TestDrive/last" |
            New-ArtifactStore -ErrorVariable problems -ErrorAction SilentlyContinue

        $stores.Location | Should -Be (Join-Path $TestDrive first), (Join-Path $TestDrive last)
        $problems.TargetObject | Should -Be $file, s3x://bucket
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'StoreUnavailable,*'
        $problems[1].FullyQualifiedErrorId | Should -BeLike 'InvalidStoreLocation,*'
    }
}
