BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Get-ArtifactAliasRule' {
    BeforeAll {
        Protect-ArtifactAlias prod -RequireTag reviewed
        Protect-ArtifactAlias prod, stable -Name 'net*' -NoDelete
    }
    AfterAll { Get-ArtifactAliasRule | Unprotect-ArtifactAlias }

    It 'returns rules by alias and artifact' {
        @(Get-ArtifactAliasRule).Count | Should -Be 3
        @(Get-ArtifactAliasRule PROD).Count | Should -Be 2
        (Get-ArtifactAliasRule sta*).Alias | Should -Be stable
        @(Get-ArtifactAliasRule -Name network).Count | Should -Be 3
        (Get-ArtifactAliasRule -Name other).Name | Should -Be '*'
        @(Get-ArtifactAliasRule -Name 'ne*').Count | Should -Be 2
        Get-ArtifactAliasRule missing | Should -BeNullOrEmpty
    }

    It 'shows the rules in a table and a list' {
        Get-ArtifactAliasRule stable | Format-Table | Out-String | Should -Match 'stable\s+net\*\s+no removal'
        Get-ArtifactAliasRule prod | Format-List | Out-String | Should -Match 'RequireTag\s*: \{reviewed\}'
    }
}
