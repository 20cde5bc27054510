BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'New-Artifact' {
    It 'begins an empty draft' {
        $draft = New-Artifact mnist dataset -Description 'Digits' -Metadata @{ source = 'yann' } -Tag raw, small

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

    It 'takes names and types from objects down the pipeline' {
        $drafts = @'
Name,Type
cats,dataset
dogs,model
'@ | ConvertFrom-Csv | New-Artifact

        $drafts.Name | Should -Be cats, dogs
        $drafts.Type | Should -Be dataset, model
    }

    It 'keeps plain metadata through publishing' {
        $metadata = @{ text = 'größe'; number = 42; ratio = 0.5; flag = $true; list = 1, 2, 3; nested = @{ deep = 'yes' } }
        New-Artifact plain dataset -Metadata $metadata | Publish-Artifact

        $saved = (Get-Artifact plain).Metadata
        $saved.text | Should -BeExactly 'größe'
        $saved.number | Should -Be 42
        $saved.ratio | Should -Be 0.5
        $saved.flag | Should -BeTrue
        $saved.list | Should -Be 1, 2, 3
        $saved.nested.deep | Should -Be yes
    }

    It 'refuses metadata with <Name>' -TestCases @(
        @{ Name = 'infinity'; Value = [double]::PositiveInfinity }
        @{ Name = 'a script block'; Value = { Get-Date } }
        @{ Name = 'a cycle'; Value = & { $cycle = @{}; $cycle.self = $cycle; $cycle } }
    ) {
        { New-Artifact bad dataset -Metadata @{ value = $Value } -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidMetadata,*'
    }

    It "refuses the name '<_>'" -ForEach 'a/b', 'a b', '..', 'ends.', 'con', 'größe', ('x' * 129) {
        { New-Artifact $_ dataset -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArtifactName,*'
    }

    It "refuses the type '<_>'" -ForEach 'a/b', 'a b', ('x' * 129) {
        { New-Artifact name $_ -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArtifactType,*'
    }

    It 'goes on with the others after a bad name' {
        $drafts = 'good', 'b/ad', 'fine' | ForEach-Object { [pscustomobject]@{ Name = $_; Type = 'dataset' } } |
            New-Artifact -ErrorVariable problems -ErrorAction SilentlyContinue

        $drafts.Name | Should -Be good, fine
        $problems.Count | Should -Be 1
        $problems[0].TargetObject | Should -Be 'b/ad'
    }

    It 'says which command makes a store where there is none' {
        { New-Artifact name dataset -Store "$TestDrive/nowhere" -ErrorAction Stop } |
            Should -Throw -ErrorId 'StoreNotFound,*' -ExpectedMessage '*New-ArtifactStore*'
    }
}
