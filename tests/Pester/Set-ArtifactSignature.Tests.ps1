BeforeDiscovery {
    # .NET Framework writes no keys in PEM.
    $hasPem = $PSEdition -eq 'Core' -and $env:ARTIFACTS_TFM -ne 'netstandard2.0'
}

BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Set-ArtifactSignature' -Skip:(-not $hasPem) {
    BeforeAll {
        . $PSScriptRoot/SigningSetup.ps1
        $key = New-TestKey release
        $stranger = New-TestKey stranger
        $certificate = New-TestCertificate 'CN=Release'
        $version = New-TestVersion net @{ 'weights.bin' = 'weights'; 'dir/a b.txt' = 'text' }
    }

    It 'signs with a key' {
        $signature = Set-ArtifactSignature net -KeyPath "$key.pem"

        $signature.GetType().Name | Should -Be ArtifactSignature
        $signature.Status | Should -Be Valid
        $signature.Artifact | Should -Be net:v0
        $signature.Algorithm | Should -Be 'ECDSA P-256'
        $signature.KeyId | Should -Match '^[0-9a-f]{64}$'
    }

    It 'signs with a certificate, which names the signer' {
        $signature = $version | Set-ArtifactSignature -Certificate $certificate

        $signature.Subject | Should -Be 'CN=Release'
        $signature.Thumbprint | Should -Be $certificate.Thumbprint
        (Get-ArtifactSignature net -TrustedCertificate $certificate)[0].Status | Should -Be Valid
    }

    It 'signs with an encrypted key, and shows neither key nor password' {
        $pair = [Security.Cryptography.ECDsa]::Create($curve)
        $parameters = [Security.Cryptography.PbeParameters]::new('Aes256Cbc', 'SHA256', 1000)
        [IO.File]::WriteAllText("$TestDrive/encrypted.pem", $pair.ExportEncryptedPkcs8PrivateKeyPem('correct horse', $parameters))
        $password = ConvertTo-SecureString 'correct horse' -AsPlainText -Force

        $signature = Set-ArtifactSignature net -KeyPath "$TestDrive/encrypted.pem" -KeyPassword $password

        $signature.Status | Should -Be Valid
        $shown = ($signature | Format-List * | Out-String) +
            (Get-StoreKey | ForEach-Object { [IO.File]::ReadAllText($_) } | Out-String)
        $shown | Should -Not -BeLike '*correct horse*'
        $shown | Should -Not -BeLike '*PRIVATE KEY*'
        Assert-Error { Set-ArtifactSignature net -KeyPath "$TestDrive/encrypted.pem" } SigningKeyInvalid InvalidArgument -ErrorText '-KeyPassword'
        $wrong = ConvertTo-SecureString 'wrong' -AsPlainText -Force
        Assert-Error { Set-ArtifactSignature net -KeyPath "$TestDrive/encrypted.pem" -KeyPassword $wrong } SigningKeyInvalid InvalidArgument
    }

    It 'refuses what can not sign: <_>' -ForEach 'public key', 'text', 'certificate' {
        switch ($_) {
            'public key' { Assert-Error { Set-ArtifactSignature net -KeyPath "$key.pub" } SigningKeyInvalid InvalidArgument }
            'text' { Assert-Error { Set-ArtifactSignature net -KeyPath (New-TestFile 'no.pem') } SigningKeyInvalid InvalidArgument }
            'certificate' {
                $public = [Security.Cryptography.X509Certificates.X509Certificate2]::new($certificate.RawData)
                Assert-Error { Set-ArtifactSignature net $public } SigningKeyInvalid InvalidArgument -ErrorText 'private key'
            }
        }
    }

    It 'writes nothing with -WhatIf' {
        $before = Get-StoreKey

        Set-ArtifactSignature net -KeyPath "$key.pem" -WhatIf | Should -BeNullOrEmpty

        Get-StoreKey | Should -Be $before
    }

    It 'adds a bundle of another program' {
        # As model_signing writes it: keys of JSON in another order, and white space.
        $null = New-TestVersion foreign @{ 'b.txt' = 'b'; 'a.txt' = 'a' }
        $hex = Get-ArtifactEntry foreign | Sort-Object EntryPath | ForEach-Object { $_.Digest -replace '^sha256:' }
        $root = [Security.Cryptography.SHA256]::HashData([Convert]::FromHexString(-join $hex))
        $statement = [ordered]@{
            _type         = 'https://in-toto.io/Statement/v1'
            subject       = @(@{ name = 'restored'; digest = @{ sha256 = [Convert]::ToHexString($root).ToLower() } })
            predicateType = 'https://model_signing/signature/v1.0'
            predicate     = [ordered]@{
                resources     = @(
                    [ordered]@{ digest = $hex[0]; algorithm = 'sha256'; name = 'a.txt' }
                    [ordered]@{ digest = $hex[1]; algorithm = 'sha256'; name = 'b.txt' }
                )
                serialization = @{ method = 'files'; hash_type = 'sha256'; allow_symlinks = $false; ignore_paths = @('model.sig') }
            }
        } | ConvertTo-Json -Depth 9
        $payload = [Text.Encoding]::UTF8.GetBytes($statement)
        $signed = [Text.Encoding]::ASCII.GetBytes("DSSEv1 28 application/vnd.in-toto+json $($payload.Length) ") + $payload
        $pair = [Security.Cryptography.ECDsa]::Create()
        $pair.ImportFromPem([IO.File]::ReadAllText("$key.pem"))
        $public = [Text.Encoding]::ASCII.GetBytes([IO.File]::ReadAllText("$key.pub"))
        @{
            mediaType            = 'application/vnd.dev.sigstore.bundle.v0.3+json'
            verificationMaterial = @{
                publicKey   = @{ hint = [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($public)).ToLower() }
                tlogEntries = @()
            }
            dsseEnvelope         = @{
                payload     = [Convert]::ToBase64String($payload)
                payloadType = 'application/vnd.in-toto+json'
                signatures  = @(@{ sig = [Convert]::ToBase64String($pair.SignData($signed, 'SHA256', 'Rfc3279DerSequence')) })
            }
        } | ConvertTo-Json -Depth 9 | Set-Content "$TestDrive/foreign.sig"

        Set-ArtifactSignature foreign -BundlePath "$TestDrive/foreign.sig" | Should -Not -BeNullOrEmpty

        (Get-ArtifactSignature foreign -TrustedKey "$key.pub").Status | Should -Be Valid
        (Get-ArtifactSignature foreign -TrustedKey "$stranger.pub").Status | Should -Be NotTrusted
        Assert-Error { Set-ArtifactSignature net -BundlePath "$TestDrive/foreign.sig" } InvalidBundle InvalidData
    }
}
