BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Set-ArtifactAlias' {
    BeforeAll {
        $v0 = New-TestVersion named @{ 'a.txt' = 'a' }
        $v1 = New-TestVersion named @{ 'a.txt' = 'b' }
    }

    It 'adds an alias to a version, without output' {
        Set-ArtifactAlias named:v0 prod | Should -BeNullOrEmpty

        (Get-Artifact named:prod).Reference | Should -Be 'named:v0'
    }

    It 'moves an alias from another version' {
        Set-ArtifactAlias named:v0 moving
        Set-ArtifactAlias named:v1 Moving

        (Get-Artifact named:moving).Reference | Should -Be 'named:v1'
        (Get-Artifact named:v0).Aliases | Should -Not -Contain moving
        (Get-Artifact named:v1).Aliases | Should -Contain Moving
    }

    It 'sets several aliases in one transaction' {
        $before = @(Get-ArtifactHistory named).Count
        Set-ArtifactAlias named:v0 'release 日本', '2024-06'

        (Get-Artifact named:v0).Aliases | Should -Contain 'release 日本'
        (Get-Artifact named:2024-06).Reference | Should -Be 'named:v0'
        @(Get-ArtifactHistory named).Count | Should -Be ($before + 1)
    }

    It 'accepts piped versions and names with an alias' {
        $v0 | Set-ArtifactAlias -Alias piped
        Set-ArtifactAlias named:piped again

        (Get-Artifact named:again).Reference | Should -Be 'named:v0'
    }

    It 'returns the version with -PassThru' {
        (Set-ArtifactAlias named:v0 shown -PassThru).Aliases | Should -Contain shown
    }

    It "rejects the alias '<_>'" -ForEach 'v3', 'a/b', 'a:b', 'a@b', ' x', 'end ', ('x' * 129) {
        Assert-Error { Set-ArtifactAlias named:v0 $_ } InvalidArtifactAlias InvalidArgument named:v0 $_
    }

    It 'sets no alias when one is invalid' {
        Set-ArtifactAlias named:v0 fine, v7 -ErrorAction SilentlyContinue

        (Get-Artifact named:v0).Aliases | Should -Not -Contain fine
    }

    It 'reports a missing version' {
        Assert-Error { Set-ArtifactAlias named:v9 prod } ArtifactVersionNotFound ObjectNotFound named:v9
    }

    It 'changes nothing under -WhatIf' {
        $before = Get-StoreKey
        Set-ArtifactAlias named:v0 whatif -WhatIf

        Get-StoreKey | Should -Be $before
    }
}

Describe 'Set-ArtifactAlias -Expect' {
    BeforeAll {
        $me = "$([Environment]::UserName)@$([Environment]::MachineName)"
        0..3 | ForEach-Object { $null = New-TestVersion moving @{ 'a.txt' = "$_" } }
        Set-ArtifactAlias moving:v0 prod -Expect none
    }

    It 'moves an alias from the expected version only' {
        Set-ArtifactAlias moving:v1 prod -Expect v0
        (Set-ArtifactAlias moving:v2 prod -Expect moving:v1 -PassThru).Aliases | Should -Contain prod
        $at = (Get-ArtifactHistory moving | Select-Object -Last 1).At.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm')

        Assert-Error { Set-ArtifactAlias moving:v3 prod -Expect v1 } AliasMoved ResourceExists moving:v3 'is v2', 'v1 was expected',
            $me, $at
        Assert-Error { Set-ArtifactAlias moving:v3 prod -Expect none } AliasMoved ResourceExists
        Assert-Error { Set-ArtifactAlias moving:v3 other -Expect v1 } AliasMoved ResourceExists moving:v3 'does not exist'
        (Get-Artifact moving:prod).Reference | Should -Be moving:v2
    }

    It 'reports a moved alias under -WhatIf' {
        Assert-Error { Set-ArtifactAlias moving:v3 prod -Expect v0 -WhatIf } AliasMoved ResourceExists
    }

    It 'publishes nothing if the alias has moved' {
        $before = @(Get-Artifact moving -AllVersions).Count
        Assert-Error { New-TestVersion moving @{ 'a.txt' = 'x' } @{ Alias = 'prod'; Expect = 'v0' } } AliasMoved ResourceExists
        @(Get-Artifact moving -AllVersions).Count | Should -Be $before

        (New-TestVersion moving @{ 'a.txt' = 'x' } @{ Alias = 'prod'; Expect = 'v2' }).Aliases | Should -Contain prod
    }

    It 'rejects an invalid expectation' {
        Assert-Error { Set-ArtifactAlias moving:v3 prod -Expect prod } InvalidAliasExpectation InvalidArgument
        Assert-Error { New-TestVersion moving @{ 'a.txt' = 'y' } @{ Expect = 'v2' } } AliasMissing InvalidArgument
    }

    It 'completes versions with aliases' {
        (TabExpansion2 'Set-ArtifactAlias moving:v1 prod -Expect ' 41).CompletionMatches.ListItemText | Should -Contain none
    }
}
