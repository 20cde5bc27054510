BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Get-Artifact' {
    BeforeAll {
        $v0 = New-TestVersion Mnist @{ 'a.txt' = 'a' } -Publish @{ Alias = 'prod'; Tag = 'raw' }
        $v1 = New-TestVersion Mnist @{ 'a.txt' = 'b' } -Publish @{ Alias = 'beta'; Tag = 'clean' }
        $model = New-Artifact resnet-50 model | Publish-Artifact -AllowEmpty -Tag raw
    }

    It 'returns the latest version of each artifact, by name' {
        (Get-Artifact).Reference | Should -Be 'Mnist:v1', 'resnet-50:v0'
    }

    It 'returns the properties of a version' {
        $version = Get-Artifact mnist:v0

        $version.Name | Should -BeExactly Mnist
        $version.Version | Should -Be v0
        $version.Type | Should -Be dataset
        $version.Digest | Should -Be $v0.Digest
        $version.Aliases | Should -Be prod
        $version.Tags | Should -Be raw
        $version.FileCount | Should -Be 1
        $version.Size | Should -Be 1
        $version.Deduplicated | Should -BeFalse
    }

    It 'finds <Name>' -TestCases @(
        @{ Name = 'mnist'; Found = 'Mnist:v1' }
        @{ Name = 'MNIST:Prod'; Found = 'Mnist:v0' }
        @{ Name = 'mnist:latest'; Found = 'Mnist:v1' }
        @{ Name = 'mnist:v0'; Found = 'Mnist:v0' }
        @{ Name = 'mnist:V0'; Found = 'Mnist:v0' }
        @{ Name = '*:v0'; Found = 'Mnist:v0', 'resnet-50:v0' }
        @{ Name = 'm*'; Found = 'Mnist:v1' }
        @{ Name = 'm*:prod'; Found = 'Mnist:v0' }
        @{ Name = 'mnist:v*'; Found = 'Mnist:v0', 'Mnist:v1' }
        @{ Name = 'mnist:[bp]*'; Found = 'Mnist:v0', 'Mnist:v1' }
        @{ Name = '[nr]es*'; Found = 'resnet-50:v0' }
    ) {
        (Get-Artifact $Name).Reference | Should -Be $Found
    }

    It 'finds a version by its digest' {
        (Get-Artifact "mnist@$($v0.Digest)").Reference | Should -Be 'Mnist:v0'
    }

    It 'returns all versions with -AllVersions, oldest first' {
        (Get-Artifact mnist -AllVersions).Reference | Should -Be 'Mnist:v0', 'Mnist:v1'
        (Get-Artifact -AllVersions).Count | Should -Be 3
    }

    It 'filters by <Filter>' -TestCases @(
        @{ Filter = 'type'; Parameters = @{ Type = 'MODEL' }; Found = 'resnet-50:v0' }
        @{ Filter = 'tag, among all versions'; Parameters = @{ Tag = 'raw' }; Found = 'Mnist:v0', 'resnet-50:v0' }
        @{ Filter = 'alias, among all versions'; Parameters = @{ Alias = 'pro*' }; Found = 'Mnist:v0' }
        @{ Filter = 'name and tag'; Parameters = @{ Name = 'mnist'; Tag = 'raw' }; Found = 'Mnist:v0' }
        @{ Filter = 'several types with wildcards'; Parameters = @{ Type = 'MOD*', 'nothing' }; Found = 'resnet-50:v0' }
        @{ Filter = 'tag and type'; Parameters = @{ Tag = 'raw'; Type = 'dataset' }; Found = 'Mnist:v0' }
        @{ Filter = 'alias latest'; Parameters = @{ Alias = 'lat*' }; Found = 'Mnist:v1', 'resnet-50:v0' }
        @{ Filter = 'the tag of another version'; Parameters = @{ Name = 'mnist:v1'; Tag = 'raw' }; Found = $null }
        @{ Filter = 'a type of another artifact'; Parameters = @{ Name = 'mnist'; Type = 'model' }; Found = $null }
    ) {
        (Get-Artifact @Parameters).Reference | Should -Be $Found
    }

    It 'accepts names from the pipeline' {
        ('mnist:v0', 'resnet-50' | Get-Artifact).Reference | Should -Be 'Mnist:v0', 'resnet-50:v0'
        ([pscustomobject]@{ Name = 'mnist' } | Get-Artifact).Reference | Should -Be 'Mnist:v1'
    }

    It 'returns the exact version from the pipeline' {
        ($v0 | Get-Artifact).Reference | Should -Be 'Mnist:v0'
    }

    It 'reads a version from the pipeline again' {
        Set-ArtifactAlias mnist:v0 fresh
        try { ($v0 | Get-Artifact).Aliases | Should -Be fresh, prod } finally { Remove-ArtifactAlias mnist fresh }
    }

    It 'uses the store of a version from the pipeline' {
        $other = (New-ArtifactStore "$TestDrive/other").Location
        $elsewhere = New-Artifact elsewhere dataset -Store $other | Publish-Artifact -AllowEmpty

        ($elsewhere | Get-Artifact).Store | Should -Be $other
        ($v0 | Get-Artifact -Store $other).Store | Should -Be $env:ARTIFACTS_STORE
        Get-Artifact else* | Should -BeNullOrEmpty
    }

    It 'accepts versions after serialization' {
        $copy = [System.Management.Automation.PSSerializer]::Deserialize(
            [System.Management.Automation.PSSerializer]::Serialize($v0))

        $copy.Reference | Should -Be 'Mnist:v0'
        ($copy | Get-Artifact).Digest | Should -Be $v0.Digest
        ($copy | Get-ArtifactEntry).EntryPath | Should -Be a.txt
    }

    It 'returns nothing for <_> without match' -ForEach 'z*', '*:nobody', 'mnist:z*' {
        Get-Artifact $_ -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'reports <Name>, which is missing or invalid' -TestCases @(
        @{ Name = 'unknown'; Id = 'ArtifactNotFound'; Category = 'ObjectNotFound'; Says = 'unknown' }
        @{ Name = 'mnist:v7'; Id = 'ArtifactVersionNotFound'; Category = 'ObjectNotFound'; Says = 'v7' }
        @{ Name = 'mnist:nobody'; Id = 'ArtifactVersionNotFound'; Category = 'ObjectNotFound'; Says = 'Get-Artifact' }
        @{ Name = 'not a name'; Id = 'InvalidArtifactName'; Category = 'InvalidArgument'; Says = 'not a name' }
        @{ Name = 'a/b'; Id = 'InvalidArtifactName'; Category = 'InvalidArgument'; Says = 'a/b' }
        @{ Name = 'mnist@sha256:12'; Id = 'InvalidArtifactName'; Category = 'InvalidArgument'; Says = 'sha256:12' }
        @{ Name = 'mnist:a/b'; Id = 'InvalidArtifactAlias'; Category = 'InvalidArgument'; Says = 'a/b' }
    ) {
        Assert-Error { Get-Artifact $Name } $Id $Category $Name $Says
    }

    It 'reports each missing name and returns the others' {
        $found = 'unknown', 'mnist', 'mnist:v9' | Get-Artifact -ErrorVariable problems -ErrorAction SilentlyContinue

        $found.Reference | Should -Be 'Mnist:v1'
        $problems.TargetObject | Should -Be unknown, mnist:v9
        "$($problems[0])" | Should -BeLike "*$env:ARTIFACTS_STORE*"
    }

    It 'rejects an object without name' {
        $title = [pscustomobject]@{ Title = 'x' }
        Assert-Error { Get-Artifact $title } ParameterArgumentTransformationError InvalidData -ErrorText mnist:v3
    }

    It 'returns nothing for an empty store' {
        $empty = (New-ArtifactStore "$TestDrive/empty").Location

        Get-Artifact -Store $empty -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'reports a missing store' {
        { Get-Artifact -Store "$TestDrive/nowhere" -ErrorAction Stop } | Should -Throw -ErrorId 'StoreNotFound,*'
    }
}
