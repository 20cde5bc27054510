BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Register-ArtifactStore' {
    BeforeAll { $location = (New-ArtifactStore "$TestDrive/shared store 日本").Location }

    It 'gives a store a name, ignoring case' {
        $store = Register-ArtifactStore team $location
        $version = New-Artifact named dataset -Store team | Publish-Artifact -AllowEmpty

        $store.Name | Should -Be team
        $store.Location | Should -Be $location
        $version.Store | Should -Be $location
        (Get-Artifact named -Store TEAM).Reference | Should -Be 'named:v0'
        $store.Artifacts | Should -Be 0
        (Get-ArtifactStore TE*).Name | Should -Be team
    }

    It 'registers the store for other processes' {
        $null = Register-ArtifactStore lasting $location
        $other = [powershell]::Create()
        try {
            $null = $other.AddCommand('Import-Module').AddArgument((Get-Module Artifacts).Path).AddStatement()
            $null = $other.AddCommand('Get-ArtifactStore').AddArgument('lasting')
            $other.Invoke().Location | Should -Be $location
        }
        finally { $other.Dispose() }
    }

    It 'sets the default store with -Default' {
        $null = Register-ArtifactStore main $location -Default

        (New-Artifact anywhere dataset).Store | Should -Be $location
        (Get-ArtifactStore main).IsDefault | Should -BeTrue
        Unregister-ArtifactStore main
    }

    It 'registers full paths' {
        Push-Location TestDrive:/
        try { $relative = Register-ArtifactStore relative './shared store 日本' } finally { Pop-Location }

        $relative.Location | Should -Be $location
        (Register-ArtifactStore drive 'TestDrive:/shared store 日本').Location | Should -Be $location
    }

    It 'replaces the store of the same name only with -Force' {
        $null = Register-ArtifactStore moved $env:ARTIFACTS_STORE
        Assert-Error { Register-ArtifactStore Moved $location } StoreNameInUse ResourceExists Moved $env:ARTIFACTS_STORE, '-Force'
        @(Get-ArtifactStore moved*).Location | Should -Be $env:ARTIFACTS_STORE
        $null = Register-ArtifactStore Moved $location -Force

        @(Get-ArtifactStore moved*).Location | Should -Be $location
    }

    It 'registers the same store again' {
        $null = Register-ArtifactStore again $location
        (Register-ArtifactStore again $location).Location | Should -Be $location
    }

    It 'makes a registered store the default by its name' {
        $null = Register-ArtifactStore byname $location
        (Register-ArtifactStore byname -Default).Location | Should -Be $location

        (New-Artifact anywhere dataset).Store | Should -Be $location
        Unregister-ArtifactStore byname
    }

    It 'rejects an unknown name without location' {
        Assert-Error { Register-ArtifactStore unknown -Default } StoreNotRegistered ObjectNotFound unknown Get-ArtifactStore
    }

    It 'accepts stores from the pipeline' {
        (Get-ArtifactStore $location | Register-ArtifactStore piped).Location | Should -Be $location
    }

    It 'rejects a location without store' {
        Assert-Error { Register-ArtifactStore nothing "$TestDrive/nowhere" } StoreNotFound ObjectNotFound nothing nowhere, New-ArtifactStore

        Get-ArtifactStore noth* | Should -BeNullOrEmpty
    }

    It 'precedes ARTIFACTS_STORE, which precedes the user''s folder' -Skip:($IsWindows -or $PSEdition -eq 'Desktop') {
        $data, $default = $env:XDG_DATA_HOME, $env:ARTIFACTS_STORE
        $env:XDG_DATA_HOME = "$TestDrive/data"
        $null = Register-ArtifactStore first $location -Default
        try {
            (New-Artifact a dataset).Store | Should -Be $location
            (Get-ArtifactStore first).IsDefault | Should -BeTrue
            Unregister-ArtifactStore first
            (New-Artifact a dataset).Store | Should -Be $default
            $env:ARTIFACTS_STORE = $null
            "$TestDrive/data/ArtifactStore" | Should -Not -Exist
            (New-Artifact a dataset | Publish-Artifact -AllowEmpty).Store | Should -Be "$TestDrive/data/ArtifactStore"
            "$TestDrive/data/ArtifactStore/store.json" | Should -Exist
        }
        finally { $env:XDG_DATA_HOME, $env:ARTIFACTS_STORE = $data, $default }
    }

    It "rejects the name '<_>'" -ForEach 'a/b', '-x', 'x.', 's3://bucket', '.hidden', 'größe', ('x' * 65) {
        Assert-Error { Register-ArtifactStore -Name $_ -Location $location } InvalidStoreName InvalidArgument $_ $_
    }

    It 'registers nothing under -WhatIf' {
        Register-ArtifactStore whatif $location -Default -WhatIf | Should -BeNullOrEmpty

        Get-ArtifactStore what* | Should -BeNullOrEmpty
        (New-Artifact anywhere dataset).Store | Should -Be $env:ARTIFACTS_STORE
    }

    It 'reports a credential that no vault has' {
        Assert-Error { Register-ArtifactStore lab s3://bucket/lab -CredentialSecret vault/lab } CredentialSecretUnavailable ResourceUnavailable lab 'Get-Secret'
        Assert-Error { Register-ArtifactStore folder $env:ARTIFACTS_STORE -CredentialSecret lab } InvalidStoreLocation InvalidArgument -ErrorText 'takes no -CredentialSecret'
    }
}
