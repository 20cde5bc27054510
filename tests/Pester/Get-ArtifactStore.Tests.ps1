BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Get-ArtifactStore' {
    BeforeAll {
        $team = New-ArtifactStore "$TestDrive/team [1]"
        $null = Register-ArtifactStore team $team.Location
        $null = New-TestVersion one @{ 'a.txt' = 'a' }
        $null = New-TestVersion two @{ 'b.txt' = 'b' }
        $null = New-TestVersion two @{ 'c.txt' = 'c' }
    }

    It 'shows the registered stores and the default' {
        (Get-ArtifactStore).Location | Should -Be $team.Location, $env:ARTIFACTS_STORE
        (Get-ArtifactStore | Where-Object IsDefault).Location | Should -Be $env:ARTIFACTS_STORE
    }

    It 'counts artifacts, objects and bytes' {
        $store = Get-ArtifactStore $env:ARTIFACTS_STORE
        $files = Get-ChildItem $env:ARTIFACTS_STORE -Recurse -File

        $store.Artifacts | Should -Be 2
        $store.Objects | Should -Be @($files | Where-Object FullName -Match '[\\/]objects[\\/]').Count
        $store.Bytes | Should -Be ($files | Measure-Object Length -Sum).Sum
    }

    It 'does not count an artifact whose versions are all deleted' {
        New-Artifact gone dataset | Publish-Artifact | Remove-Artifact

        (Get-ArtifactStore $env:ARTIFACTS_STORE).Artifacts | Should -Be 2
    }

    It 'finds a store by its name, a wildcard, its location and a path on a PSDrive' {
        'team', 'TEAM', 't*', $team.Location | Get-ArtifactStore | ForEach-Object Id | Should -Be (, $team.Id * 4)
        (Get-ArtifactStore TestDrive:/store).Location | Should -Be $env:ARTIFACTS_STORE
    }

    It 'is silent for a wildcard that matches nothing' {
        Get-ArtifactStore z* -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'has an error for a location without a store that names New-ArtifactStore' {
        { Get-ArtifactStore "$TestDrive/nowhere" -ErrorAction Stop } |
            Should -Throw -ErrorId 'StoreNotFound,*' -ExpectedMessage '*New-ArtifactStore*'
    }

    It 'lists a registered store that can''t be reached, with a warning' {
        $null = New-ArtifactStore "$TestDrive/away" | Register-ArtifactStore away
        Move-Item "$TestDrive/away" "$TestDrive/elsewhere"
        $store = Get-ArtifactStore away* -WarningVariable warnings -WarningAction SilentlyContinue

        $store.Name | Should -Be away
        $store.Id | Should -BeNullOrEmpty
        $warnings.Count | Should -Be 1
        Unregister-ArtifactStore away
    }
}
