BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Add-ArtifactLink' {
    BeforeAll {
        $v0, $v1 = 'a', 'b' | ForEach-Object { New-TestVersion net @{ 'a.txt' = $_ } }
    }

    It 'links a version under the number of the collection' {
        $link = Add-ArtifactLink net:v1 churn -Alias staging

        $link.Reference | Should -Be churn:v0
        $link.Aliases | Should -Be latest, staging
        $link.Source, $link.SourceDigest, $link.SourceStore | Should -Be net:v1, $v1.Digest, $v1.Store
        $link.Digest | Should -Be $v1.Digest
        Get-ArtifactContent churn:staging a.txt | Should -Be b
        (Get-Artifact net:v1).Links | Should -Be churn:v0
        (Get-Artifact net:v0).Links | Should -BeNullOrEmpty
        (Get-ArtifactHistory net:v1).Actions | Should -Contain 'linked v1 to churn'
    }

    It 'links versions from the pipeline, also after serialization' {
        $saved = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($v1))
        $links = $v0, $saved | Add-ArtifactLink -Collection piped

        $links.Reference | Should -Be piped:v0, piped:v1
        $copy = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($links[1]))
        $copy.Source | Should -Be net:v1
        ($copy | Get-Artifact).Source | Should -Be net:v1
        (Get-Artifact net:v0).Links | Should -Be piped:v0
    }

    It 'moves aliases only where they are expected' {
        Add-ArtifactLink net:v0 expected -Alias prod -Expect none
        Assert-Error { Add-ArtifactLink net:v1 expected -Alias prod -Expect none } AliasMoved ResourceExists 'net:v1' v0
        Assert-Error { Add-ArtifactLink net:v1 expected -Expect v0 } AliasMissing InvalidArgument 'net:v1' '-Alias'
        (Add-ArtifactLink net:v1 expected -Alias prod -Expect v0).Aliases | Should -Be latest, prod
        (Add-ArtifactLink net:v0 expected -Alias prod -Expect v1).Aliases | Should -Be prod
        @(Get-Artifact expected -AllVersions).Count | Should -Be 2
    }

    It 'is decided by rules, which -WhatIf shows' {
        Protect-ArtifactAlias prod -Name ruled -RequireTag reviewed
        Assert-Error { Add-ArtifactLink net:v0 ruled -Alias prod } AliasProtected PermissionDenied 'net:v0' reviewed
        Assert-Error { Add-ArtifactLink net:v0 ruled -Alias prod -WhatIf } AliasProtected PermissionDenied 'net:v0' reviewed
        (Get-Artifact net:v0).Links | Should -Not -Contain ruled
        $null = Set-Artifact net:v0 -AddTag reviewed
        Add-ArtifactLink net:v0 ruled -Alias prod -WhatIf
        Get-Artifact rule* | Should -BeNullOrEmpty
        (Add-ArtifactLink net:v0 ruled -Alias prod).Tags | Should -Be reviewed
    }

    It 'protects the source until the link is removed' {
        $version = New-TestVersion kept @{ 'a.txt' = 'kept' }
        $null = New-TestVersion kept @{ 'a.txt' = 'newer' }
        Add-ArtifactLink $version registry
        Assert-Error { Remove-Artifact kept:v0 -Confirm:$false } ArtifactLinked ResourceBusy 'kept:v0' "'registry:v0'"
        Remove-Artifact kept -KeepLast 1 -Confirm:$false
        Remove-Artifact kept:v0 -Force -Confirm:$false

        (Get-Artifact registry).Source | Should -Be kept:v0
        Get-ArtifactContent registry a.txt | Should -Be kept
    }

    It 'records the link and its source as inputs of a run' {
        Add-ArtifactLink net:v1 used
        $run = Start-ArtifactRun -Name train
        $null = Use-Artifact used:v0
        Stop-ArtifactRun
        $ids = (Get-ArtifactLineage net:v1 -Direction Downstream -Depth 1).Id

        (Get-ArtifactRun $run.Id).Inputs | Should -Be net:v1, used:v0
        $ids | Should -Contain $run.Id
        $ids | Should -Contain used:v0
        (Get-ArtifactLineage used:v0 -Direction Upstream).Id | Should -Contain net:v1
    }

    It 'copies to a collection of another store' {
        $other = Join-Path $TestDrive 'other'
        $null = New-ArtifactStore $other
        Assert-Error { Add-ArtifactLink net:v1 churn -Destination $other } ArtifactLinkInvalid InvalidArgument 'net:v1' '-Copy'
        Assert-Error { Add-ArtifactLink net:v1 churn -Copy } ArtifactLinkInvalid InvalidArgument 'net:v1' '-Destination'
        (Add-ArtifactLink net:v1 same -Destination $env:ARTIFACTS_STORE -Copy).Store | Should -Be $v1.Store
        $link = Add-ArtifactLink net:v1 churn -Alias prod -Destination $other -Copy

        $link.Reference, $link.Source, $link.SourceStore | Should -Be churn:v0, net:v1, $v1.Store
        $link.Store | Should -Not -Be $v1.Store
        Save-Artifact churn:prod (Join-Path $TestDrive 'saved') -Store $other
        Test-ArtifactStore $other | Should -BeNullOrEmpty
    }

    It 'refuses a collection of another type, and the artifact itself' {
        $null = New-Artifact tool model | Add-ArtifactFile (New-TestFile 'tool.txt') | Publish-Artifact
        Assert-Error { Add-ArtifactLink net:v0 tool } ArtifactTypeMismatch InvalidArgument 'net:v0' collection
        Assert-Error { Add-ArtifactLink net:v0 NET } ArtifactLinkInvalid InvalidArgument 'net:v0' itself
    }

    It 'completes collections and their aliases' {
        Add-ArtifactLink net:v0 completed -Alias candidate
        (TabExpansion2 'Add-ArtifactLink net:v0 comp' 28).CompletionMatches.ListItemText | Should -Be completed
        (TabExpansion2 'Add-ArtifactLink net:v0 completed -Alias ' 41).CompletionMatches.ListItemText | Should -Be candidate
    }

    It 'finds no problem in the store' {
        Test-ArtifactStore | Should -BeNullOrEmpty
    }
}
