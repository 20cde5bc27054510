# The life of an artifact in a bucket. The places are named by the environment: empty ones, with who may write there in the
# services' own variables. Without them the tests are skipped.
BeforeDiscovery {
    $places = @(
        @{ Service = 'S3'; Variable = 'ARTIFACTS_TEST_S3'; Example = 's3://bucket/empty?endpoint=http://127.0.0.1:7480' }
        @{ Service = 'Azure Blob Storage'; Variable = 'ARTIFACTS_TEST_AZURE'; Example = 'az://account/container/empty' }
    )
}

BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'A store in a bucket of <service>' -ForEach $places {
    BeforeAll {
        $location = [Environment]::GetEnvironmentVariable($Variable)
        if ($location) {
            $null = New-ArtifactStore $location
            $address, $query = $location -split '\?', 2
            $options = @{ partSize = 6 }
            foreach ($pair in $query -split '&' -ne '') {
                $name, $value = $pair -split '=', 2
                $options[$name] = $value
            }
            $store = Register-ArtifactStore bucket $address -Option $options
            $PSDefaultParameterValues['*-*Artifact*:Store'] = 'bucket'
            $null = New-TestVersion data @{ 'a.txt' = 'one'; 'b/c [1].txt' = 'two' }
        }
    }
    BeforeEach {
        if (-not $location) {
            Set-ItResult -Skipped -Because "$Variable names no empty place, such as $Example"
        }
    }
    AfterAll {
        $PSDefaultParameterValues.Remove('*-*Artifact*:Store')
        if ($location) { Unregister-ArtifactStore bucket }
    }

    It 'is registered with its options' {
        $store.Location | Should -BeLike "$address*partSize=6*"
        (Get-ArtifactStore bucket).Artifacts | Should -Be 1
    }

    It 'is empty no more once something is published, and can be made again unharmed' {
        (New-ArtifactStore $store.Location).Location | Should -Be $store.Location
        (Get-Artifact).Reference | Should -Contain 'data:v0'
    }

    It 'gives back what was published' {
        $version = Get-Artifact data
        $version.FileCount | Should -Be 2
        ($version | Get-ArtifactEntry).EntryPath | Should -Be 'a.txt', 'b/c [1].txt'
        $version | Get-ArtifactContent -LiteralPath 'b/c [1].txt' | Should -Be two
        $null = Save-Artifact data "$TestDrive/$Service/out"
        [IO.File]::ReadAllText("$TestDrive/$Service/out/b/c [1].txt") | Should -Be two
        Test-Artifact data -Path "$TestDrive/$Service/out" -Quiet | Should -BeTrue
    }

    It 'has objects that references name and restore' {
        $version = New-Artifact refs dataset | Add-ArtifactReference "$address/objects/" -Name all | Publish-Artifact

        $entries = @($version | Get-ArtifactEntry)
        $entries.Count | Should -BeGreaterThan 0
        $entries.ETag | Should -Not -BeNullOrEmpty
        ($version | Get-ArtifactEntry -Path $entries[0].EntryPath).Uri | Should -BeLike "$address/objects/*"
        $null = Save-Artifact refs "$TestDrive/$Service/refs"
        foreach ($file in Get-ChildItem "$TestDrive/$Service/refs" -Recurse -File) {
            # Objects are named by their digests.
            (Get-FileHash $file.FullName).Hash | Should -Be $file.Name
        }
        $version | Test-Artifact -Quiet | Should -BeTrue
        Remove-Artifact refs:v0 -Confirm:$false
    }

    It 'has the content of links in another store' {
        $registry = (New-ArtifactStore (Join-Path $TestDrive "$Service/registry")).Location
        $link = Add-ArtifactLink data churn -Destination $registry

        $link.Source, $link.SourceStore | Should -Be data:v0, $store.Location
        Get-ArtifactContent $link a.txt | Should -Be one
        $link | Test-Artifact -Quiet | Should -BeTrue
        Assert-Error { Remove-Artifact data:v0 -Confirm:$false } ArtifactLinked ResourceBusy 'data:v0' $registry
        Remove-ArtifactLink $link
        (Get-Artifact data).Links | Should -BeNullOrEmpty
    }

    It 'takes equal content for the same version' {
        $again = New-TestVersion data @{ 'a.txt' = 'one'; 'b/c [1].txt' = 'two' }
        $again.Reference | Should -Be 'data:v0'
        $again.Deduplicated | Should -BeTrue
    }

    It 'keeps several versions, their aliases and their history' {
        $null = New-TestVersion aliased @{ 'a.txt' = 'one' }
        $null = New-ArtifactDraft aliased | Add-ArtifactObject -InputObject 2 -Name n.json | Publish-Artifact -Alias prod
        (Get-Artifact aliased:prod).Version | Should -Be v1
        Set-ArtifactAlias aliased:v0 prod
        (Get-Artifact aliased:prod).Version | Should -Be v0
        (Compare-Artifact aliased:v0 aliased:v1).EntryPath | Should -Be n.json
        @(Get-ArtifactHistory aliased).Count | Should -Be 3
    }

    It 'takes a version that several writers make' {
        foreach ($writer in 'one', 'two') {
            $draft = New-Artifact shared dataset
            Add-ArtifactObject -InputObject $writer -Name "$writer.json" -Artifact $draft
            $null = Set-DistributedArtifact $draft -DistributedId together -Contributor $writer
        }
        $version = Complete-DistributedArtifact -Name shared -Type dataset -DistributedId together
        ($version | Get-ArtifactEntry).EntryPath | Should -Be 'one.json', 'two.json'
    }

    It 'gives copies to a folder, and takes them' {
        $folder = (New-ArtifactStore "$TestDrive/$Service/folder").Location
        $copy = Copy-Artifact data $folder
        $copy.Store | Should -Be $folder
        $copy.Digest | Should -Be (Get-Artifact data).Digest
        (Copy-Artifact data bucket -Store $folder).Deduplicated | Should -BeTrue
    }

    It 'writes nothing under -WhatIf' {
        New-TestVersion unwritten @{ 'a.txt' = 'one' } -Publish @{ WhatIf = $true } | Should -BeNullOrEmpty
        Set-ArtifactAlias data prod -WhatIf
        Remove-Artifact data:v0 -WhatIf
        (Get-Artifact).Reference | Should -Not -Contain 'unwritten:v0'
        (Get-Artifact data).Aliases | Should -Be latest
    }

    It 'is cleaned up, and whole afterwards' {
        $null = New-TestVersion garbage @{ 'a.txt' = "garbage of $Service" }
        Remove-Artifact garbage:v0 -Confirm:$false
        # Too recent for clean-up: a writer may need it.
        Optimize-ArtifactStore | Should -BeNullOrEmpty
        Optimize-ArtifactStore -GracePeriod 0 -WhatIf | Should -BeNullOrEmpty
        (Optimize-ArtifactStore -GracePeriod 0).Kind | Should -Be Objects, CondemnedObjects
        Test-ArtifactStore -Full -Quiet | Should -BeTrue
    }

    It 'reads its credential from a vault' {
        if ($Service -ne 'S3') { Set-ItResult -Skipped -Because 'the credential is read in the same way'; return }
        $names = 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'
        $user, $key = $names.ForEach{ [Environment]::GetEnvironmentVariable($_) }
        try {
            $names.ForEach{ [Environment]::SetEnvironmentVariable($_, $null) }
            $vault = {
                param($manifest, $user, $key, $location)
                Import-Module $manifest
                $asked = [Collections.Generic.List[string]]::new()
                function Get-Secret([string] $Name, [string] $Vault) {
                    $asked.Add("$Vault/$Name")
                    if ($Name -eq 'text') { return ConvertTo-SecureString $key -AsPlainText -Force }
                    [pscredential]::new($user, (ConvertTo-SecureString $key -AsPlainText -Force))
                }
                if ($location) { $null = Register-ArtifactStore vaulted $location -CredentialSecret lab/bucket }
                (Get-Artifact data -Store vaulted).Reference
                (Get-ArtifactStore vaulted).Artifacts -ge 1
                $asked -join ' '
                $failure = $null
                Register-ArtifactStore other $location -CredentialSecret text -ErrorVariable failure -ErrorAction SilentlyContinue
                $failure.FullyQualifiedErrorId
            }
            $found = Invoke-InProcess $vault $manifestPath, $user, $key, $store.Location
            $found | Should -Be 'data:v0', $true, 'lab/bucket', 'CredentialSecretUnavailable,ArtifactsPS.Commands.Stores.RegisterArtifactStoreCommand'
            Get-Content "$env:ARTIFACTS_CONFIG/stores/vaulted.json" -Raw | Should -Not -Match ([regex]::Escape($key))
            # Another session asks again.
            (Invoke-InProcess $vault $manifestPath, $user, $key)[0..2] | Should -Be 'data:v0', $true, 'lab/bucket'
        }
        finally {
            [Environment]::SetEnvironmentVariable($names[0], $user)
            [Environment]::SetEnvironmentVariable($names[1], $key)
        }
    }
}
