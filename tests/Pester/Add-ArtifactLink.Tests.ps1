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
        Assert-Error { Add-ArtifactLink net:v1 churn -Copy } ArtifactLinkInvalid InvalidArgument 'net:v1' '-Destination'
        (Add-ArtifactLink net:v1 same -Destination $env:ARTIFACTS_STORE -Copy).Store | Should -Be $v1.Store
        $link = Add-ArtifactLink net:v1 churn -Alias prod -Destination $other -Copy

        $link.Reference, $link.Source, $link.SourceStore | Should -Be churn:v0, net:v1, $v1.Store
        $link.Store | Should -Not -Be $v1.Store
        Save-Artifact churn:prod (Join-Path $TestDrive 'saved') -Store $other
        Test-ArtifactStore $other | Should -BeNullOrEmpty
    }

    Context 'in another store, without a copy' {
        BeforeAll {
            $place = Join-Path $TestDrive 'source'
            $registry = Join-Path $TestDrive 'registry'
            $null = New-ArtifactStore $place
            $null = New-ArtifactStore $registry
            $file = New-TestFile 'a.txt' 'pinned'
            $source = New-Artifact pinned model -Store $place | Add-ArtifactFile $file | Publish-Artifact
            $link = Add-ArtifactLink pinned:v0 churn -Alias prod -Store $place -Destination $registry -WarningVariable warnings
        }

        It 'has the digest of the source, and no content in its store' {
            $link.Reference, $link.Source, $link.SourceStore | Should -Be churn:v0, pinned:v0, $source.Store
            $link.Digest, $link.FileCount, $link.Size | Should -Be $source.Digest, 1, $source.Size
            $link.Store | Should -Be (Get-Item $registry).FullName
            $warnings | Should -BeNullOrEmpty
            (Get-ArtifactStore $registry).Objects | Should -Be 0
            ($source | Get-Artifact).Links | Should -Be "churn:v0 in $($link.Store)"
            (Get-ArtifactHistory churn -Store $registry).Actions | Should -Contain "published v0, a link to pinned:v0 in $($source.Store)"
        }

        It 'completes collections and aliases of the destination' {
            foreach ($completed in @(
                    @{ Line = "Add-ArtifactLink pinned:v0 -Store '$place' -Destination '$registry' -Collection "; Expected = 'churn' }
                    @{ Line = "Add-ArtifactLink pinned:v0 churn -Store '$place' -Destination '$registry' -Alias "; Expected = 'prod' }
                )) {
                $found = (TabExpansion2 $completed.Line $completed.Line.Length).CompletionMatches.ListItemText
                $found | Should -Contain $completed.Expected
                $found | Should -Not -Contain pinned
            }
        }

        It 'is read by every command' {
            (Get-ArtifactEntry churn:prod -Store $registry).EntryPath | Should -Be a.txt
            Get-ArtifactContent churn:prod a.txt -Store $registry | Should -Be pinned
            Save-Artifact churn:prod (Join-Path $TestDrive 'pin') -Store $registry
            Get-Content (Join-Path $TestDrive 'pin' 'a.txt') | Should -Be pinned
            $link | Test-Artifact -Quiet | Should -BeTrue
            $link | Test-Artifact -Path (Join-Path $TestDrive 'pin') -Quiet | Should -BeTrue
            Compare-Artifact $link $source | Should -BeNullOrEmpty
            Get-Content "$($link.PSPath)/a.txt" | Should -Be pinned
            $sums = Join-Path $TestDrive 'SHA256SUMS'
            $link | Export-ArtifactChecksum -Path $sums
            Get-Content $sums | Should -BeLike '*a.txt'
            $archive = Join-Path $TestDrive 'pin.zip'
            $link | Export-Artifact -Path $archive
            (Import-Artifact $archive -Name imported).Digest | Should -Be $source.Digest
            (Copy-Artifact $link $env:ARTIFACTS_STORE -NewName copied).Digest | Should -Be $source.Digest
            Test-ArtifactStore | Should -BeNullOrEmpty
        }

        It 'is no problem of its store, and keeps nothing in it' {
            (Test-ArtifactStore $registry -Verbose 4>&1)[-1] | Should -BeLike 'Versions that are links to other stores: 1.*'
            Optimize-ArtifactStore $registry -GracePeriod 0 -Confirm:$false
            Test-ArtifactStore $registry -Quiet | Should -BeTrue
            $node = Get-ArtifactLineage churn:v0 -Store $registry | Where-Object Level -EQ -1
            $node.Id, $node.Store | Should -Be "pinned:v0 in $($source.Store)", $source.Store
            Get-Content "$($node.PSPath)/a.txt" | Should -Be pinned
            Export-ArtifactReport churn (Join-Path $TestDrive 'pin.html') -Store $registry
            Get-Content -Raw (Join-Path $TestDrive 'pin.html') | Should -BeLike '*pinned:v0 in *'
        }

        It 'is no content for drafts, and published content is stored' {
            Assert-Error { $link | New-ArtifactDraft } ContentInOtherStore InvalidOperation 'churn:v0' '-Copy'
            $draft = New-Artifact other model -Store $registry
            Assert-Error { Get-ArtifactEntry $link | Add-ArtifactReference -Artifact $draft } EntryInOtherStore InvalidArgument 'churn:v0/a.txt'
            $own = New-Artifact churn model -Store $registry | Add-ArtifactFile $file | Publish-Artifact
            $own.Reference, $own.Digest, $own.Deduplicated | Should -Be churn:v1, $source.Digest, $false
            (Get-ArtifactStore $registry).Objects | Should -BeGreaterThan 0
        }

        It 'shows what rules refuse with -WhatIf' {
            Protect-ArtifactAlias ruled -Name churn -RequireTag reviewed -Store $registry
            foreach ($copies in $false, $true) {
                Assert-Error { $source | Add-ArtifactLink -Collection churn -Alias ruled -Destination $registry -Copy:$copies -WhatIf } AliasProtected PermissionDenied 'pinned:v0' reviewed
            }
        }

        It 'protects the source until the link is removed' {
            Assert-Error { $source | Remove-Artifact -Confirm:$false } ArtifactLinked ResourceBusy 'pinned:v0' "'churn:v0' in the store"
            $second = Add-ArtifactLink $source second -Destination $registry
            Remove-ArtifactLink $second
            ($source | Get-Artifact).Links | Should -Be "churn:v0 in $($link.Store)"
        }

        It 'finds a moved store by its registration' {
            $moved = Join-Path $TestDrive 'moved'
            Rename-Item $place $moved
            Assert-Error { Get-ArtifactContent $link a.txt } LinkedStoreUnavailable ResourceUnavailable 'churn:v0' Register-ArtifactStore
            $link | Get-Artifact | Should -Not -BeNullOrEmpty
            $null = Register-ArtifactStore moved $moved
            Get-ArtifactContent $link a.txt | Should -Be pinned
            Unregister-ArtifactStore moved
            Rename-Item $moved $place
        }

        It 'reports a deleted source' {
            $source | Remove-Artifact -Force -Confirm:$false
            Assert-Error { Get-ArtifactContent $link a.txt } LinkedVersionMissing ObjectNotFound 'churn:v0' Restore-Artifact
            $null = Restore-Artifact pinned:v0 -Store $place
            Get-ArtifactContent $link a.txt | Should -Be pinned
        }
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
