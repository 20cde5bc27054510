BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Repair-ArtifactStore' {
    BeforeEach {
        $store = (New-ArtifactStore "$TestDrive/store [$([IO.Path]::GetRandomFileName())]").Location
        $PSDefaultParameterValues['*-Artifact*:Store'] = $store
        $null = New-TestVersion model @{ 'a.txt' = 'bits that rot'; 'dir/b.txt' = 'b' }
    }
    AfterEach { $PSDefaultParameterValues.Remove('*-Artifact*:Store') }

    It 'does nothing when all is right' {
        Repair-ArtifactStore -Full | Should -BeNullOrEmpty
    }

    It 'keeps what is whole, and adding the files again heals' {
        Edit-StoredText $store 'that rot' 'that rut'
        (Repair-ArtifactStore -Full).Kind | Should -Be ObjectDamaged

        Get-ArtifactContent model dir/b.txt | Should -Be b
        $null = New-TestVersion model @{ 'a.txt' = 'bits that rot'; 'dir/b.txt' = 'b' }

        Test-ArtifactStore -Full | Should -BeNullOrEmpty
        Get-ArtifactContent model:v0 a.txt | Should -Be 'bits that rot'
    }

    It 'changes nothing under -WhatIf' {
        Edit-StoredText $store 'that rot' 'that rut'
        $before = Get-ChildItem -LiteralPath $store -Recurse -File | ForEach-Object FullName | Sort-Object

        $null = Repair-ArtifactStore -Full -WhatIf

        Get-ChildItem -LiteralPath $store -Recurse -File | ForEach-Object FullName | Sort-Object | Should -Be $before
    }
}
