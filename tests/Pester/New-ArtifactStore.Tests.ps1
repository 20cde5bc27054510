BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'New-ArtifactStore' {
    It 'makes an empty store and writes it' {
        $store = New-ArtifactStore "$TestDrive/new"

        $store.Location | Should -Be (Join-Path $TestDrive 'new')
        $store.Id | Should -Match '^[0-9a-f]{32}$'
        $store.Artifacts | Should -Be 0
        "$TestDrive/new/store.json" | Should -Exist
        Get-Artifact -Store "$TestDrive/new" | Should -BeNullOrEmpty
    }

    It 'makes the folders above it' {
        New-ArtifactStore "$TestDrive/a/b/c"

        "$TestDrive/a/b/c/store.json" | Should -Exist
    }

    It 'leaves a store that is there as it is' {
        $before = New-TestVersion kept @{ 'a.txt' = 'a' }
        $first = New-ArtifactStore $env:ARTIFACTS_STORE
        $second = New-ArtifactStore $env:ARTIFACTS_STORE

        $second.Id | Should -Be $first.Id
        (Get-Artifact kept).Digest | Should -Be $before.Digest
    }

    It 'makes one for each location that comes down the pipeline' {
        $stores = 'one', 'two' | ForEach-Object { "$TestDrive/$_" } | New-ArtifactStore

        $stores.Location | Should -Be (Join-Path $TestDrive one), (Join-Path $TestDrive two)
        $stores[0].Id | Should -Not -Be $stores[1].Id
    }

    It 'takes brackets, spaces and Unicode as they are' {
        $store = New-ArtifactStore "$TestDrive/[old] größe 日本"

        Test-Path -LiteralPath "$TestDrive/[old] größe 日本/store.json" | Should -BeTrue
        New-Artifact a dataset -Store $store.Location | Publish-Artifact | ForEach-Object Store | Should -Be $store.Location
    }

    It 'resolves a path on a PSDrive' {
        (New-ArtifactStore TestDrive:/on-a-drive).Location | Should -Be (Join-Path $TestDrive 'on-a-drive')
    }

    It 'resolves a relative path against the current location' {
        Push-Location $TestDrive
        try { $store = New-ArtifactStore ./relative } finally { Pop-Location }

        $store.Location | Should -Be (Join-Path $TestDrive 'relative')
    }

    It 'names a location the same with and without a closing separator' {
        (New-ArtifactStore "$TestDrive/closed/").Location | Should -Be (Join-Path $TestDrive 'closed')
    }

    It 'refuses a drive that has no files' {
        { New-ArtifactStore Variable:/store -ErrorAction Stop } | Should -Throw -ErrorId 'NotAFileSystemPath,*'
    }

    It 'writes nothing under -WhatIf' {
        New-ArtifactStore "$TestDrive/whatif" -WhatIf | Should -BeNullOrEmpty

        "$TestDrive/whatif" | Should -Not -Exist
    }
}
