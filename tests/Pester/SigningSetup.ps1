# Creates keys and certificates for tests of signatures. Dot-source it after TestSetup.ps1.

$curve = [Security.Cryptography.ECCurve]::CreateFromValue('1.2.840.10045.3.1.7')

# Writes a pair of keys in PEM, and returns the paths without the extensions .pem (private) and .pub (public).
function New-TestKey([string] $Name) {
    $path = Join-Path $TestDrive $Name
    $key = [Security.Cryptography.ECDsa]::Create($curve)
    [IO.File]::WriteAllText("$path.pem", $key.ExportECPrivateKeyPem())
    [IO.File]::WriteAllText("$path.pub", $key.ExportSubjectPublicKeyInfoPem() + "`n")
    $path
}

# Returns a certificate with its key.
function New-TestCertificate([string] $Subject, [int] $FirstDay = -1, [int] $LastDay = 30) {
    $key = [Security.Cryptography.ECDsa]::Create($curve)
    $request = [Security.Cryptography.X509Certificates.CertificateRequest]::new($Subject, $key, 'SHA256')
    $request.CreateSelfSigned([DateTimeOffset]::Now.AddDays($FirstDay), [DateTimeOffset]::Now.AddDays($LastDay))
}
