BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Unprotect-ArtifactAlias' {
    BeforeAll {
        Protect-ArtifactAlias prod -RequireTag reviewed
        Protect-ArtifactAlias prod, stable -Name 'net*' -NoDelete
    }
    AfterAll { Get-ArtifactAliasRule | Unprotect-ArtifactAlias }

    It 'removes a rule by alias and pattern' {
        Unprotect-ArtifactAlias stable -Name 'net*' -WhatIf
        Assert-Error { Unprotect-ArtifactAlias stable } AliasRuleNotFound ObjectNotFound stable 'net*'
        Unprotect-ArtifactAlias stable -Name 'NET*'

        Get-ArtifactAliasRule stable | Should -BeNullOrEmpty
        @(Get-ArtifactAliasRule).Count | Should -Be 2
    }

    It 'completes aliases and patterns of rules' {
        (TabExpansion2 'Unprotect-ArtifactAlias pr' 26).CompletionMatches.ListItemText | Should -Be prod
        (TabExpansion2 'Unprotect-ArtifactAlias prod -Name n' 36).CompletionMatches.ListItemText | Should -Be 'net*'
    }

    It 'finds no problem in the store' {
        Test-ArtifactStore | Should -BeNullOrEmpty
    }
}
