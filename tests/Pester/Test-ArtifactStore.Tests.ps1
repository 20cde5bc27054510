BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Test-ArtifactStore' {
    BeforeEach {
        $store = (New-ArtifactStore "$TestDrive/store [$([IO.Path]::GetRandomFileName())]").Location
        $PSDefaultParameterValues['*-Artifact*:Store'] = $store
        $null = New-TestVersion model @{ 'a.txt' = 'bits that rot'; 'dir/b.txt' = 'b' }
        $null = New-TestVersion other @{ 'c.txt' = 'c' }
    }
    AfterEach { $PSDefaultParameterValues.Remove('*-Artifact*:Store') }

    It 'writes nothing when all is right' {
        Test-ArtifactStore | Should -BeNullOrEmpty
        Test-ArtifactStore -Full | Should -BeNullOrEmpty
        Test-ArtifactStore $store -Quiet | Should -BeTrue
    }

    It 'names the versions and files that damage touches, and says what to do' {
        Edit-StoredText $store 'that rot' 'that rut'

        $problem = Test-ArtifactStore -Full

        $problem.Kind | Should -Be ObjectDamaged
        $problem.Severity | Should -Be Error
        $problem.Versions | Should -Be 'model:v0'
        $problem.Paths | Should -Be 'a.txt'
        $problem.Remedy | Should -Match 'Repair-ArtifactStore'
        Test-ArtifactStore -Full -Quiet | Should -BeFalse
    }

    It 'finds a missing transaction' {
        $null = New-TestVersion model @{ 'a.txt' = '2' }
        Remove-Item -LiteralPath "$store/artifacts/model/log/000000000001.json" -Force

        $problem = Test-ArtifactStore

        $problem.Kind | Should -Be TransactionMissing
        $problem.Key | Should -Be 'artifacts/model/log/000000000001.json'
        $problem.Versions | Should -Be 'model:v1'
    }

    It 'has an error for what is no store' {
        { Test-ArtifactStore "$TestDrive/nowhere" -ErrorAction Stop } | Should -Throw -ErrorId 'StoreNotFound,*'
    }
}
