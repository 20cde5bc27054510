BeforeDiscovery {
    $hasPem = $PSEdition -eq 'Core' -and $env:ARTIFACTS_TFM -ne 'netstandard2.0'
}

BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Export-ArtifactSignature' -Skip:(-not $hasPem) {
    BeforeAll {
        . $PSScriptRoot/SigningSetup.ps1
        $key = New-TestKey release
        $null = New-TestVersion net @{ 'weights.bin' = 'weights'; 'dir/größe "x".txt' = 'text' }
        $null = Set-ArtifactSignature net -KeyPath "$key.pem"
        Save-Artifact net "$TestDrive/restored"
        $model, $files = "$TestDrive/model.sig", "$TestDrive/files.sig"
        Export-ArtifactSignature net $model
        Export-ArtifactSignature net $files -Subject File
        function Get-Statement([string] $Bundle) {
            $payload = (Get-Content $Bundle -Raw | ConvertFrom-Json).dsseEnvelope.payload
            [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($payload)) | ConvertFrom-Json
        }
    }

    It 'writes a bundle of OpenSSF Model Signing' {
        $bundle = Get-Content $model -Raw | ConvertFrom-Json
        $bundle.mediaType | Should -Be 'application/vnd.dev.sigstore.bundle.v0.3+json'
        $public = [Text.Encoding]::ASCII.GetBytes([IO.File]::ReadAllText("$key.pub"))
        $hint = [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($public)).ToLower()
        $bundle.verificationMaterial.publicKey.hint | Should -Be $hint

        $statement = Get-Statement $model
        $statement.predicateType | Should -Be 'https://model_signing/signature/v1.0'
        @($statement.subject).Count | Should -Be 1
        $statement.predicate.serialization.method | Should -Be files
        foreach ($resource in $statement.predicate.resources) {
            $resource.digest | Should -Be (Get-FileHash -LiteralPath "$TestDrive/restored/$($resource.name)").Hash
        }
    }

    It 'writes a statement whose subjects are the files' {
        $statement = Get-Statement $files
        $statement.subject.name | Should -Be 'dir/größe "x".txt', 'weights.bin'
        foreach ($subject in $statement.subject) {
            $subject.digest.sha256 | Should -Be (Get-FileHash -LiteralPath "$TestDrive/restored/$($subject.name)").Hash
        }
    }

    It 'replaces a file only with -Force' {
        Assert-Error { Export-ArtifactSignature net $model } ArchiveExists ResourceExists
        (Export-ArtifactSignature net $model -Force -PassThru).FullName | Should -Be $model
    }

    It 'reports a version without a signature' {
        $null = New-TestVersion unsigned @{ 'a' = 'unsigned' }
        Assert-Error { Export-ArtifactSignature unsigned "$TestDrive/none.sig" } SignatureNotFound ObjectNotFound
        Assert-Error { Export-ArtifactSignature net "$TestDrive/none.sig" -Id ('0' * 64) } SignatureNotFound ObjectNotFound
        "$TestDrive/none.sig" | Should -Not -Exist
    }

    It 'writes bundles that openssl verifies' {
        if (-not (Get-Command openssl -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'openssl is missing'; return }
        foreach ($path in $model, $files) {
            $bundle = Get-Content $path -Raw | ConvertFrom-Json
            $payload = [Convert]::FromBase64String($bundle.dsseEnvelope.payload)
            [IO.File]::WriteAllBytes("$TestDrive/sig", [Convert]::FromBase64String($bundle.dsseEnvelope.signatures[0].sig))
            [IO.File]::WriteAllBytes("$TestDrive/signed",
                [Text.Encoding]::ASCII.GetBytes("DSSEv1 28 application/vnd.in-toto+json $($payload.Length) ") + $payload)
            openssl dgst -sha256 -verify "$key.pub" -signature "$TestDrive/sig" "$TestDrive/signed" | Should -Be 'Verified OK'
        }
    }

    It 'writes bundles that cosign verifies against restored files' {
        # Older ones can't verify bundles of version 0.3 with a key.
        $cosign = Get-Command cosign -ErrorAction Ignore
        $isNew = $cosign -and ((& $cosign verify-blob-attestation --help 2>&1 | Out-String) -like '*--digestAlg*')
        if (-not $isNew) { Set-ItResult -Skipped -Because 'cosign 3 is missing'; return }
        $options = @('verify-blob-attestation', '--key', "$key.pub", '--insecure-ignore-tlog=true')
        $restored = "$TestDrive/restored/weights.bin"
        cosign @options --bundle $files --type https://model_signing/Digests/v0.1 $restored 2>&1 | Out-String | Should -BeLike '*Verified OK*'
        $digest = (Get-Statement $model).subject.digest.sha256
        cosign @options --bundle $model --type https://model_signing/signature/v1.0 --digest $digest --digestAlg sha256 2>&1 |
            Out-String | Should -BeLike '*Verified OK*'

        [IO.File]::WriteAllText("$TestDrive/changed.bin", 'changed')
        cosign @options --bundle $files --type https://model_signing/Digests/v0.1 "$TestDrive/changed.bin" 2>&1 |
            Out-String | Should -Not -BeLike '*Verified OK*'
    }
}
