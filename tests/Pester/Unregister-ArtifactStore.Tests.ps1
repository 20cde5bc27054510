BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Unregister-ArtifactStore' {
    BeforeEach {
        $location = $env:ARTIFACTS_STORE
        $null = Register-ArtifactStore team $location
        $null = Register-ArtifactStore archive $location
    }

    It 'removes the registration but not the store' {
        $before = Get-StoreKey
        Unregister-ArtifactStore Team | Should -BeNullOrEmpty

        Get-ArtifactStore team* | Should -BeNullOrEmpty
        Get-StoreKey | Should -Be $before
        { Get-Artifact -Store team -ErrorAction Stop } | Should -Throw -ErrorId 'StoreNotFound,*'
    }

    It 'removes the default' {
        $other = (New-ArtifactStore "$TestDrive/other").Location
        $null = Register-ArtifactStore other $other -Default
        (New-Artifact a dataset).Store | Should -Be $other
        Unregister-ArtifactStore other

        (New-Artifact a dataset).Store | Should -Be $location
    }

    It 'accepts stores from the pipeline' {
        Get-ArtifactStore team, archive | Unregister-ArtifactStore

        Get-ArtifactStore -Name * | Should -BeNullOrEmpty
    }

    It 'reports an unknown name and unregisters the others' {
        Unregister-ArtifactStore unknown, team -ErrorVariable problems -ErrorAction SilentlyContinue

        (Get-ArtifactStore *).Name | Should -Be archive
        $problems.FullyQualifiedErrorId | Should -BeLike 'StoreNotRegistered,*'
        $problems.TargetObject | Should -Be unknown
        $problems[0].CategoryInfo.Category | Should -Be ObjectNotFound
        "$($problems[0])" | Should -BeLike '*unknown*Get-ArtifactStore*'
    }

    It 'unregisters nothing under -WhatIf' {
        Unregister-ArtifactStore team -WhatIf

        (Get-ArtifactStore team).Location | Should -Be $location
    }
}
