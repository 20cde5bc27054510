BeforeDiscovery {
    # .NET Framework writes no keys in PEM.
    $hasPem = $PSEdition -eq 'Core' -and $env:ARTIFACTS_TFM -ne 'netstandard2.0'
}

BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'A required signature' -Skip:(-not $hasPem) {
    BeforeAll {
        . $PSScriptRoot/SigningSetup.ps1
        $key = New-TestKey release2
        $stranger = New-TestKey stranger2
        $null = New-TestVersion signed @{ 'a.txt' = 'a' }
        $null = Set-ArtifactSignature signed -KeyPath "$key.pem"
        $null = New-TestVersion unsigned @{ 'a.txt' = 'other' }
        $other = "$TestDrive/other"
        $null = New-ArtifactStore $other
    }

    It 'lets a version pass that a trusted key has signed' {
        Save-Artifact signed "$TestDrive/ok" -TrustedKey "$key.pub"
        Get-Content "$TestDrive/ok/a.txt" | Should -Be a
        (Use-Artifact signed -RequireSignature -TrustedKey "$key.pub").Reference | Should -Be signed:v0
        (Copy-Artifact signed $other -TrustedKey "$key.pub").Reference | Should -Be signed:v0
        (Get-ArtifactSignature signed -Store $other -TrustedKey "$key.pub").Status | Should -Be Valid
        Test-Artifact signed -TrustedKey "$key.pub" -Quiet | Should -BeTrue
    }

    It 'refuses a version that <_>' -ForEach 'nobody has signed', 'a stranger has signed' {
        $name = if ($_ -like 'nobody*') { 'unsigned' } else { 'signed' }
        $trusted = "$stranger.pub"
        $keys = Get-StoreKey $other

        Assert-Error { Save-Artifact $name "$TestDrive/refused" -RequireSignature -TrustedKey $trusted } SignatureInvalid PermissionDenied
        Assert-Error { Copy-Artifact $name $other -TrustedKey $trusted } SignatureInvalid PermissionDenied
        Assert-Error { Use-Artifact $name -TrustedKey $trusted } SignatureInvalid PermissionDenied
        (Test-Artifact $name -TrustedKey $trusted).Problem | Should -Be SignatureInvalid
        Test-Artifact $name -TrustedKey $trusted -Quiet | Should -BeFalse

        "$TestDrive/refused" | Should -Not -Exist
        Get-StoreKey $other | Should -Be $keys
    }

    It 'uses the trust file of the user' {
        Assert-Error { Save-Artifact signed "$TestDrive/by-file" -RequireSignature } SignatureInvalid PermissionDenied -ErrorText 'trust file'
        $null = New-Item $env:ARTIFACTS_CONFIG -ItemType Directory -Force
        Copy-Item "$key.pub" "$env:ARTIFACTS_CONFIG/trusted.pem"
        try {
            Save-Artifact signed "$TestDrive/by-file" -RequireSignature
            "$TestDrive/by-file/a.txt" | Should -Exist
            Assert-Error { Save-Artifact signed "$TestDrive/x" -TrustedKey "$stranger.pub" } SignatureInvalid PermissionDenied
        }
        finally { Remove-Item "$env:ARTIFACTS_CONFIG/trusted.pem" }
    }

    It 'trusts ids of keys and thumbprints, and refuses other texts' {
        $id = (Get-ArtifactSignature signed).KeyId
        Save-Artifact signed "$TestDrive/by-id" -TrustedKey $id
        "$TestDrive/by-id/a.txt" | Should -Exist
        Assert-Error { Save-Artifact signed "$TestDrive/x" -TrustedKey "$key.pem" } TrustedKeyInvalid InvalidArgument -ErrorText 'private key'
    }

    It 'shows damage of a signature, and Test-ArtifactStore reports it' {
        $version = New-TestVersion damaged @{ 'a.txt' = 'damaged' }
        $null = Set-ArtifactSignature damaged -KeyPath "$key.pem"
        $file = Get-ChildItem "$env:ARTIFACTS_STORE/artifacts/damaged/attestations" -Recurse -File
        $file.IsReadOnly = $false
        [IO.File]::WriteAllText($file.FullName, [IO.File]::ReadAllText($file.FullName).Replace('damaged', 'changed'))

        (Get-ArtifactSignature damaged -TrustedKey "$key.pub").Status | Should -Be UnknownError
        Assert-Error { Save-Artifact damaged "$TestDrive/x" -TrustedKey "$key.pub" } SignatureInvalid PermissionDenied
        $problem = Test-ArtifactStore
        $problem.Kind | Should -Be AttestationDamaged
        $problem.Message | Should -BeLike "*damaged:v0*"
        Remove-Item $file.FullName
    }

    It 'moves with exported archives' {
        Export-Artifact signed "$TestDrive/signed.zip"
        $imported = "$TestDrive/imported"
        $null = New-ArtifactStore $imported
        $null = Import-Artifact "$TestDrive/signed.zip" -Store $imported

        (Get-ArtifactSignature signed -Store $imported -TrustedKey "$key.pub").Status | Should -Be Valid
    }
}
