BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Register-ArtifactStore' {
    BeforeAll { $location = (New-ArtifactStore "$TestDrive/shared store 日本").Location }

    It 'gives a store a name by which every command knows it' {
        $store = Register-ArtifactStore team $location
        $version = New-Artifact named dataset -Store team | Publish-Artifact

        $store.Name | Should -Be team
        $store.Location | Should -Be $location
        $version.Store | Should -Be $location
        (Get-Artifact named -Store TEAM).Reference | Should -Be 'named:v0'
    }

    It 'remembers it for other processes' {
        $null = Register-ArtifactStore lasting $location
        $other = [powershell]::Create()
        try {
            $null = $other.AddCommand('Import-Module').AddArgument((Get-Module Artifacts).Path).AddStatement()
            $null = $other.AddCommand('Get-ArtifactStore').AddArgument('lasting')
            $other.Invoke().Location | Should -Be $location
        }
        finally { $other.Dispose() }
    }

    It 'makes it the store that commands use when none is named, with -Default' {
        $null = Register-ArtifactStore main $location -Default

        (New-Artifact anywhere dataset).Store | Should -Be $location
        (Get-ArtifactStore main).IsDefault | Should -BeTrue
        Unregister-ArtifactStore main
    }

    It 'remembers a relative path, and one on a PSDrive, in full' {
        Push-Location TestDrive:/
        try { $relative = Register-ArtifactStore relative './shared store 日本' } finally { Pop-Location }

        $relative.Location | Should -Be $location
        (Register-ArtifactStore drive 'TestDrive:/shared store 日本').Location | Should -Be $location
    }

    It 'forgets the store that had the name before' {
        $null = Register-ArtifactStore moved $env:ARTIFACTS_STORE
        $null = Register-ArtifactStore Moved $location

        @(Get-ArtifactStore moved*).Location | Should -Be $location
    }

    It 'takes stores down the pipeline' {
        (Get-ArtifactStore $location | Register-ArtifactStore piped).Location | Should -Be $location
    }

    It 'refuses a location without a store, and remembers nothing' {
        { Register-ArtifactStore nothing "$TestDrive/nowhere" -ErrorAction Stop } |
            Should -Throw -ErrorId 'StoreNotFound,*' -ExpectedMessage '*New-ArtifactStore*'

        Get-ArtifactStore noth* | Should -BeNullOrEmpty
    }

    It "refuses the name '<_>'" -ForEach 'a/b', '.hidden', 'größe', ('x' * 65) {
        { Register-ArtifactStore $_ $location -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidStoreName,*'
    }

    It 'remembers nothing under -WhatIf' {
        Register-ArtifactStore whatif $location -Default -WhatIf | Should -BeNullOrEmpty

        Get-ArtifactStore what* | Should -BeNullOrEmpty
        (New-Artifact anywhere dataset).Store | Should -Be $env:ARTIFACTS_STORE
    }
}
