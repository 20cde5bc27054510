BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Optimize-ArtifactStore' {
    BeforeEach {
        $store = (New-ArtifactStore "$TestDrive/store [$([IO.Path]::GetRandomFileName())]").Location
        $PSDefaultParameterValues['*-Artifact*:Store'] = $store
        $null = New-TestVersion model @{ 'a.txt' = 'first' }
        $null = New-TestVersion model @{ 'a.txt' = 'second' }

        function Get-Object { Get-ChildItem -LiteralPath "$store/objects" -Recurse -File }
        function Set-ObjectAge([int] $Days) {
            foreach ($object in Get-Object) {
                $object.IsReadOnly = $false
                $object.LastWriteTimeUtc = [DateTime]::UtcNow.AddDays(-$Days)
            }
        }
    }
    AfterEach { $PSDefaultParameterValues.Remove('*-Artifact*:Store') }

    It 'leaves alone what is needed, and what is young' {
        Set-ObjectAge 2
        Optimize-ArtifactStore | Should -BeNullOrEmpty
        Set-ObjectAge 0
        Remove-Artifact model:v0
        Optimize-ArtifactStore | Should -BeNullOrEmpty
    }

    It 'deletes what nothing needs, and says how much' {
        Set-ObjectAge 2
        Remove-Artifact model:v0

        $cleanup = Optimize-ArtifactStore $store

        $cleanup.Kind | Should -Be Objects
        $cleanup.Count | Should -Be 1
        $cleanup.Bytes | Should -BeGreaterThan 0
        @(Get-Object).Count | Should -Be 1
        Test-ArtifactStore -Full -Quiet | Should -BeTrue
    }

    It 'takes another grace period' {
        Set-ObjectAge 2
        Remove-Artifact model:v0
        Optimize-ArtifactStore -GracePeriod 3.00:00 | Should -BeNullOrEmpty
        (Optimize-ArtifactStore -GracePeriod 1.00:00).Count | Should -Be 1
    }

    It 'deletes nothing under -WhatIf' {
        Set-ObjectAge 2
        Remove-Artifact model:v0
        Optimize-ArtifactStore -WhatIf | Should -BeNullOrEmpty
        @(Get-Object).Count | Should -Be 2
    }

    It 'stores anew with -Repack what is needed of a pack' {
        $null = New-TestVersion packed @{ 'big.txt' = 'x' * 9000; 'small.txt' = 'small' }
        $null = New-ArtifactDraft packed | Remove-ArtifactEntry big.txt | Publish-Artifact
        Remove-Artifact packed:v0
        (Optimize-ArtifactStore -Repack).Kind | Should -Be RewrittenPacks
        Get-ArtifactContent packed small.txt | Should -Be small
        (Get-ArtifactHistory packed).Actions | Should -Contain 'relocated v1'
    }

    It 'has an error for a damaged store, and deletes nothing' {
        Remove-Item -LiteralPath "$store/artifacts/model/log/000000000001.json" -Force
        { Optimize-ArtifactStore -ErrorAction Stop } | Should -Throw -ErrorId 'StoreDamaged,*'
    }
}
