BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Get-Artifact' {
    BeforeAll {
        $v0 = New-TestVersion Mnist @{ 'a.txt' = 'a' } -Publish @{ Alias = 'prod'; Tag = 'raw' }
        $v1 = New-TestVersion Mnist @{ 'a.txt' = 'b' } -Publish @{ Alias = 'beta'; Tag = 'clean' }
        $model = New-Artifact resnet-50 model | Publish-Artifact -Tag raw
    }

    It 'writes the latest version of each artifact, sorted by name' {
        (Get-Artifact).Reference | Should -Be 'Mnist:v1', 'resnet-50:v0'
    }

    It 'says of a version what it is' {
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

    It 'writes all versions with -AllVersions, oldest first' {
        (Get-Artifact mnist -AllVersions).Reference | Should -Be 'Mnist:v0', 'Mnist:v1'
        (Get-Artifact -AllVersions).Count | Should -Be 3
    }

    It 'chooses by <Filter>' -TestCases @(
        @{ Filter = 'type'; Parameters = @{ Type = 'MODEL' }; Found = 'resnet-50:v0' }
        @{ Filter = 'tag, among all versions'; Parameters = @{ Tag = 'raw' }; Found = 'Mnist:v0', 'resnet-50:v0' }
        @{ Filter = 'alias, among all versions'; Parameters = @{ Alias = 'pro*' }; Found = 'Mnist:v0' }
        @{ Filter = 'name and tag'; Parameters = @{ Name = 'mnist'; Tag = 'raw' }; Found = 'Mnist:v0' }
    ) {
        (Get-Artifact @Parameters).Reference | Should -Be $Found
    }

    It 'looks up names that come down the pipeline' {
        ('mnist:v0', 'resnet-50' | Get-Artifact).Reference | Should -Be 'Mnist:v0', 'resnet-50:v0'
        ([pscustomobject]@{ Name = 'mnist' } | Get-Artifact).Reference | Should -Be 'Mnist:v1'
    }

    It 'means exactly the version that comes down the pipeline' {
        ($v0 | Get-Artifact).Reference | Should -Be 'Mnist:v0'
    }

    It 'means the store of the version that comes down the pipeline' {
        $other = (New-ArtifactStore "$TestDrive/other").Location
        $elsewhere = New-Artifact elsewhere dataset -Store $other | Publish-Artifact

        ($elsewhere | Get-Artifact).Store | Should -Be $other
        Get-Artifact else* | Should -BeNullOrEmpty
    }

    It 'survives being written out and read in again' {
        $copy = [System.Management.Automation.PSSerializer]::Deserialize(
            [System.Management.Automation.PSSerializer]::Serialize($v0))

        $copy.Reference | Should -Be 'Mnist:v0'
        ($copy | Get-Artifact).Digest | Should -Be $v0.Digest
    }

    It 'is silent for <_>, which matches nothing' -ForEach 'z*', '*:nobody', 'mnist:z*' {
        Get-Artifact $_ -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'has an error for <Name>' -TestCases @(
        @{ Name = 'unknown'; Id = 'ArtifactNotFound,*' }
        @{ Name = 'mnist:v7'; Id = 'ArtifactVersionNotFound,*' }
        @{ Name = 'mnist:nobody'; Id = 'ArtifactVersionNotFound,*' }
        @{ Name = 'not a name'; Id = 'InvalidArtifactName,*' }
    ) {
        { Get-Artifact $Name -ErrorAction Stop } | Should -Throw -ErrorId $Id
    }

    It 'goes on after an error, whose target is the user''s own item' {
        $found = 'unknown', 'mnist' | Get-Artifact -ErrorVariable problems -ErrorAction SilentlyContinue

        $found.Reference | Should -Be 'Mnist:v1'
        $problems[0].TargetObject | Should -Be unknown
        $problems[0].CategoryInfo.Category | Should -Be ObjectNotFound
    }

    It 'has an error where there is no store' {
        { Get-Artifact -Store "$TestDrive/nowhere" -ErrorAction Stop } | Should -Throw -ErrorId 'StoreNotFound,*'
    }
}
