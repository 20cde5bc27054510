BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Remove-DistributedArtifact' {
    BeforeEach {
        $id = [IO.Path]::GetRandomFileName()
        $null = New-Artifact given-up dataset | Add-ArtifactFile (New-TestFile a.txt) | Set-DistributedArtifact -DistributedId $id
    }
    AfterEach { Get-DistributedArtifact | Remove-DistributedArtifact }

    It 'gives up what was contributed, and writes nothing' {
        Remove-DistributedArtifact given-up $id | Should -BeNullOrEmpty

        Get-DistributedArtifact given-up | Should -BeNullOrEmpty
        { Complete-DistributedArtifact given-up -DistributedId $id -ErrorAction Stop } |
            Should -Throw -ErrorId 'DistributedArtifactNotFound,*'
    }

    It 'lets contributions begin anew under the same id' {
        Remove-DistributedArtifact given-up $id
        $null = New-Artifact given-up model | Add-ArtifactFile (New-TestFile b.txt) | Set-DistributedArtifact -DistributedId $id
        $version = Complete-DistributedArtifact given-up -DistributedId $id
        $entries = Get-ArtifactEntry $version
        Remove-Artifact given-up

        $entries.Path | Should -Be b.txt
    }

    It 'takes what Get-DistributedArtifact found' {
        $null = New-Artifact other dataset | Set-DistributedArtifact -DistributedId $id
        Get-DistributedArtifact -DistributedId $id | Remove-DistributedArtifact

        Get-DistributedArtifact | Should -BeNullOrEmpty
    }

    It 'takes the group of the run as id' {
        $env:ARTIFACTS_RUN_GROUP = $id
        try { Remove-DistributedArtifact given-up }
        finally { $env:ARTIFACTS_RUN_GROUP = $null }

        Get-DistributedArtifact | Should -BeNullOrEmpty
    }

    It 'refuses what is completed, and leaves the version' {
        $null = New-Artifact kept dataset | Set-DistributedArtifact -DistributedId $id
        $null = Complete-DistributedArtifact kept -DistributedId $id
        { Remove-DistributedArtifact kept $id -ErrorAction Stop } | Should -Throw -ErrorId 'DistributedArtifactLocked,*'

        (Get-Artifact kept).Version | Should -Be v0
    }

    It 'has an error for what isn''t there, and gives up the others' {
        [pscustomobject]@{ Name = 'nosuch'; DistributedId = $id }, (Get-DistributedArtifact given-up) |
            Remove-DistributedArtifact -ErrorVariable problems -ErrorAction SilentlyContinue

        $problems.FullyQualifiedErrorId | Should -BeLike 'DistributedArtifactNotFound,*'
        Get-DistributedArtifact | Should -BeNullOrEmpty
    }

    It 'writes nothing under -WhatIf' {
        $before = Get-StoreKey
        Remove-DistributedArtifact given-up $id -WhatIf

        Get-StoreKey | Should -Be $before
    }
}
