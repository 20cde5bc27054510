BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Test-ArtifactStore' {
    BeforeEach {
        $store = (New-ArtifactStore "$TestDrive/store [$([IO.Path]::GetRandomFileName())]").Location
        $PSDefaultParameterValues['*-Artifact*:Store'] = $store
        $null = New-TestVersion model @{ 'a.txt' = 'bits that rot'; 'dir/b.txt' = 'b' }
        $null = New-TestVersion other @{ 'c.txt' = 'not touched' }
    }
    AfterEach { $PSDefaultParameterValues.Remove('*-Artifact*:Store') }

    It 'returns nothing for an intact store' {
        Test-ArtifactStore | Should -BeNullOrEmpty
        Test-ArtifactStore -Full | Should -BeNullOrEmpty
        Test-ArtifactStore $store -Quiet | Should -BeTrue
    }

    It 'reports affected versions and files with a remedy' {
        $null = New-TestVersion model @{ 'a.txt' = 'bits that rot'; 'dir/b.txt' = 'changed' }
        Edit-StoredText $store 'that rot' 'that rut'
        Test-ArtifactStore | Should -BeNullOrEmpty

        $problem = Test-ArtifactStore -Full

        $problem.GetType().Name | Should -Be StoreProblem
        $problem.Key | Should -Match '^objects/../[0-9a-f]{64}$'
        $problem.PathCount | Should -Be 1
        $problem.Store | Should -Be $store
        $problem | Out-String -Width 200 | Should -Match 'Error +ObjectDamaged +model:v0, model:v1'
        $problem.Kind | Should -Be ObjectDamaged
        $problem.Severity | Should -Be Error
        $problem.Versions | Should -Be model:v0, model:v1
        $problem.Paths | Should -Be 'a.txt'
        $problem.Remedy | Should -Match 'Repair-ArtifactStore'
        Test-ArtifactStore -Full -Quiet | Should -BeFalse
    }

    It 'reports a missing transaction' {
        $null = New-TestVersion model @{ 'a.txt' = '2' }
        Remove-Item -LiteralPath "$store/artifacts/model/log/000000000001.json" -Force

        $problem = Test-ArtifactStore

        $problem.Kind | Should -Be TransactionMissing
        $problem.Key | Should -Be 'artifacts/model/log/000000000001.json'
        $problem.Versions | Should -Be 'model:v1'
    }

    It 'reports a missing object without reading content' {
        Get-ChildItem -LiteralPath "$store/objects" -Recurse -File |
            Where-Object { [IO.File]::ReadAllText($_.FullName).Contains('not touched') } | Remove-Item -Force
        $problem = Test-ArtifactStore

        $problem.Kind | Should -Be ObjectMissing
        $problem.Versions | Should -Be other:v0
    }

    It 'reports a missing store and tests the others' {
        $PSDefaultParameterValues.Remove('*-Artifact*:Store')
        $results = "$TestDrive/nowhere", $store | Test-ArtifactStore -Quiet -ErrorVariable problems -ErrorAction SilentlyContinue

        $results | Should -Be $true
        $problems.FullyQualifiedErrorId | Should -BeLike 'StoreNotFound,*'
        $problems[0].TargetObject | Should -Be "$TestDrive/nowhere"
        $problems[0].CategoryInfo.Category | Should -Be ObjectNotFound
        "$($problems[0])" | Should -BeLike '*New-ArtifactStore*'
        Get-ArtifactStore $store | Test-ArtifactStore -Quiet | Should -BeTrue
    }
}
