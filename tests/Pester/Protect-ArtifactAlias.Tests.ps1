BeforeDiscovery {
    $hasPem = $PSEdition -eq 'Core' -and $env:ARTIFACTS_TFM -ne 'netstandard2.0'
}

BeforeAll {
    . $PSScriptRoot/TestSetup.ps1
    . $PSScriptRoot/SigningSetup.ps1

    $me = "$([Environment]::UserName)@$([Environment]::MachineName)"

    function Remove-AllRule { Get-ArtifactAliasRule | Unprotect-ArtifactAlias }
}
AfterAll { Restore-Environment }

Describe 'Protect-ArtifactAlias' {
    BeforeAll {
        $v0 = New-TestVersion net @{ 'a.txt' = '0' }
        $v1 = New-TestVersion net @{ 'a.txt' = '1' } @{ Tag = 'reviewed' }
    }
    AfterEach {
        Remove-AllRule
        Get-Artifact net -AllVersions | ForEach-Object {
            foreach ($alias in $_.Aliases -ne 'latest') { Remove-ArtifactAlias $_ $alias }
        }
    }

    It 'outputs nothing, and the rule with -PassThru' {
        Protect-ArtifactAlias prod -NoDelete | Should -BeNullOrEmpty
        $rule = Protect-ArtifactAlias prod -Name 'net*' -RequireTag reviewed, safe -RequireAlias staging -RequireEvidence Test `
            -RequireSignature ('AB' * 20) -By 'release@*', 'ci@*' -NoDelete -PassThru

        $rule.Alias | Should -Be prod
        $rule.Name | Should -Be 'net*'
        $rule.RequireTag | Should -Be reviewed, safe
        $rule.RequireAlias | Should -Be staging
        $rule.RequireEvidence | Should -Be Test
        $rule.RequireSignature | Should -Be ('ab' * 20)
        $rule.By | Should -Be 'release@*', 'ci@*'
        $rule.NoDelete | Should -BeTrue
        $rule.CreatedBy | Should -Be $me
        $rule.Store | Should -Be $env:ARTIFACTS_STORE
    }

    It 'refuses to set the alias, and names the rule and what is missing' {
        Protect-ArtifactAlias prod -RequireTag reviewed -RequireAlias staging

        Assert-Error { Set-ArtifactAlias net:v0 prod } AliasProtected PermissionDenied net:v0 "alias 'prod'",
            "v0 lacks the tag 'reviewed'", "v0 lacks the alias 'staging'"
        (Get-Artifact net:v0).Aliases | Should -Not -Contain prod

        Set-ArtifactAlias net:v1 staging
        Set-ArtifactAlias net:v1 prod
        (Get-Artifact net:prod).Reference | Should -Be net:v1
    }

    It 'shows the refusal under -WhatIf, and records nothing' {
        Protect-ArtifactAlias prod -RequireTag reviewed
        $before = Get-StoreKey

        Assert-Error { Set-ArtifactAlias net:v0 prod -WhatIf } AliasProtected PermissionDenied net:v0 reviewed
        Assert-Error { New-Artifact net dataset | Add-ArtifactFile (New-TestFile w.txt) | Publish-Artifact -Alias prod -WhatIf } `
            AliasProtected PermissionDenied
        Set-ArtifactAlias net:v1 prod -WhatIf

        Get-StoreKey | Should -Be $before
    }

    It 'refuses to publish to the alias' {
        Protect-ArtifactAlias prod -RequireTag reviewed

        Assert-Error { New-TestVersion net @{ 'a.txt' = 'new' } @{ Alias = 'prod' } } AliasProtected PermissionDenied
        Assert-Error { New-TestVersion net @{ 'a.txt' = '0' } @{ Alias = 'prod' } } AliasProtected PermissionDenied
        Assert-Error { New-TestVersion newnet @{ 'a.txt' = '0' } @{ Alias = 'prod' } } AliasProtected PermissionDenied

        Get-Artifact newnet -ErrorAction Ignore | Should -BeNullOrEmpty
        $latest = (Get-Artifact net).Version
        (New-TestVersion net @{ 'a.txt' = '1' } @{ Alias = 'prod'; Tag = 'reviewed' }).Aliases | Should -Contain prod
        (Get-Artifact net -AllVersions).Version | Sort-Object | Select-Object -Last 1 | Should -Be $latest
    }

    It 'refuses to complete, copy and import to the alias' {
        Protect-ArtifactAlias prod -RequireTag safe
        $other = New-ArtifactStore (Join-Path $TestDrive 'other') -Force
        $foreign = Copy-Artifact net:v0 $other.Location
        $archive = Join-Path $TestDrive net.zip
        $null = Export-Artifact net:v0 $archive

        Assert-Error { Copy-Artifact $foreign $env:ARTIFACTS_STORE -Alias prod } AliasProtected PermissionDenied
        Assert-Error { Import-Artifact $archive -Alias prod } AliasProtected PermissionDenied
        New-Artifact net dataset | Add-ArtifactFile (New-TestFile d.txt) | Set-DistributedArtifact -DistributedId d1
        Assert-Error { Complete-DistributedArtifact net -DistributedId d1 -Alias prod } AliasProtected PermissionDenied
        (Complete-DistributedArtifact net -DistributedId d1).Aliases | Should -Not -Contain prod
    }

    It 'refuses to remove the alias and its version with -NoDelete' {
        Set-ArtifactAlias net:v0 prod
        Protect-ArtifactAlias prod -Name net -NoDelete

        Assert-Error { Remove-ArtifactAlias net prod } AliasProtected PermissionDenied
        Assert-Error { Remove-Artifact net:v0 -Force -Confirm:$false } AliasProtected PermissionDenied net:v0 "can't be removed"
        Assert-Error { Remove-Artifact net -AllVersions -Force -Confirm:$false } AliasProtected PermissionDenied
        Assert-Error { Remove-Artifact net:v0 -Force -WhatIf } AliasProtected PermissionDenied
        (Get-Artifact net:prod).Reference | Should -Be net:v0

        Set-ArtifactAlias net:v1 prod
    }

    It 'allows the given authors only' {
        Protect-ArtifactAlias prod -By 'release@*'
        Assert-Error { Set-ArtifactAlias net:v0 prod } AliasProtected PermissionDenied net:v0 $me, "'release@*'"

        Protect-ArtifactAlias prod -By 'release@*', "$([Environment]::UserName)@*"
        Set-ArtifactAlias net:v0 prod
        (Get-Artifact net:prod).Reference | Should -Be net:v0
    }

    It 'requires evidence and a signature' -Skip:(-not $hasPem) {
        $key, $other = (New-TestKey release), (New-TestKey other)
        $signed = New-TestVersion signed @{ 'a.txt' = '0' }
        Protect-ArtifactAlias prod -RequireEvidence Test -RequireSignature "$key.pub", ('ab' * 20)

        Assert-Error { Set-ArtifactAlias signed prod } AliasProtected PermissionDenied signed evidence, Test, signature, ('ab' * 20)
        $null = Set-ArtifactSignature signed -KeyPath "$other.pem"
        $null = Add-ArtifactEvidence signed -LiteralPath (New-TestFile failed.xml '<testsuite tests="1" failures="1"><testcase name="a"><failure/></testcase></testsuite>')
        Assert-Error { Set-ArtifactAlias signed prod } AliasProtected PermissionDenied signed evidence, signature
        $null = Set-ArtifactSignature signed -KeyPath "$key.pem"
        Assert-Error { Set-ArtifactAlias signed prod } AliasProtected PermissionDenied signed evidence
        $null = Add-ArtifactEvidence signed -LiteralPath (New-TestFile passed.xml '<testsuite tests="1" failures="0"><testcase name="a"/></testsuite>')
        Set-ArtifactAlias signed prod
        (Get-Artifact signed).Aliases | Should -Contain prod
        Remove-ArtifactAlias signed prod
    }

    It 'records rules and refusals in the history' {
        Protect-ArtifactAlias guarded -Name net -RequireTag reviewed
        Set-ArtifactAlias net:v0 guarded -ErrorAction SilentlyContinue
        Set-ArtifactAlias net:v0 guarded -ErrorAction SilentlyContinue
        Unprotect-ArtifactAlias guarded -Name net

        $actions = (Get-ArtifactHistory net | Select-Object -Last 3).Actions
        $actions[0] | Should -BeLike "protected alias guarded (rule *: tag 'reviewed')"
        $actions[1] | Should -BeLike "refused alias guarded -> v0: rule *: v0 lacks the tag 'reviewed'"
        $actions[2] | Should -BeLike "removed the rule for the alias 'guarded' of 'net' (rule *)"
        (Get-ArtifactHistory net:v0 | Select-Object -Last 1).Actions | Should -BeLike 'refused alias guarded*'
    }

    It 'rejects a rule without conditions, or with invalid ones' {
        Assert-Error { Protect-ArtifactAlias prod } InvalidAliasRule InvalidArgument prod '-RequireTag'
        Assert-Error { Protect-ArtifactAlias prod -RequireAlias prod } InvalidAliasRule InvalidArgument
        Assert-Error { Protect-ArtifactAlias prod -By '[ab]*' } InvalidAliasRule InvalidArgument
        Assert-Error { Protect-ArtifactAlias prod -RequireSignature xyz } FileNotFound ObjectNotFound
        Assert-Error { Protect-ArtifactAlias prod net:v0 -NoDelete } InvalidArtifactName InvalidArgument
        Assert-Error { Protect-ArtifactAlias v3 -NoDelete } InvalidArtifactAlias InvalidArgument
        Get-ArtifactAliasRule | Should -BeNullOrEmpty
    }

    It 'changes nothing under -WhatIf' {
        $before = Get-StoreKey
        Protect-ArtifactAlias prod -NoDelete -WhatIf
        Get-StoreKey | Should -Be $before
    }
}
