BeforeAll {
    . $PSScriptRoot/TestSetup.ps1
    $null = New-Artifact Alpha dataset | Add-ArtifactFile (New-TestFile a.txt) | Set-DistributedArtifact -DistributedId first -Contributor one
    $null = New-Artifact Alpha dataset | Add-ArtifactFile (New-TestFile b.txt) | Set-DistributedArtifact -DistributedId first -Contributor two
    $null = New-Artifact Alpha dataset | Set-DistributedArtifact -AllowEmpty -DistributedId second
    $null = New-TestVersion beta @{ 'a.txt' = 'a' }
    $null = New-ArtifactDraft beta | Add-ArtifactFile (New-TestFile b.txt) | Set-DistributedArtifact -DistributedId third
    $null = New-Artifact done dataset | Add-ArtifactFile (New-TestFile a.txt) | Set-DistributedArtifact -DistributedId over
    $null = Complete-DistributedArtifact done -DistributedId over
}
AfterAll { Restore-Environment }

Describe 'Get-DistributedArtifact' {
    It 'returns open ones with their contributions' {
        $open = Get-DistributedArtifact

        $open.DistributedId | Should -Be first, second, third
        $open.Status | Select-Object -Unique | Should -Be Open
        $open[0].Name | Should -Be alpha
        $open[0].Type | Should -Be dataset
        $open[0].Contributions.Contributor | Should -Be one, two
        $open[0].Contributions.Number | Should -Be 1, 2
        $open[0].Version | Should -BeNullOrEmpty
        $open[0].Store | Should -Be $env:ARTIFACTS_STORE
        $open[2].BaseVersion | Should -Be beta:v0
    }

    It 'finds <Arguments>' -TestCases @(
        @{ Arguments = 'ALPHA'; Found = 'first', 'second' }
        @{ Arguments = 'a*'; Found = 'first', 'second' }
        @{ Arguments = 'alpha, beta'; Found = 'first', 'second', 'third' }
        @{ Arguments = 'AL* f*'; Found = 'first' }
        @{ Arguments = '* *d'; Found = 'second', 'third' }
        @{ Arguments = '-DistributedId FIRST'; Found = 'first' }
        @{ Arguments = 'beta third'; Found = 'third' }
    ) {
        (Invoke-Expression "Get-DistributedArtifact $Arguments").DistributedId | Should -Be $Found
    }

    It 'accepts names from the pipeline' {
        ('beta', 'alpha' | Get-DistributedArtifact).DistributedId | Should -Be third, first, second
    }

    It 'returns completed ones with -IncludeCompleted or by id' {
        (Get-DistributedArtifact -IncludeCompleted).DistributedId | Should -Be first, second, third, over
        $over = Get-DistributedArtifact done over

        $over.Status | Should -Be Completed
        $over.Version | Should -Be done:v0
    }

    It 'returns nothing without match' {
        Get-DistributedArtifact nosuch | Should -BeNullOrEmpty
        Get-DistributedArtifact nosuch* x* | Should -BeNullOrEmpty
        Get-DistributedArtifact done | Should -BeNullOrEmpty
    }

    It 'reports a missing id' {
        Assert-Error { Get-DistributedArtifact alpha nosuch } DistributedArtifactNotFound ObjectNotFound alpha
    }

    It 'reports an invalid name and returns the others' {
        $found = 'a/b', 'beta' | Get-DistributedArtifact -ErrorVariable problems -ErrorAction SilentlyContinue

        $found.DistributedId | Should -Be third
        $problems.FullyQualifiedErrorId | Should -BeLike 'InvalidArtifactName,*'
    }

    It 'is displayed as a table' {
        Get-DistributedArtifact -IncludeCompleted | Out-String -Width 200 |
            Should -Match '(?s)alpha\s+first\s+Open\s+2\s.*beta\s+third\s+Open\s+beta:v0\s+1\s.*done\s+over\s+Completed\s+1\s+done:v0'
    }
}
