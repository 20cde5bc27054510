BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Remove-ArtifactLink' {
    BeforeAll {
        $version = New-TestVersion net @{ 'a.txt' = 'a' }
    }
    BeforeEach {
        $collection = 'c-' + [IO.Path]::GetRandomFileName()
        $link = Add-ArtifactLink net:v0 $collection -Alias prod
    }

    It 'removes a link with its aliases, and ends the protection' {
        Assert-Error { Remove-ArtifactLink "${collection}:prod" } AliasInUse ResourceBusy "${collection}:prod" prod
        Remove-ArtifactLink "${collection}:prod" -Force

        Get-Artifact "$collection*" | Should -BeNullOrEmpty
        (Get-Artifact net:v0).Links | Should -BeNullOrEmpty
        (Get-ArtifactHistory net:v0).Actions | Should -Contain "unlinked v0 from $collection"
        Restore-Artifact $link
        (Get-Artifact net:v0).Links | Should -Be "${collection}:v0"
        Get-Artifact $collection | Remove-ArtifactLink
    }

    It 'refuses a name without a version, and a version that is no link' {
        Assert-Error { Remove-ArtifactLink $collection } AmbiguousRemoval InvalidArgument $collection
        Assert-Error { Remove-ArtifactLink net:v0 } NotALink InvalidArgument 'net:v0'
        Assert-Error { Remove-ArtifactLink "${collection}:v7" } ArtifactVersionNotFound ObjectNotFound "${collection}:v7"
        Remove-ArtifactLink "${collection}:v0" -Force
        Assert-Error { Remove-ArtifactLink "${collection}:v0" } ArtifactNotFound ObjectNotFound "${collection}:v0"
    }

    It 'shows with -WhatIf what rules refuse' {
        Protect-ArtifactAlias prod -Name $collection -NoDelete
        Assert-Error { Remove-ArtifactLink $link -Force -WhatIf } AliasProtected PermissionDenied
        Unprotect-ArtifactAlias prod -Name $collection
        Remove-ArtifactLink $link -Force -WhatIf
        (Get-Artifact $collection).Source | Should -Be net:v0
    }

    It 'finds no problem in the store' {
        Test-ArtifactStore | Should -BeNullOrEmpty
    }
}
