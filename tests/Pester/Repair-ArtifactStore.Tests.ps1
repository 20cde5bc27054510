BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Repair-ArtifactStore' {
    BeforeEach {
        $store = (New-ArtifactStore "$TestDrive/store [$([IO.Path]::GetRandomFileName())]").Location
        $PSDefaultParameterValues['*-Artifact*:Store'] = $store
        $null = New-TestVersion model @{ 'a.txt' = 'bits that rot'; 'dir/b.txt' = 'b' }
    }
    AfterEach { $PSDefaultParameterValues.Remove('*-Artifact*:Store') }

    It 'changes nothing in an intact store' {
        $before = Get-StoreKey $store
        Repair-ArtifactStore -Full | Should -BeNullOrEmpty

        Get-StoreKey $store | Should -Be $before
    }

    It 'keeps intact content and heals by publishing again' {
        Edit-StoredText $store 'that rot' 'that rut'
        (Repair-ArtifactStore -Full).Kind | Should -Be ObjectDamaged

        Get-ArtifactContent model dir/b.txt | Should -Be b
        $null = New-TestVersion model @{ 'a.txt' = 'bits that rot'; 'dir/b.txt' = 'b' }

        Test-ArtifactStore -Full | Should -BeNullOrEmpty
        Get-ArtifactContent model:v0 a.txt | Should -Be 'bits that rot'
        (Get-ArtifactHistory model).Actions | Should -Contain 'relocated v0'
    }

    It 'heals an older version by publishing again' {
        $null = New-TestVersion model @{ 'a.txt' = 'bits that rot'; 'dir/b.txt' = 'changed' }
        Edit-StoredText $store 'that rot' 'that rut'
        $null = Repair-ArtifactStore -Full
        $null = New-TestVersion model @{ 'a.txt' = 'bits that rot'; 'dir/b.txt' = 'b' }

        Test-ArtifactStore -Full | Should -BeNullOrEmpty
        Get-ArtifactContent model:v1 a.txt | Should -Be 'bits that rot'
    }

    It 'warns about problems it cannot repair' {
        $null = New-TestVersion model @{ 'a.txt' = 'second' }
        Remove-Item -LiteralPath "$store/artifacts/model/log/000000000001.json" -Force
        Repair-ArtifactStore -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty

        $warnings.Count | Should -Be 1
        $warnings | Should -BeLike '*1*model*'
    }

    It 'restores a damaged store record' {
        Remove-Item -LiteralPath "$store/store.json" -Force
        [IO.File]::WriteAllText("$store/store.json", '{}')

        (Test-ArtifactStore).Kind | Should -Be StoreRecordDamaged
        (Repair-ArtifactStore).Key | Should -Be store.json
        Test-ArtifactStore -Full | Should -BeNullOrEmpty
        (Get-Artifact model).Reference | Should -Be model:v0
    }

    It 'changes nothing under -WhatIf' {
        Edit-StoredText $store 'that rot' 'that rut'
        $before = Get-StoreKey $store

        $null = Repair-ArtifactStore -Full -WhatIf

        Get-StoreKey $store | Should -Be $before
    }
}
