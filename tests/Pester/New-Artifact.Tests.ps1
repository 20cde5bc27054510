BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'New-Artifact' {
    It 'creates an empty draft' {
        $draft = New-Artifact mnist dataset -Description 'Digits' -Metadata @{ source = 'yann' } -Tag raw, small

        $draft.GetType().Name | Should -Be Artifact
        $draft.Digest | Should -Match '^sha256:[0-9a-f]{64}$'
        $draft.Name | Should -Be mnist
        $draft.Type | Should -Be dataset
        $draft.Description | Should -Be Digits
        $draft.Metadata.source | Should -Be yann
        $draft.Tags | Should -Be raw, small
        $draft.BaseVersion | Should -BeNullOrEmpty
        $draft.FileCount | Should -Be 0
        $draft.Size | Should -Be 0
    }

    It 'writes nothing to the store' {
        $before = Get-StoreKey
        New-Artifact unpublished dataset

        Get-StoreKey | Should -Be $before
    }

    It 'accepts names and types from objects in the pipeline' {
        $drafts = @'
Name,Type
cats,dataset
dogs,model
'@ | ConvertFrom-Csv | New-Artifact

        $drafts.Name | Should -Be cats, dogs
        $drafts.Type | Should -Be dataset, model
    }

    It 'preserves metadata through publishing' {
        $metadata = @{ text = 'größe'; number = 42; ratio = 0.5; flag = $true; list = 1, 2, 3; nested = @{ deep = 'yes' } }
        New-Artifact plain dataset -Metadata $metadata | Publish-Artifact -AllowEmpty

        $saved = (Get-Artifact plain).Metadata
        $saved.text | Should -BeExactly 'größe'
        $saved.number | Should -Be 42
        $saved.ratio | Should -Be 0.5
        $saved.flag | Should -BeTrue
        $saved.list | Should -Be 1, 2, 3
        $saved.nested.deep | Should -Be yes
    }

    It 'rejects metadata with <Name> and names the key' -TestCases @(
        @{ Name = 'infinity'; Value = [double]::PositiveInfinity; Key = 'value' }
        @{ Name = 'NaN in a list'; Value = 1, [double]::NaN; Key = 'value[1]' }
        @{ Name = 'a script block'; Value = { Get-Date }; Key = 'value' }
        @{ Name = 'a nested script block'; Value = @{ inner = { 1 } }; Key = 'value.inner' }
        @{ Name = 'half a surrogate pair'; Value = [char]0xD800 + 'x'; Key = 'value' }
        @{ Name = 'a cycle'; Value = & { $cycle = @{}; $cycle.self = $cycle; $cycle }; Key = 'self' }
    ) {
        Assert-Error { New-Artifact bad dataset -Metadata @{ value = $Value } } InvalidMetadata InvalidArgument bad $Key
    }

    It "rejects the name '<_>'" -ForEach 'a/b', 'a b', 'a:b', '..', 'ends.', 'con', 'NUL', 'com1.txt', 'größe', ('x' * 129) {
        Assert-Error { New-Artifact $_ dataset } InvalidArtifactName InvalidArgument $_ $_
    }

    It 'accepts a name of 128 characters' {
        (New-Artifact ('x' * 128) dataset).Name | Should -Be ('x' * 128)
        Assert-Error { New-Artifact ('x' * 129) dataset } InvalidArtifactName InvalidArgument ('x' * 129) '128'
    }

    It "rejects the type '<_>'" -ForEach 'a/b', 'a b', ('x' * 129) {
        Assert-Error { New-Artifact name $_ } InvalidArtifactType InvalidArgument name $_
    }

    It 'rejects an invalid tag' {
        Assert-Error { New-Artifact name dataset -Tag 'x:y' } InvalidArtifactTag InvalidArgument name 'x:y'
    }

    It 'reports an invalid name and creates the others' {
        $drafts = 'good', 'b/ad', 'fine' | ForEach-Object { [pscustomobject]@{ Name = $_; Type = 'dataset' } } |
            New-Artifact -ErrorVariable problems -ErrorAction SilentlyContinue

        $drafts.Name | Should -Be good, fine
        $problems.Count | Should -Be 1
        $problems[0].TargetObject | Should -Be 'b/ad'
    }

    It 'reports a missing store and names New-ArtifactStore' {
        Assert-Error { New-Artifact name dataset -Store "$TestDrive/nowhere" } StoreNotFound ObjectNotFound name (Join-Path $TestDrive nowhere), New-ArtifactStore
    }
}
