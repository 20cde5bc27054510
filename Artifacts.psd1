@{
    RootModule           = 'module/Artifacts.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '8f6ee076-4da4-42b3-982c-22d14679b4cd'
    Author               = 'The ArtifactsPS authors'
    CompanyName          = 'The ArtifactsPS authors'
    Copyright            = '(c) The ArtifactsPS authors. MIT.'
    Description          = 'Versions sets of files: gather files into an artifact, publish it, and get an immutable, numbered, checksummed version that anyone can find by name, verify and restore. No server: the store is a folder, a network share or a bucket (S3, Azure Blob Storage).'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    # System.Memory needs full .NET Standard 2.0 support. Only Windows PowerShell checks this.
    DotNetFrameworkVersion = '4.7.2'

    TypesToProcess       = @('module/Artifacts.Types.ps1xml')
    FormatsToProcess     = @('module/Artifacts.Format.ps1xml')

    CmdletsToExport      = @(
        'New-ArtifactStore'
        'Register-ArtifactStore'
        'Unregister-ArtifactStore'
        'Get-ArtifactStore'
        'Test-ArtifactStore'
        'Repair-ArtifactStore'
        'Optimize-ArtifactStore'
        'Clear-ArtifactCache'
        'New-Artifact'
        'New-ArtifactDraft'
        'Add-ArtifactFile'
        'Add-ArtifactDirectory'
        'Add-ArtifactReference'
        'Register-ArtifactReferenceHandler'
        'Get-ArtifactReferenceHandler'
        'Unregister-ArtifactReferenceHandler'
        'Add-ArtifactObject'
        'Remove-ArtifactEntry'
        'Get-ArtifactEntry'
        'Publish-Artifact'
        'Get-Artifact'
        'Get-ArtifactHistory'
        'Get-ArtifactContent'
        'Save-Artifact'
        'Test-Artifact'
        'Compare-Artifact'
        'Set-Artifact'
        'Set-ArtifactAlias'
        'Remove-ArtifactAlias'
        'Protect-ArtifactAlias'
        'Unprotect-ArtifactAlias'
        'Get-ArtifactAliasRule'
        'Add-ArtifactLink'
        'Remove-ArtifactLink'
        'Remove-Artifact'
        'Rename-Artifact'
        'Restore-Artifact'
        'Copy-Artifact'
        'Export-Artifact'
        'Import-Artifact'
        'Export-ArtifactReport'
        'Set-ArtifactSignature'
        'Get-ArtifactSignature'
        'Export-ArtifactSignature'
        'Export-ArtifactChecksum'
        'Add-ArtifactEvidence'
        'Get-ArtifactEvidence'
        'Assert-ArtifactFolder'
        'Assert-ArtifactContent'
        'Assert-ArtifactSignature'
        'Set-DistributedArtifact'
        'Complete-DistributedArtifact'
        'Get-DistributedArtifact'
        'Remove-DistributedArtifact'
        'Start-ArtifactRun'
        'Stop-ArtifactRun'
        'Get-ArtifactRun'
        'Invoke-ArtifactRun'
        'Use-Artifact'
        'Get-ArtifactLineage'
    )
    FunctionsToExport    = @()
    # Assertions for tests, named as those of Pester.
    AliasesToExport      = @('Should-BeArtifact', 'Should-HaveSameContentAs', 'Should-HaveValidSignature')
    VariablesToExport    = @()

    PrivateData          = @{
        PSData = @{
            Tags         = @('artifact', 'versioning', 'dataset', 'model', 'content-addressed', 'deduplication', 'mlops',
                'PSEdition_Desktop', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri   = 'https://opensource.org/license/mit'
            ProjectUri   = 'https://github.com/ArtifactsPS/ArtifactsPS'
            ReleaseNotes = 'https://github.com/ArtifactsPS/ArtifactsPS/blob/main/CHANGELOG.md'
        }
    }
}
