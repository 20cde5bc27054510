BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Remove-DistributedArtifact' {
    BeforeEach {
        $id = [IO.Path]::GetRandomFileName()
        $null = New-Artifact given-up dataset | Add-ArtifactFile (New-TestFile a.txt) | Set-DistributedArtifact -DistributedId $id
    }
    AfterEach { Get-DistributedArtifact | Remove-DistributedArtifact -Confirm:$false }

    It 'abandons the contributions, without output' {
        Remove-DistributedArtifact given-up $id -Confirm:$false | Should -BeNullOrEmpty

        Get-DistributedArtifact given-up | Should -BeNullOrEmpty
        { Complete-DistributedArtifact given-up -DistributedId $id -ErrorAction Stop } |
            Should -Throw -ErrorId 'DistributedArtifactNotFound,*'
    }

    It 'allows new contributions under the same id' {
        Remove-DistributedArtifact given-up $id -Confirm:$false
        $null = New-Artifact given-up model | Add-ArtifactFile (New-TestFile b.txt) | Set-DistributedArtifact -DistributedId $id
        $version = Complete-DistributedArtifact given-up -DistributedId $id
        $entries = Get-ArtifactEntry $version
        Remove-Artifact given-up:latest -Confirm:$false

        $entries.EntryPath | Should -Be b.txt
    }

    It 'accepts the output of Get-DistributedArtifact' {
        $null = New-Artifact other dataset | Set-DistributedArtifact -AllowEmpty -DistributedId $id
        Get-DistributedArtifact -DistributedId $id | Remove-DistributedArtifact -Confirm:$false

        Get-DistributedArtifact | Should -BeNullOrEmpty
    }

    It 'uses the run''s group as id' {
        $env:ARTIFACTS_RUN_GROUP = $id
        try { Remove-DistributedArtifact given-up -Confirm:$false }
        finally { $env:ARTIFACTS_RUN_GROUP = $null }

        Get-DistributedArtifact | Should -BeNullOrEmpty
    }

    It 'rejects a completed one and keeps the version' {
        $null = New-Artifact kept dataset | Set-DistributedArtifact -AllowEmpty -DistributedId $id
        $null = Complete-DistributedArtifact kept -DistributedId $id
        Assert-Error { Remove-DistributedArtifact kept $id -Confirm:$false } DistributedArtifactLocked InvalidOperation kept

        (Get-Artifact kept).Version | Should -Be v0
    }

    It 'requires an id or a group' {
        $before = Get-StoreKey
        Assert-Error { Remove-DistributedArtifact given-up -Confirm:$false } DistributedIdMissing InvalidArgument given-up

        Get-StoreKey | Should -Be $before
    }

    It 'reports a missing id' {
        Assert-Error { Remove-DistributedArtifact given-up no -Confirm:$false } DistributedArtifactNotFound ObjectNotFound given-up
    }

    It 'reports a missing one and abandons the others' {
        [pscustomobject]@{ Name = 'nosuch'; DistributedId = $id }, (Get-DistributedArtifact given-up) |
            Remove-DistributedArtifact -ErrorVariable problems -ErrorAction SilentlyContinue -Confirm:$false

        $problems.FullyQualifiedErrorId | Should -BeLike 'DistributedArtifactNotFound,*'
        Get-DistributedArtifact | Should -BeNullOrEmpty
    }

    It 'changes nothing under -WhatIf' {
        $before = Get-StoreKey
        Remove-DistributedArtifact given-up $id -WhatIf

        Get-StoreKey | Should -Be $before
    }
}
