BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Unregister-ArtifactStore' {
    BeforeEach {
        $location = $env:ARTIFACTS_STORE
        $null = Register-ArtifactStore team $location
        $null = Register-ArtifactStore archive $location
    }

    It 'forgets the name, and leaves the store as it is' {
        $before = Get-StoreKey
        Unregister-ArtifactStore Team | Should -BeNullOrEmpty

        Get-ArtifactStore team* | Should -BeNullOrEmpty
        Get-StoreKey | Should -Be $before
        { Get-Artifact -Store team -ErrorAction Stop } | Should -Throw -ErrorId 'StoreNotFound,*'
    }

    It 'makes it the default no more' {
        $other = (New-ArtifactStore "$TestDrive/other").Location
        $null = Register-ArtifactStore other $other -Default
        (New-Artifact a dataset).Store | Should -Be $other
        Unregister-ArtifactStore other

        (New-Artifact a dataset).Store | Should -Be $location
    }

    It 'takes stores down the pipeline' {
        Get-ArtifactStore team, archive | Unregister-ArtifactStore

        Get-ArtifactStore -Name * | Should -BeNullOrEmpty
    }

    It 'has an error for an unknown name, and forgets the others' {
        Unregister-ArtifactStore unknown, team -ErrorVariable problems -ErrorAction SilentlyContinue

        (Get-ArtifactStore *).Name | Should -Be archive
        $problems.FullyQualifiedErrorId | Should -BeLike 'StoreNotRegistered,*'
        $problems.TargetObject | Should -Be unknown
    }

    It 'forgets nothing under -WhatIf' {
        Unregister-ArtifactStore team -WhatIf

        (Get-ArtifactStore team).Location | Should -Be $location
    }
}
