BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Restore-Artifact' {
    BeforeEach {
        $name = 'restored-' + [IO.Path]::GetRandomFileName()
        $v0, $v1 = 'a', 'b' | ForEach-Object { New-TestVersion $name @{ 'a.txt' = $_ } }
    }

    It 'restores a deleted version and outputs it' {
        Remove-Artifact "${name}:v0" -Confirm:$false
        $restored = Restore-Artifact "${name}:v0"

        $restored.Reference | Should -Be "${name}:v0"
        $restored.Digest | Should -Be $v0.Digest
        (Get-Artifact $name -AllVersions).Version | Should -Be v0, v1
        Get-ArtifactContent "${name}:v0" a.txt | Should -Be a
        (Get-ArtifactHistory "${name}:v0").Actions | Should -Be 'published v0', 'deleted v0', 'restored v0'
    }

    It 'moves latest back' {
        Remove-Artifact "${name}:v1" -Confirm:$false
        (Get-Artifact $name).Version | Should -Be v0
        Restore-Artifact "${name}:v1"

        (Get-Artifact $name).Version | Should -Be v1
    }

    It 'warns about aliases that do not come back' {
        Set-ArtifactAlias "${name}:v0" prod, stable
        Remove-Artifact "${name}:v0" -Force -Confirm:$false
        $restored = Restore-Artifact "${name}:v0" -WarningVariable warnings -WarningAction SilentlyContinue

        "$warnings" | Should -BeLike '*prod, stable*'
        $restored.Aliases | Should -BeNullOrEmpty
    }

    It 'restores deleted versions from the pipeline' {
        $v0, $v1 | Remove-Artifact -Confirm:$false
        (($v0, $v1 | Restore-Artifact).Version) | Should -Be v0, v1

        (Get-Artifact $name).Version | Should -Be v1
    }

    It 'rejects an existing version' {
        Assert-Error { Restore-Artifact "${name}:v0" } ArtifactVersionExists ResourceExists "${name}:v0" "${name}:v0"
    }

    It 'rejects a number that was never published' {
        Assert-Error { Restore-Artifact "${name}:v2" } ArtifactVersionNotFound ObjectNotFound "${name}:v2"
    }

    It 'rejects <Reference>' -TestCases @(@{ Reference = '' }, @{ Reference = ':latest' }) {
        Assert-Error { Restore-Artifact "$name$Reference" } VersionNumberMissing InvalidArgument "$name$Reference" "${name}:v3"
    }

    It 'restores condemned content, and rejects purged content' {
        $store = Join-Path $TestDrive $name
        $null = New-ArtifactStore $store
        $file = New-TestFile a.txt
        $null = New-Artifact m dataset -Store $store | Add-ArtifactFile $file | Publish-Artifact
        Remove-Artifact m:v0 -Store $store -Confirm:$false
        # Shorter than the time since the deletion.
        function Invoke-CleanUp {
            Get-ChildItem $store -Recurse -File | ForEach-Object {
                $_.IsReadOnly = $false
                $_.LastWriteTimeUtc = $_.LastWriteTimeUtc.AddDays(-2)
            }
            $null = Optimize-ArtifactStore $store -Confirm:$false
        }
        Invoke-CleanUp
        $null = Restore-Artifact m:v0 -Store $store

        Test-Artifact m:v0 -Store $store -Quiet | Should -BeTrue
        Remove-Artifact m:v0 -Store $store -Confirm:$false
        Invoke-CleanUp
        Invoke-CleanUp
        Assert-Error { Restore-Artifact m:v0 -Store $store } ObjectCleanedUp ObjectNotFound m:v0 'its content was purged'
    }

    It 'is named by Remove-Artifact -Verbose' {
        "$(Remove-Artifact "${name}:v0" -Confirm:$false -Verbose 4>&1)" | Should -BeLike '*Restore-Artifact*'
    }

    It 'completes deleted versions only' {
        Remove-Artifact "${name}:v0" -Confirm:$false
        $line = "Restore-Artifact ${name}:"

        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be "${name}:v0"
    }

    It 'shows what rules refuse with -WhatIf' {
        Remove-Artifact "${name}:v1" -Confirm:$false
        Protect-ArtifactAlias latest -Name $name -RequireTag reviewed
        Assert-Error { Restore-Artifact "${name}:v1" -WhatIf } AliasProtected PermissionDenied "${name}:v1" reviewed
        Assert-Error { Restore-Artifact "${name}:v0" -WhatIf } ArtifactVersionExists ResourceExists "${name}:v0"
    }

    It 'changes nothing under -WhatIf' {
        Remove-Artifact "${name}:v0" -Confirm:$false
        $before = Get-StoreKey
        Restore-Artifact "${name}:v0" -WhatIf | Should -BeNullOrEmpty

        Get-StoreKey | Should -Be $before
    }
}
